import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from '@nocobase/server';
import { stringifySetCookie } from 'cookie';
import { apiPathInApp } from '../../../src/core/nocobase-web/index.js';
import { CHALLENGE_PATTERN } from '../../../src/core/plugin-protocol/index.js';
import { randomBytes } from '../../../src/core/sealed/index.js';

const PREFIX = 'nb_dingtalk_';
const HOST_PREFIX = '__Host-';
const LIFETIME_SECONDS = 600;
/** Several tabs may sign in at once. */
const MAX_KEPT = 5;
/** Maximum number of a browser's cookies that one response deletes; only a third party would have set more. */
const MAX_FORGOTTEN = 10;
/**
 * Only a semicolon starts a cookie, with at most one space (RFC 6265, section 4.2.1). `\s` would also skip bytes that belong to the name
 * of another cookie, which a neighbour under the same domain may set.
 */
const HELD = /(?:^|; ?)((?:__Host-)?nb_dingtalk_[\w-]{43})=(\d{1,15})\.([\w-]*)/g;

/**
 * Ties a sign-in to the browser that started it, like PKCE (RFC 7636): the browser keeps the verifier in a cookie that no script
 * can read; the gateway and its ticket know only its hash.
 *
 * @param nocobaseUrl as an administrator saved it: a request must not decide whether browsers reach NocoBase over TLS
 */
export function bindBrowser(context: Context, nocobaseUrl: string): string {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = hash(verifier);
  forgetOldest(context, isSecure(nocobaseUrl));
  set(context, cookieName(challenge, isSecure(nocobaseUrl)), `${Date.now()}.${verifier}`, LIFETIME_SECONDS);
  return challenge;
}

/** Whether this browser started the sign-in that the challenge belongs to. Afterwards the browser no longer holds the verifier. */
export function takeBinding(context: Context, challenge: string, nocobaseUrl: string): boolean {
  if (!CHALLENGE_PATTERN.test(challenge)) return false;
  const name = cookieName(challenge, isSecure(nocobaseUrl));
  const { verifier = '' } = held(context).find((one) => one.name === name) ?? {};
  // The other kind may be there as well: from before the address was changed, or set by a third party.
  for (const secure of [true, false]) forget(context, cookieName(challenge, secure));
  return timingSafeEqual(Buffer.from(hash(verifier)), Buffer.from(challenge));
}

/** Only those of the kind in use: a neighbour under the same domain may have planted others, which we cannot delete. */
function forgetOldest(context: Context, secure: boolean): void {
  const kept = held(context)
    .filter(({ name }) => name.startsWith(HOST_PREFIX) === secure)
    .toSorted((one, other) => other.since - one.since);
  for (const { name } of kept.slice(MAX_KEPT - 1, MAX_KEPT - 1 + MAX_FORGOTTEN)) forget(context, name);
}

interface Held {
  readonly name: string;
  /** In milliseconds since 1970. */
  readonly since: number;
  readonly verifier: string;
}

/** What the request says that the browser holds. */
function held(context: Context): Held[] {
  const found = context.get('cookie').matchAll(HELD);
  return Array.from(found, ([, name = '', since, verifier = '']) => ({ name, since: Number(since), verifier }));
}

function forget(context: Context, name: string): void {
  set(context, name, '', 0);
}

/** A name with `__Host-` requires the path `/` and `Secure`; without it the cookie is sent to this application's API only. */
function set(context: Context, name: string, value: string, maxAge: number): void {
  const secure = name.startsWith(HOST_PREFIX);
  const path = secure ? '/' : apiPath(context.app.name);
  context.append(
    'Set-Cookie',
    stringifySetCookie({ name, value, maxAge, path, secure, httpOnly: true, sameSite: 'lax' }),
  );
}

/**
 * Over TLS, browsers accept it only from this very host, not from a neighbour under the same domain, who could otherwise sign
 * people in to an account of the neighbour's (`__Host-`: RFC 6265bis, section 4.1.3).
 */
function cookieName(challenge: string, secure: boolean): string {
  return `${secure ? HOST_PREFIX : ''}${PREFIX}${challenge}`;
}

function isSecure(nocobaseUrl: string): boolean {
  return new URL(nocobaseUrl).protocol === 'https:';
}

/** @returns with a trailing slash */
export function apiPath(app: string): string {
  return apiPathInApp({ app, apiBasePath: process.env['API_BASE_PATH'] });
}

function hash(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
