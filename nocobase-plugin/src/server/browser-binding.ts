import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context } from '@nocobase/server';
import { CHALLENGE_PATTERN } from '../../../src/plugin-protocol/index.js';
import { getAuthCookieOptions } from './auth-cookie-options.js';

const PREFIX = 'nb_dingtalk_';
const LIFETIME_MS = 600_000;
/** Several tabs may sign in at once. */
const MAX_KEPT = 5;
const NAMES = /(?:^|;\s*)((?:__Host-)?nb_dingtalk_[\w-]{43})=(\d{1,15})\./g;

/**
 * Ties a sign-in to the browser that started it, as PKCE does it (RFC 7636): the browser keeps a verifier in a cookie
 * that no script reads, the gateway and its ticket know the hash of it only.
 */
export function bindBrowser(context: Context): string {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = hash(verifier);
  forgetOldest(context);
  const options = { ...cookieOptions(context), maxAge: LIFETIME_MS };
  context.cookies.set(cookieName(context, challenge), `${Date.now()}.${verifier}`, options);
  return challenge;
}

/** Whether this browser started the sign-in that the challenge is of. It does not know it any more afterwards. */
export function takeBinding(context: Context, challenge: string): boolean {
  if (!CHALLENGE_PATTERN.test(challenge)) return false;
  const [, verifier = ''] = (context.cookies.get(cookieName(context, challenge)) ?? '').split('.');
  context.cookies.set(cookieName(context, challenge), null, cookieOptions(context));
  return timingSafeEqual(Buffer.from(hash(verifier)), Buffer.from(challenge));
}

function forgetOldest(context: Context): void {
  const kept = [...context.get('cookie').matchAll(NAMES)]
    .map(([, name = '', since]) => ({ name, since: Number(since) }))
    .toSorted((one, other) => other.since - one.since);
  for (const { name } of kept.slice(MAX_KEPT - 1)) {
    context.cookies.set(name, null, cookieOptions(context));
  }
}

/**
 * Over TLS browsers take it from this very host only, not from a neighbour under the same domain, who could sign people in
 * to an account of their own otherwise (`__Host-`: RFC 6265bis, section 4.1.3).
 */
function cookieName(context: Context, challenge: string): string {
  return `${isSecure(context) ? '__Host-' : ''}${PREFIX}${challenge}`;
}

/** `Secure` where NocoBase's own cookies are; `__Host-` is for all paths, else it is sent to this application's API only. */
function cookieOptions(context: Context): ReturnType<typeof getAuthCookieOptions> {
  return { ...getAuthCookieOptions(context), path: isSecure(context) ? '/' : apiPath(context.app.name) };
}

function isSecure(context: Context): boolean {
  const { secure, secureProxy = false } = getAuthCookieOptions(context);
  return secure || secureProxy;
}

/** @returns with a slash at its end */
export function apiPath(app: string): string {
  const api = `/${process.env['API_BASE_PATH'] ?? '/api/'}/`.replace(/\/+/g, '/');
  return app === 'main' ? api : `${api}__app/${app}/`;
}

function hash(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
