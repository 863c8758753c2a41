import { apiPathInApp, type PlaceSettings } from '../nocobase-web/index.js';

/** The path of a JWK Set below the gateway's address. */
export const JWKS_PATH = '/.well-known/jwks.json';

/** The format of a key's thumbprint: base64url of a SHA-256 (RFC 7638). */
export const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

/** The authentication type that the plugin registers, as in records of NocoBase's `authenticators`. */
export const AUTH_TYPE = 'DingTalk';

/** The query parameters that pass an error to NocoBase's sign-in page. */
export const ERROR_PARAMETER = 'dingtalk_error';
export const REQUEST_PARAMETER = 'dingtalk_request';

/** The plugin's own error code for a sign-in page that NocoBase serves at an unexpected address. */
export const ORIGIN_REFUSED = 'origin_refused';

/** The plugin's actions, as addresses below NocoBase's. */
export type PluginAction = 'start' | 'redeem' | 'settings' | 'confirmExamination' | 'examine' | 'book';

/**
 * The redirect URL of a NocoBase that signs people in by itself. DingTalk compares it byte for byte with the one in its
 * console, so both server and form derive it here. It has no query, and no colon as in NocoBase's actions, because it
 * is not documented whether the console accepts either. A sub-app is in the path even at its own domain.
 *
 * @param nocobaseUrl NocoBase as browsers see it: with its base path, without the path of its API and a trailing slash
 */
export function callbackUrl(
  nocobaseUrl: string,
  places: Pick<PlaceSettings, 'app' | 'apiBasePath'>,
  authenticator: string,
): string {
  return `${nocobaseUrl}${apiPathInApp(places)}dingtalk/callback/${authenticator}`;
}

/** The address for DingTalk's HTTP push if NocoBase receives events by itself. Derived like the redirect URL. */
export function eventsUrl(
  nocobaseUrl: string,
  places: Pick<PlaceSettings, 'app' | 'apiBasePath'>,
  authenticator: string,
): string {
  return `${nocobaseUrl}${apiPathInApp(places)}dingtalk/events/${authenticator}`;
}

/** @param nocobaseUrl of NocoBase, without the path of its API */
export function pluginUrl(
  nocobaseUrl: string,
  places: Pick<PlaceSettings, 'app' | 'apiBasePath'>,
  action: PluginAction,
): string {
  return `${nocobaseUrl}${apiPathInApp(places)}dingtalk:${action}`;
}
