import { isText } from '../../../src/core/browser/index.js';
import { homePage } from '../../../src/core/nocobase-web/index.js';
import { callbackUrl, eventsUrl } from '../../../src/core/plugin-protocol/addresses.js';
import { withoutSlash } from '../server/addresses.js';
import type { Client } from './client-app.js';

/** The path that NocoBase is served under, without a trailing slash: empty, or `/nocobase`. */
function basePath({ app, isNew }: Client): string {
  const path = app.getPublicPath().replace(/\/$/, '');
  return isNew ? path.slice(0, path.lastIndexOf('/')) : path;
}

/** NocoBase's address as this browser sees it. */
export function nocobaseUrl(client: Client): string {
  return location.origin + basePath(client);
}

/** The address to enter in DingTalk's console if a gateway signs people in. */
export function redirectUrlOfGateway(gatewayUrl: string, authenticator: string): string {
  return `${withoutSlash(gatewayUrl)}/auth/dingtalk/${authenticator}/callback`;
}

/**
 * The same if NocoBase signs people in by itself.
 *
 * @param entered NocoBase's address, as entered in the form
 * @param appName the server's name for this application
 */
export function redirectUrlOfNocobase(client: Client, entered: string, appName: string, authenticator: string): string {
  return callbackUrl(withoutSlash(entered), placesOf(client, appName), authenticator);
}

/** Where DingTalk sends events if a gateway receives them. */
export function eventsUrlOfGateway(gatewayUrl: string, authenticator: string): string {
  return `${withoutSlash(gatewayUrl)}/auth/dingtalk/${authenticator}/events`;
}

/** The same if NocoBase receives them by itself. */
export function eventsUrlOfNocobase(client: Client, entered: string, appName: string, authenticator: string): string {
  return eventsUrl(withoutSlash(entered), placesOf(client, appName), authenticator);
}

function placesOf(client: Client, app: string): { app: string; apiBasePath: string } {
  const apiBasePath = new URL(client.app.getApiUrl(), location.href).pathname.slice(basePath(client).length);
  return { app, apiBasePath };
}

/**
 * Where the server side of this plugin starts a sign-in. A navigation cannot carry a header, so the path names the sub-app.
 *
 * @param flow `in-app`: silently, by the DingTalk client that shows this page
 */
export function startUrl(client: Client, authenticator: string, search: string, flow: 'browser' | 'in-app'): string {
  const { app } = client;
  const inPath = app.name === 'main' ? '' : `__app/${app.name}/`;
  const query = new URLSearchParams({ authenticator, redirect: wantedPage(client, search) });
  if (flow === 'in-app') query.set('flow', flow);
  const corpId = corpIdOf(search);
  if (flow === 'in-app' && corpId !== undefined) query.set('corpId', corpId);
  return `${app.getApiUrl()}${inPath}dingtalk:start?${query.toString()}`;
}

/**
 * The page that the person wanted: a path in NocoBase without its base path and without the sub-app, such as `/admin/orders` or
 * `/v/admin/orders`. The code that redirects there adds both.
 *
 * @param search query of NocoBase's sign-in page
 */
export function wantedPage(client: Client, search: string): string {
  const { app, isNew } = client;
  const base = basePath(client);
  const wanted = redirectOf(search) ?? homePageHere();
  // The new client passes the whole path, the classic one only the part after its own.
  const prefix = isNew ? app.getPublicPath().slice(base.length).replace(/\/$/, '') : '';
  const below = [`${base}${prefix}`, prefix].find((start) => start !== '' && wanted.startsWith(`${start}/`)) ?? '';
  const inside = wanted.slice(below.length);
  const ofApp = `/apps/${app.name}`;
  return prefix + (app.name !== 'main' && inside.startsWith(`${ofApp}/`) ? inside.slice(ofApp.length) : inside);
}

/**
 * The home page of the client that NocoBase opens by default, which NocoBase's page tells its own scripts: see `page-places.ts` in
 * `core/nocobase-web`.
 */
function homePageHere(): string {
  const said = window as unknown as Readonly<Record<string, unknown>>;
  const prefix = said['__nocobase_modern_client_prefix__'];
  return homePage(said['__nocobase_app_client_entry_mode__'], { modernPrefix: isText(prefix) ? prefix : undefined });
}

function redirectOf(search: string): string | undefined {
  // The classic client does not escape the wanted page, so its second parameter would be read as one of the sign-in page's.
  const unescaped = /^\?redirect=(\/.*)$/.exec(search)?.[1];
  const wanted = unescaped ?? new URLSearchParams(search).get('redirect') ?? '';
  return /^\/(?![/\\])/.test(wanted) ? wanted : undefined;
}

/** From the address of the application's home page as DingTalk opens it: `?corpId=$CORPID$`. */
function corpIdOf(search: string): string | undefined {
  const inWanted = redirectOf(search)?.split('?')[1] ?? '';
  for (const query of [new URLSearchParams(search), new URLSearchParams(inWanted)]) {
    const corpId = query.get('corpId') ?? query.get('corpid');
    if (corpId) return corpId;
  }
  return undefined;
}
