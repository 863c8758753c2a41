import { type PlaceSettings, signInPath } from '../nocobase-web/index.js';
import { ERROR_PARAMETER, pluginUrl, REQUEST_PARAMETER } from './addresses.js';

/** In the fragment of the address of `redeem`: browsers do not send it, so no server logs it. */
const TICKET_PARAMETER = 'ticket';

/** A NocoBase, as browsers reach it, and one of its apps. */
export interface NocoBaseApp extends PlaceSettings {
  readonly nocobaseUrl: string;
}

/**
 * Where a sign-in starts: the plugin ties it to the browser and redirects to the gateway.
 *
 * @param wanted the requested page, and for a sign-in inside DingTalk's client the organization to request a code for
 */
export function startUrl(
  app: NocoBaseApp,
  authenticator: string,
  { returnPath, organization }: { returnPath?: string | undefined; organization?: string | undefined },
): string {
  const query = new URLSearchParams({
    authenticator,
    ...(returnPath === undefined ? {} : { redirect: returnPath }),
    ...(organization === undefined ? {} : { flow: 'in-app', corpId: organization }),
  });
  return `${pluginUrl(app.nocobaseUrl, app, 'start')}?${query.toString()}`;
}

/** Where a ticket is redeemed. */
export function redeemUrl(app: NocoBaseApp, authenticator: string, ticket: string): string {
  const query = new URLSearchParams({ authenticator }).toString();
  return `${pluginUrl(app.nocobaseUrl, app, 'redeem')}?${query}#${TICKET_PARAMETER}=${ticket}`;
}

/** NocoBase's sign-in page, in the person's client, with an error to show. */
export function signInErrorUrl(
  app: NocoBaseApp,
  error: { readonly code: string; readonly requestId: string },
  returnPath: string,
): string {
  const basePath = new URL(app.nocobaseUrl).pathname.replace(/\/$/, '');
  const said = { [ERROR_PARAMETER]: error.code, [REQUEST_PARAMETER]: error.requestId };
  return `${app.nocobaseUrl}${signInPath(app, basePath, returnPath, said)}`;
}
