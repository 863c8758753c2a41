import { readAuthRules, readUser } from './contact.js';
import { createAppToken, createCorpAppToken, createLegacyAppToken } from './app-tokens.js';
import { showConsent, submitConsent } from './authorize.js';
import { unknownAddress, unknownTopapi, unknownV1Api } from './errors.js';
import { jsonAnswer } from './http.js';
import {
  getAuthScopes,
  getByUnionId,
  getDepartment,
  getUser,
  getUserInfo,
  listAdministrators,
  listMembers,
} from './oapi.js';
import { openStream } from './events/open-stream.js';
import { listLeaveRecords } from './leave-records.js';
import type { Operation } from './operations.js';
import { errorPage } from './page.js';
import { REDIRECT_TARGET } from './redirect-target.js';
import type { Generation, Handler } from './state.js';
import { exchangeUserToken } from './user-token.js';
import { widgetScript } from './widget.js';

export interface Route {
  operation: Operation | 'unknown' | 'redirectTarget';
  generation: Generation;
  handle: Handler;
}

const ROUTES: [method: string, path: RegExp, Operation, Generation, Handler][] = [
  ['GET', /^\/login\/oauth2\/auth$/, 'authorize', 'login', showConsent],
  ['POST', /^\/login\/oauth2\/auth$/, 'consent', 'login', submitConsent],
  ['GET', /^\/ddlogin\.js$/, 'widgetScript', 'login', widgetScript],
  ['POST', /^\/api\/v1\.0\/oauth2\/userAccessToken$/, 'userAccessToken', 'v1', exchangeUserToken],
  ['POST', /^\/api\/v1\.0\/oauth2\/accessToken$/, 'appAccessToken', 'v1', createAppToken],
  ['POST', /^\/api\/v1\.0\/oauth2\/([^/]+)\/token$/, 'corpAppAccessToken', 'v1', createCorpAppToken],
  ['GET', /^\/api\/v1\.0\/oauth2\/authRules\/user$/, 'authRules', 'v1', readAuthRules],
  ['GET', /^\/api\/v1\.0\/contact\/users\/([^/]+)$/, 'currentUser', 'v1', readUser],
  ['GET', /^\/api\/v1\.0\/contact\/empLeaveRecords$/, 'leaveRecords', 'v1', listLeaveRecords],
  ['POST', /^\/api\/v1\.0\/gateway\/connections\/open$/, 'openStream', 'v1', openStream],
  ['GET', /^\/oapi\/gettoken$/, 'getToken', 'oapi', createLegacyAppToken],
  ['GET', /^\/oapi\/auth\/scopes$/, 'authScopes', 'oapi', getAuthScopes],
  ['POST', /^\/oapi\/topapi\/v2\/user\/getuserinfo$/, 'getUserInfo', 'topapi', getUserInfo],
  ['POST', /^\/oapi\/topapi\/v2\/user\/get$/, 'getUser', 'topapi', getUser],
  ['POST', /^\/oapi\/topapi\/user\/getbyunionid$/, 'getByUnionId', 'topapi', getByUnionId],
  ['POST', /^\/oapi\/topapi\/v2\/department\/get$/, 'getDepartment', 'topapi', getDepartment],
  ['POST', /^\/oapi\/topapi\/user\/listadmin$/, 'listAdministrators', 'topapi', listAdministrators],
  ['POST', /^\/oapi\/topapi\/v2\/user\/list$/, 'listMembers', 'topapi', listMembers],
];

export function findRoute(method: string, path: string): Route & { params: string[] } {
  for (const [routeMethod, pattern, operation, generation, handle] of ROUTES) {
    const match = method === routeMethod ? pattern.exec(path) : null;
    if (match) return { operation, generation, handle, params: match.slice(1) };
  }
  return { ...unknownRoute(path), params: [] };
}

function unknownRoute(path: string): Route {
  const unknown = (generation: Generation, handle: Handler): Route => ({ operation: 'unknown', generation, handle });
  if (path === REDIRECT_TARGET) {
    return { operation: 'redirectTarget', generation: 'v1', handle: () => jsonAnswer(200, { redirected: true }) };
  }
  if (path.startsWith('/api/v1.0/')) return unknown('v1', unknownV1Api);
  if (path.startsWith('/oapi/topapi/')) return unknown('topapi', unknownTopapi);
  if (path.startsWith('/api/') || path.startsWith('/oapi/')) return unknown('oapi', unknownAddress);
  return unknown('login', (call) => errorPage(call, 404, 'not_found'));
}
