import { type PlaceSettings, signInPath } from '../nocobase-web/index.js';
import { ERROR_PARAMETER, pluginUrl, REQUEST_PARAMETER } from './addresses.js';

/** The fragment of the address of `redeem`: browsers send it to nobody, so no server logs it. */
const TICKET_PARAMETER = 'ticket';

/** Which NocoBase, as browsers reach it, and which of its apps. */
export interface NocoBaseApp extends PlaceSettings {
  readonly nocobaseUrl: string;
}

/**
 * Where a sign-in begins: the plugin ties it to the browser and sends it on to the gateway.
 *
 * @param wanted the page the person wants, and for a sign-in inside DingTalk's client the organization to ask it about
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

/** NocoBase's sign-in page, of the client that the person was in, with an error to tell them about. */
export function signInErrorUrl(
  app: NocoBaseApp,
  error: { readonly code: string; readonly requestId: string },
  returnPath: string,
): string {
  const basePath = new URL(app.nocobaseUrl).pathname.replace(/\/$/, '');
  const said = { [ERROR_PARAMETER]: error.code, [REQUEST_PARAMETER]: error.requestId };
  return `${app.nocobaseUrl}${signInPath(app, basePath, returnPath, said)}`;
}
