import type { World } from './world.js';
import type { App } from './world.types.js';

/** A request to /oauth2/auth that passed every check: https://open.dingtalk.com/document/development/obtain-identity-credentials */
export interface AuthorizationRequest {
  app: App;
  redirectUri: string;
  state: string | undefined;
  wantsCorpId: boolean;
  preselectedCorpId: string | undefined;
  onlyManaged: boolean;
}

/** Error codes of the sandbox's own error page. DingTalk's wording is not documented. */
export type RequestProblem =
  | 'duplicate_parameter'
  | 'unknown_client'
  | 'redirect_uri_mismatch'
  | 'unsupported_response_type'
  | 'invalid_scope'
  | 'missing_prompt';

const SCOPES = ['openid', 'openid corpid'];

/** Parameters that DingTalk does not know, PKCE's among them, are ignored. */
export function readAuthorizationRequest(
  query: URLSearchParams,
  world: World,
): { request: AuthorizationRequest } | { problem: RequestProblem } {
  const keys = [...query.keys()];
  if (new Set(keys).size !== keys.length) return { problem: 'duplicate_parameter' };
  const app = world.apps.get(query.get('client_id') ?? '');
  if (!app) return { problem: 'unknown_client' };
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!isRegistered(app, redirectUri)) return { problem: 'redirect_uri_mismatch' };
  if (query.get('response_type') !== 'code') return { problem: 'unsupported_response_type' };
  const scope = query.get('scope') ?? '';
  if (!SCOPES.includes(scope)) return { problem: 'invalid_scope' };
  // Leaving it out breaks the sign-in in practice: https://github.com/casdoor/casdoor/issues/1629
  if (!query.get('prompt')) return { problem: 'missing_prompt' };

  const wantsCorpId = scope === 'openid corpid';
  return {
    request: {
      app,
      redirectUri,
      state: query.get('state') ?? undefined,
      wantsCorpId,
      preselectedCorpId: (wantsCorpId && query.get('corpId')) || undefined,
      onlyManaged: wantsCorpId && query.get('org_type') === 'management',
    },
  };
}

/** The documentation mentions both the same address and the same domain; field reports favour the exact address. */
function isRegistered(app: App, redirectUri: string): boolean {
  if (!isRedirectable(redirectUri)) return false;
  return app.redirectMatch === 'exact'
    ? app.redirectUris.includes(redirectUri)
    : app.redirectUris.some((registered) => new URL(registered).origin === new URL(redirectUri).origin);
}

/** http or https, printable ASCII, no fragment. */
export function isRedirectable(uri: string): boolean {
  return /^https?:\/\/[\x21-\x7e]+$/.test(uri) && !uri.includes('#') && URL.canParse(uri);
}
