import { asDirectory } from './directory.js';
import { boundUser, CORP_ID, FIRST_REGISTERED_ID, mobileOf, unionIdOf } from './people.js';

export interface Question {
  readonly method: string;
  /** Including the query. */
  readonly url: string;
  readonly token: string | undefined;
  readonly body: string;
}

export interface Reply {
  /** Name of the call, for counting. */
  readonly operation: string;
  readonly status: number;
  readonly body: string;
}

/** https://open.dingtalk.com/document/development/obtain-user-token and …/dingtalk-retrieve-user-information */
export function asDingTalk({ method, url, token, body }: Question): Reply {
  if (url === '/v1.0/oauth2/userAccessToken' && method === 'POST') {
    const { code } = JSON.parse(body) as { code: string };
    const tokens = { expireIn: 7200, accessToken: `at-${code}`, refreshToken: `rt-${code}`, corpId: CORP_ID };
    return reply('userAccessToken', tokens);
  }
  if (url === '/v1.0/contact/users/me' && token?.startsWith('at-')) {
    const unionId = unionIdOf(token.slice('at-'.length));
    const mobile = mobileOf(unionId);
    return reply('currentUser', {
      nick: '张三',
      unionId,
      openId: `open-${unionId}`,
      avatarUrl: 'https://static-legacy.dingtalk.com/media/lADPDetfXH_Pn3HNAZDNAZA_400_400.jpg',
      mobile,
      stateCode: '86',
      email: `${mobile}@example.com`,
      visitor: false,
    });
  }
  const said = asDirectory(url, body);
  if (said !== undefined) return reply(said.operation, said.body);
  return reply('other', { code: 'InvalidAction.NotFound', message: 'no such call', requestid: '0' }, 404);
}

/** The calls to a NocoBase 2 that a sign-in makes, with the answers of a real one. https://docs.nocobase.com/api/http */
export class NocoBaseDouble {
  private readonly registered = new Map<string, number>();
  private lastId = FIRST_REGISTERED_ID;

  answer({ url, body }: Question): Reply {
    const end = url.indexOf('?');
    const action = (end === -1 ? url : url.slice(0, end)).slice('/api/'.length);
    switch (action) {
      case 'usersAuthenticators:list': {
        const uuid = /"uuid":"([^"]+)"/.exec(filterOf(url))?.[1] ?? '';
        const userId = boundUser(uuid) ?? this.registered.get(uuid);
        return reply(action, list(userId === undefined ? [] : [{ userId, uuid, authenticator: 'dingtalk' }]));
      }
      case 'users:list': {
        const id = /"id":"?(\d+)/.exec(filterOf(url))?.[1];
        // Nobody is found by phone number: a person without a binding is registered.
        return reply(action, list(id === undefined ? [] : [{ id: Number(id) }]));
      }
      case 'issuedTokens:create': {
        const row = JSON.parse(body) as object;
        const now = new Date().toISOString();
        return reply(action, { data: { ...row, createdAt: now, updatedAt: now } });
      }
      case 'authenticators/dingtalk/users:create':
        return reply(action, { data: this.register(JSON.parse(body) as NewUserRow) });
      case 'roles:list':
        return reply(action, list([{ name: 'member', title: '{{t("Member")}}', default: true, hidden: false }]));
      case 'tokenControlConfig:list':
        return reply(action, list([{ key: 'token-policy-config', config: TOKEN_POLICY }]));
      case 'authenticators:list':
        return reply(action, list([{ name: 'dingtalk' }]));
      default:
        return reply('other', { errors: [{ message: 'Not Found' }] }, 404);
    }
  }

  private register({ usersAuthenticators, roles, ...user }: NewUserRow): object {
    const id = (this.lastId += 1);
    this.registered.set(usersAuthenticators.uuid, id);
    const now = new Date().toISOString();
    return {
      id,
      ...user,
      createdAt: now,
      updatedAt: now,
      appLang: null,
      systemSettings: {},
      mainDepartmentId: null,
      createdById: 1,
      updatedById: 1,
      roles: roles.map((name) => ({ name, title: name, default: true, hidden: false, strategy: { actions: [] } })),
      usersAuthenticators: { ...usersAuthenticators, authenticator: 'dingtalk', userId: id },
    };
  }
}

interface NewUserRow {
  readonly username: string;
  readonly nickname: string;
  readonly phone: string;
  readonly roles: readonly string[];
  readonly usersAuthenticators: { readonly uuid: string; readonly nickname: string };
}

const TOKEN_POLICY = { tokenExpirationTime: '1d', sessionExpirationTime: '7d', expiredTokenRenewLimit: '1d' };

function reply(operation: string, body: object, status = 200): Reply {
  return { operation, status, body: JSON.stringify(body) };
}

function list(rows: readonly object[]): object {
  return { data: rows, meta: { count: rows.length, page: 1, pageSize: 20, totalPage: 1 } };
}

function filterOf(url: string): string {
  const filter = /[?&]filter=([^&]*)/.exec(url)?.[1] ?? '';
  return decodeURIComponent(filter.replaceAll('+', ' '));
}
