import { apiPathInApp, type PlaceSettings } from '../nocobase-web/index.js';

/** Where a JWK Set stands below the gateway's address. */
export const JWKS_PATH = '/.well-known/jwks.json';

/** What names a key of it: base64url of a SHA-256 (RFC 7638). */
export const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

/** The authentication type that the plugin registers, as in the rows of NocoBase's `authenticators`. */
export const AUTH_TYPE = 'DingTalk';

/** The query parameters with which an error comes back to NocoBase's sign-in page. */
export const ERROR_PARAMETER = 'dingtalk_error';
export const REQUEST_PARAMETER = 'dingtalk_request';

/** An error code of the plugin's own: NocoBase takes its sign-in page for one of another address. */
export const ORIGIN_REFUSED = 'origin_refused';

/** The plugin's actions, as addresses below NocoBase's. */
export type PluginAction = 'start' | 'redeem' | 'settings' | 'confirmExamination' | 'examine' | 'book';

/**
 * Where DingTalk leads back to where NocoBase signs people in by itself: the redirect URI. DingTalk compares it with the one
 * in its console, so server and form make it here, to the byte. Without a query, and without the colon of NocoBase's actions:
 * nobody says whether the console takes either. A sub-app stands in the path at a domain of its own as well.
 *
 * @param nocobaseUrl of NocoBase as browsers see it: with its base path, without its API's path and a slash at the end
 */
export function callbackUrl(
  nocobaseUrl: string,
  places: Pick<PlaceSettings, 'app' | 'apiBasePath'>,
  authenticator: string,
): string {
  return `${nocobaseUrl}${apiPathInApp(places)}dingtalk/callback/${authenticator}`;
}

/** Where DingTalk sends events to by HTTP push, where NocoBase takes them by itself: made like the redirect URI. */
export function eventsUrl(
  nocobaseUrl: string,
  places: Pick<PlaceSettings, 'app' | 'apiBasePath'>,
  authenticator: string,
): string {
  return `${nocobaseUrl}${apiPathInApp(places)}dingtalk/events/${authenticator}`;
}

/** @param nocobaseUrl of NocoBase, without its API's path */
export function pluginUrl(
  nocobaseUrl: string,
  places: Pick<PlaceSettings, 'app' | 'apiBasePath'>,
  action: PluginAction,
): string {
  return `${nocobaseUrl}${apiPathInApp(places)}dingtalk:${action}`;
}
