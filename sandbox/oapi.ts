import {
  legacyAnswer,
  legacyOk,
  oapiError,
  topapiError,
  topapiGatewayError,
  topapiPermissionDenied,
} from './errors.js';
import { jsonBody, type Answer, type Call } from './http.js';
import { memberRecord } from './member-record.js';
import type { Member } from './registry.js';
import { isDepartmentInScope, isInScope } from './scope.js';
import type { State } from './state.js';
import type { App, Permission } from './world.types.js';

/** POST topapi/v2/user/getuserinfo: https://open.dingtalk.com/document/development/obtain-the-userid-of-a-user-by-using-the-log-free */
export function getUserInfo(call: Call, state: State): Answer {
  return withAppToken(call, state, 'qyapi_base', (app, parameters) => {
    const code = parameters.get('code');
    if (!code) return topapiError(call, 41026, '缺少参数 tmp_auth_code');
    const grant = state.inAppCodes.redeem(code, ({ corpId }) => corpId === app.corpId);
    const membership = grant && state.world.membership(grant.personId, grant.corpId);
    if (!grant || !membership) return topapiError(call, 40078, '不存在的临时授权码');
    if (!isInScope(app, membership)) return topapiError(call, 40079, '不存在的授权信息');
    const unionId = state.world.unionIdOf(grant.personId, app.clientId);
    return legacyOk(call, {
      userid: membership.userId,
      unionid: unionId,
      // A second id that looks like the first and is not: clients must not key accounts by it.
      associated_unionid: unionId.split('').toReversed().join(''),
      name: state.world.person(grant.personId).name,
      device_id: 'sandboxdevice',
      sys: membership.admin,
      sys_level: membership.admin ? 1 : 0,
    });
  });
}

/** POST topapi/v2/user/get: https://open.dingtalk.com/document/development/query-user-details */
export function getUser(call: Call, state: State): Answer {
  return withAppToken(call, state, 'qyapi_get_member', (app, parameters) => {
    const userId = parameters.get('userid');
    if (!userId) return topapiError(call, 400002, '参数错误');
    const member = state.world.registry.byUserId(app.corpId, userId);
    if (member?.membership.contactType !== 0) return gone(call, state);
    if (!isInScope(app, member.membership)) return topapiError(call, 50002, '员工不在授权范围内');
    return legacyOk(call, recordOf(state, app, member));
  });
}

/** POST topapi/user/getbyunionid: https://open.dingtalk.com/document/development/query-a-user-by-the-union-id */
export function getByUnionId(call: Call, state: State): Answer {
  return withAppToken(call, state, 'qyapi_get_member', (app, parameters) => {
    const unionId = parameters.get('unionid');
    if (!unionId) return topapiError(call, 400002, '参数错误');
    const member = state.world.registry.byUnionId(app.corpId, unionId);
    return member
      ? legacyOk(call, { contact_type: member.membership.contactType, userid: member.membership.userId })
      : userNotFound(call);
  });
}

/**
 * POST topapi/user/listadmin, which is not limited by the contact scope:
 * https://open.dingtalk.com/document/development/query-the-administrator-list
 */
export function listAdministrators(call: Call, state: State): Answer {
  return withAppToken(call, state, 'qyapi_get_member', (app) => {
    const administrators = state.world.registry
      .membersOf(app.corpId)
      .filter(({ membership }) => membership.admin && membership.contactType === 0);
    return legacyOk(
      call,
      administrators.map(({ membership }) => ({ userid: membership.userId, sys_level: 1 })),
    );
  });
}

/** POST topapi/v2/user/list: https://open.dingtalk.com/document/development/queries-the-complete-information-of-a-department-user */
export function listMembers(call: Call, state: State): Answer {
  return withAppToken(call, state, 'qyapi_get_department_member', (app, parameters) => {
    const [department, cursor, size] = ['dept_id', 'cursor', 'size'].map((name) => Number(parameters.get(name)));
    if (!isWhole(department) || !isWhole(cursor) || !isWhole(size) || size < 1 || size > 100) {
      return topapiError(call, 400002, '参数错误');
    }
    if (state.world.organization(app.corpId).departments[department] === undefined) {
      return topapiError(call, 60003, '部门不存在');
    }
    if (!isDepartmentInScope(app, department)) return topapiError(call, 50004, '部门不在授权范围内');
    const restricted = parameters.get('contain_access_limit') === 'true';
    const members = state.world.registry
      .membersOf(app.corpId)
      .filter(({ membership }) => membership.contactType === 0 && membership.deptIds.includes(department))
      .filter(({ membership }) => isInScope(app, membership) && (restricted || !membership.restricted));
    const hasMore = members.length > cursor + size;
    return legacyOk(call, {
      has_more: hasMore,
      ...(hasMore && { next_cursor: cursor + size }),
      list: members
        .slice(cursor, cursor + size)
        .map(({ person, membership }) => recordOf(state, app, { person, membership })),
    });
  });
}

/** POST topapi/v2/department/get: https://open.dingtalk.com/document/development/query-department-details0-v2 */
export function getDepartment(call: Call, state: State): Answer {
  return withAppToken(call, state, 'qyapi_get_department_list', (app, parameters) => {
    const id = Number(parameters.get('dept_id'));
    if (!Number.isInteger(id)) return topapiError(call, 400002, '参数错误');
    const name = state.world.organization(app.corpId).departments[id];
    if (name === undefined) return topapiError(call, 60003, '部门不存在');
    return legacyOk(call, { dept_id: id, name, ...(id === 1 ? {} : { parent_id: 1 }), hide_dept: false });
  });
}

/** GET /auth/scopes, which is outside topapi and so has no envelope: https://open.dingtalk.com/document/development/obtain-corpsecret-authorization-scope */
export function getAuthScopes(call: Call, state: State): Answer {
  const app = state.world.apps.get(state.tokens.appOf(call.query.get('access_token') ?? '') ?? '');
  if (!app) return oapiError(40014, '不合法的access_token');
  return legacyAnswer({
    errcode: 0,
    errmsg: 'ok',
    condition_field: [],
    auth_user_field: ['name', 'userid', 'department', 'avatar', 'position', 'jobnumber', 'isAdmin', 'isLeader'],
    auth_org_scopes: { authed_user: app.scope.userIds, authed_dept: app.scope.departments },
  });
}

/** The gateway in front of topapi: token, then permission, then the method itself. */
function withAppToken(
  call: Call,
  state: State,
  permission: Permission,
  answer: (app: App, parameters: URLSearchParams) => Answer,
): Answer {
  const parameters = bodyParameters(call);
  const token = call.query.get('access_token') ?? parameters.get('access_token') ?? '';
  if (token === '') return topapiGatewayError(call, '40000', 'access_token is blank');
  const app = state.world.apps.get(state.tokens.appOf(token) ?? '');
  if (!app) return topapiGatewayError(call, '40014', '不合法的access_token');
  if (!app.permissions[permission]) return topapiPermissionDenied(call, app.clientId, permission);
  return answer(app, parameters);
}

/** The legacy API reads form fields as well as JSON. */
function bodyParameters(call: Call): URLSearchParams {
  const json = jsonBody(call);
  if (!json) return new URLSearchParams(call.body);
  return new URLSearchParams(Object.entries(json).map(([key, value]): [string, string] => [key, String(value)]));
}

const userNotFound = (call: Call): Answer => topapiError(call, 60121, '找不到该用户');

/** A person who is not in the organization, or no longer. */
const gone = (call: Call, { world }: State): Answer =>
  world.goneCode === 60121 ? userNotFound(call) : topapiError(call, 33012, '无效的USERID');

const recordOf = (state: State, app: App, { person, membership }: Member): object =>
  memberRecord(app, person, membership, state.world.unionIdOf(person.id, app.clientId));

const isWhole = (value: number | undefined): value is number =>
  Number.isInteger(value) && value !== undefined && value >= 0;
