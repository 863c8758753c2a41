import { ofApp } from '../src/core/nocobase-web/index.js';
import { within } from './time-limit.js';
import { claimsOf } from './token.js';

export interface HandOff {
  /** Where NocoBase's clients read it: `sessionStorage`, `memory` (nowhere), otherwise `localStorage`. */
  readonly place: string;
  /** The keys to write to the storage; `null` removes a key, such as the role that the previous person had selected. */
  readonly storage: Readonly<Record<string, string | null>>;
  /** Which of them holds the token, and how to end a session that another person left there. */
  readonly former: FormerSession;
}

export interface FormerSession {
  readonly tokenKey: string;
  readonly signOutUrl: string;
  /** NocoBase's application; `main` unless it runs several. */
  readonly app: string;
  /** Whether the answer may change this browser's cookies: not if NocoBase has just set those of the new person. */
  readonly credentials: 'same-origin' | 'omit';
}

/** A sign-out that fails or takes longer keeps nobody out. */
const LIMIT_MS = 2000;

/**
 * Stores a session where NocoBase's clients look for it, and ends one that another person left there. All our pages use this
 * function.
 *
 * @throws if the browser blocks its storage, even to look at it, or NocoBase stores nothing there
 */
export async function handOff({ place, storage, former }: HandOff): Promise<void> {
  // NocoBase's clients would not look in the storage, and its operator wants nothing stored.
  if (place === 'memory') throw new Error('nothing is kept from one page to the next');
  const kept = place === 'sessionStorage' ? sessionStorage : localStorage;
  const left = kept.getItem(former.tokenKey);
  for (const [key, value] of Object.entries(storage)) {
    if (value === null) kept.removeItem(key);
    else kept.setItem(key, value);
  }
  const token = storage[former.tokenKey] || '';
  if (left && claimsOf(left)['userId'] !== claimsOf(token)['userId']) await signOut(left, former);
}

async function signOut(token: string, { signOutUrl, app, credentials }: FormerSession): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, ...ofApp(app) };
  // `keepalive`: the page may be left before the answer arrives.
  const request = fetch(signOutUrl, { method: 'POST', headers, credentials, keepalive: true }).catch(() => undefined);
  await within(LIMIT_MS, request);
}
