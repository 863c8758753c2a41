import { ofApp } from '../src/core/nocobase-web/index.js';
import { within } from './time-limit.js';
import { claimsOf } from './token.js';

export interface HandOff {
  /** Where NocoBase's clients look: `sessionStorage`, `memory` (nowhere), or else `localStorage`. */
  readonly place: string;
  /** Keys of the storage to write; `null` removes a key, such as the role that the former person had chosen. */
  readonly storage: Readonly<Record<string, string | null>>;
  /** Which of them holds the token, and how the session that somebody else may have left there is ended. */
  readonly former: FormerSession;
}

export interface FormerSession {
  readonly tokenKey: string;
  readonly signOutUrl: string;
  /** NocoBase's application; `main` unless it runs several. */
  readonly app: string;
  /** Whether the answer may change this browser's cookies: not where NocoBase has just set those of the new person. */
  readonly credentials: 'same-origin' | 'omit';
}

/** A sign-out that takes longer, or fails, keeps nobody out. */
const LIMIT_MS = 2000;

/**
 * Leaves a session where NocoBase's clients look for it, and ends the one that somebody else may have left there: the one
 * way in which every page of ours does it.
 *
 * @throws where the browser blocks its storage, as soon as that is named, or NocoBase keeps nothing in it
 */
export async function handOff({ place, storage, former }: HandOff): Promise<void> {
  // NocoBase's clients would not look there, and its operator wants nothing kept.
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
  // `keepalive`: the page may leave before the answer.
  const request = fetch(signOutUrl, { method: 'POST', headers, credentials, keepalive: true }).catch(() => undefined);
  await within(LIMIT_MS, request);
}
