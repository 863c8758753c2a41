import { ERROR_PARAMETER, pluginUrl, REQUEST_PARAMETER } from './addresses.js';

/** The fragment of the address of `redeem`: browsers send it to nobody, so no server logs it. */
const TICKET_PARAMETER = 'ticket';

/** Which NocoBase, as browsers reach it, and which of its apps: `main`, or a sub-app. */
export interface NocoBaseApp {
  readonly nocobaseUrl: string;
  readonly app: string;
}

/**
 * Where a sign-in begins: the plugin ties it to the browser and sends it on to the gateway.
 *
 * @param wanted the page the person wants, and for a sign-in inside DingTalk's client the organization to ask it about
 */
export function startUrl(
  { nocobaseUrl, app }: NocoBaseApp,
  authenticator: string,
  { returnPath, organization }: { returnPath?: string | undefined; organization?: string | undefined },
): string {
  const query = new URLSearchParams({
    authenticator,
    ...(returnPath === undefined ? {} : { redirect: returnPath }),
    ...(organization === undefined ? {} : { flow: 'in-app', corpId: organization }),
  });
  return `${pluginUrl(nocobaseUrl, app, 'start')}?${query.toString()}`;
}

/** Where a ticket is redeemed. */
export function redeemUrl({ nocobaseUrl, app }: NocoBaseApp, authenticator: string, ticket: string): string {
  const query = new URLSearchParams({ authenticator }).toString();
  return `${pluginUrl(nocobaseUrl, app, 'redeem')}?${query}#${TICKET_PARAMETER}=${ticket}`;
}

/** NocoBase's sign-in page, of the client that the person was in, with an error to tell them about. */
export function signInErrorUrl(
  { nocobaseUrl, app }: NocoBaseApp,
  error: { readonly code: string; readonly requestId: string },
  returnPath: string,
): string {
  const client = /^\/v(?:\/|$)/.test(returnPath) ? '/v' : '';
  const ofApp = app === 'main' ? '' : `/apps/${app}`;
  const inside = returnPath.slice(client.length);
  const page = ofApp !== '' && inside.startsWith(`${ofApp}/`) ? inside.slice(ofApp.length) : inside;
  // The sign-in page of the new client takes a whole path, that of the classic one what stands behind its own.
  const base = new URL(nocobaseUrl).pathname.replace(/\/$/, '');
  const query = new URLSearchParams({
    [ERROR_PARAMETER]: error.code,
    [REQUEST_PARAMETER]: error.requestId,
    redirect: client === '' ? page : `${base}${client}${ofApp}${page}`,
  });
  return `${nocobaseUrl}${client}${ofApp}/signin?${query.toString()}`;
}
