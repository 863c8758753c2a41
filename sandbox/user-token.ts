import type { BrowserGrant } from './codes.js';
import { missingField, v1Error } from './errors.js';
import { jsonAnswer, jsonBody, type Answer, type Call } from './http.js';
import type { State } from './state.js';
import { ACCESS_TOKEN_SECONDS } from './tokens.js';

/** POST /v1.0/oauth2/userAccessToken: https://open.dingtalk.com/document/development/obtain-user-token */
export function exchangeUserToken(call: Call, state: State): Answer {
  const body = jsonBody(call);
  if (!body) return missingField(call, 'body');
  const absent = ['clientId', 'clientSecret', 'grantType'].find((field) => text(body[field]) === undefined);
  if (absent) return missingField(call, absent);

  // Credentials are checked before the code, so that a wrong secret does not use it up.
  const app = state.world.apps.get(String(body['clientId']));
  if (!app || app.clientSecret !== body['clientSecret']) {
    return v1Error(call, 400, 'invalidClientIdOrSecret', '无效的clientId或者clientSecret');
  }

  const credential = CREDENTIALS[String(body['grantType'])];
  if (!credential) return v1Error(call, 400, 'unsupported.grant.type', 'grantType is not supported.');
  const value = text(body[credential.field]);
  if (value === undefined) return missingField(call, credential.field);
  const grant = credential.redeem(state, value, app.clientId);
  return grant ? tokens(state, grant) : codeNotFound(call);
}

/** PKCE parameters are unknown and a `code_verifier` is ignored, as at DingTalk. */
const CREDENTIALS: Partial<
  Record<string, { field: string; redeem(state: State, value: string, clientId: string): BrowserGrant | undefined }>
> = {
  authorization_code: {
    field: 'code',
    redeem: ({ browserCodes }, code, clientId) => browserCodes.redeem(code, (grant) => grant.clientId === clientId),
  },
  refresh_token: {
    field: 'refreshToken',
    redeem: (state, token, clientId) => state.tokens.redeemRefreshToken(token, clientId),
  },
};

/** `expireIn`, not `expires_in`; no token_type, scope or id_token. `corpId` only when the scope was `openid corpid`. */
function tokens(state: State, grant: BrowserGrant): Answer {
  return jsonAnswer(200, {
    expireIn: ACCESS_TOKEN_SECONDS,
    ...state.tokens.issueUserTokens(grant),
    ...(grant.corpId !== undefined && { corpId: grant.corpId }),
  });
}

/** Unknown, expired, used, or issued for another application: one answer for all. */
const codeNotFound = (call: Call): Answer =>
  v1Error(call, 400, 'invalidParameter.authCode.notFound', '不合法的临时授权码');

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
