import { missingField, oapiError, v1Error } from './errors.js';
import { jsonAnswer, jsonBody, type Answer, type Call } from './http.js';
import type { State } from './state.js';
import { ACCESS_TOKEN_SECONDS } from './tokens.js';

/** POST /v1.0/oauth2/accessToken: https://open.dingtalk.com/document/development/obtain-the-access-token-of-an-internal-app */
export function createAppToken(call: Call, state: State): Answer {
  const body = jsonBody(call);
  if (!body) return missingField(call, 'body');
  const absent = ['appKey', 'appSecret'].find((field) => !body[field]);
  if (absent) return missingField(call, absent);
  const token = tokenFor(state, body['appKey'], body['appSecret']);
  return token === undefined
    ? v1Error(call, 400, 'invalidClientIdOrSecret', '无效的clientId或者clientSecret')
    : jsonAnswer(200, { accessToken: token, expireIn: ACCESS_TOKEN_SECONDS });
}

/** POST /v1.0/oauth2/{corpId}/token, the one v1.0 endpoint in snake_case: https://open.dingtalk.com/document/development/api-gettoken */
export function createCorpAppToken(call: Call, state: State): Answer {
  const body = jsonBody(call);
  if (!body) return missingField(call, 'body');
  const corpId = call.params[0] ?? '';
  if (!state.world.organizations.has(corpId)) return v1Error(call, 500, 'unknownError', '未知错误');
  const absent = ['client_id', 'client_secret', 'grant_type'].find((field) => !body[field]);
  if (absent) return missingField(call, absent);
  if (body['grant_type'] !== 'client_credentials') {
    return v1Error(call, 400, 'unsupported.grant.type', 'grant_type is not supported.');
  }
  const token = tokenFor(state, body['client_id'], body['client_secret']);
  if (token === undefined) return v1Error(call, 400, 'invalid.client', 'client is invalid.');
  return state.world.app(String(body['client_id'])).corpId === corpId
    ? jsonAnswer(200, { access_token: token, expires_in: ACCESS_TOKEN_SECONDS })
    : v1Error(call, 401, 'unauthorized.client', 'client is not authorized by this organization.');
}

/** GET /gettoken, parameters in the query only: https://open.dingtalk.com/document/development/obtain-orgapp-token */
export function createLegacyAppToken(call: Call, state: State): Answer {
  const key = call.query.get('appkey');
  const secret = call.query.get('appsecret');
  if (!key) return oapiError(40035, '缺少参数 corpid or appkey');
  if (!secret) return oapiError(40035, '缺少参数 corpsecret or appsecret');
  const token = tokenFor(state, key, secret);
  return token === undefined
    ? oapiError(40096, '不合法的appKey或appSecret')
    : jsonAnswer(200, { errcode: 0, access_token: token, errmsg: 'ok', expires_in: ACCESS_TOKEN_SECONDS });
}

function tokenFor(state: State, clientId: unknown, clientSecret: unknown): string | undefined {
  const app = state.world.apps.get(String(clientId));
  return app && app.clientSecret === clientSecret ? state.tokens.appToken(app.clientId) : undefined;
}
