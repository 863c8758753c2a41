import type { BrowserGrant } from './codes.js';
import { invalidAuthentication, missingTokenHeader, v1Error, v1PermissionDenied } from './errors.js';
import { jsonAnswer, type Answer, type Call } from './http.js';
import type { State } from './state.js';

/** GET /v1.0/contact/users/me: https://open.dingtalk.com/document/development/dingtalk-retrieve-user-information */
export function readUser(call: Call, state: State): Answer {
  return withUserToken(call, state, (grant) => {
    const { permissions } = state.world.app(grant.clientId);
    if (!permissions['Contact.User.Read']) return v1PermissionDenied(call, 'Contact.User.Read');
    const asked = call.params[0];
    const isOwner = asked === 'me' || asked === state.world.unionIdOf(grant.personId, grant.clientId);
    return isOwner
      ? jsonAnswer(200, profile(state, grant))
      : v1Error(call, 404, 'invalidParameter.user.notFound', '找不到该用户');
  });
}

/** GET /v1.0/oauth2/authRules/user: https://open.dingtalk.com/document/development/query-personal-authorization-records */
export function readAuthRules(call: Call, state: State): Answer {
  return withUserToken(call, state, (grant) => {
    const { permissions } = state.world.app(grant.clientId);
    const result = [
      permissions['Contact.User.Read'] && { resource: 'rpc_auth', authItems: ['Contact.User.Read'] },
      permissions['Contact.User.mobile'] && { resource: 'Contact.User', authItems: ['mobile'] },
    ];
    return jsonAnswer(200, { result: result.filter(Boolean) });
  });
}

/** The token is read from its own header only: a Bearer header and the query are ignored. */
function withUserToken(call: Call, state: State, answer: (grant: BrowserGrant) => Answer): Answer {
  const token = call.headers['x-acs-dingtalk-access-token'];
  if (typeof token !== 'string' || token === '') return missingTokenHeader(call);
  const grant = state.tokens.userGrant(token);
  const known = grant && state.world.people.has(grant.personId) && state.world.apps.has(grant.clientId);
  return known ? answer(grant) : invalidAuthentication(call);
}

/** Keys without a value are left out, because DingTalk omits them. */
function profile(state: State, { personId, clientId }: BrowserGrant): object {
  const person = state.world.person(personId);
  const app = state.world.app(clientId);
  const mobile = app.permissions['Contact.User.mobile'] ? person.mobile : undefined;
  return {
    nick: person.nick,
    unionId: state.world.unionIdOf(personId, clientId),
    openId: state.world.openIdOf(personId, clientId),
    ...(person.avatarUrl && { avatarUrl: person.avatarUrl }),
    ...(mobile && { mobile: app.maskMobile ? masked(mobile) : mobile, stateCode: person.stateCode }),
    ...(person.email && { email: person.email }),
    visitor: person.visitor,
  };
}

/** What third-party applications receive: `155****3240`. */
const masked = (mobile: string): string => `${mobile.slice(0, 3)}****${mobile.slice(-4)}`;
