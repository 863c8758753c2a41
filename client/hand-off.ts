import { isRecord, parseJson } from './foreign.js';
import { within } from './time-limit.js';

/** Keys of NocoBase's `localStorage`, and how a session ends there. */
export interface HandOffKeys {
  readonly token: string;
  readonly authenticator: string;
  readonly role: string;
  readonly signOutUrl: string;
  /** NocoBase's application; `main` unless it runs several. */
  readonly app: string;
}

/** A sign-out that takes longer, or fails, keeps nobody out. */
const LIMIT_MS = 2000;

/**
 * Leaves the session where NocoBase's client looks for it, as the gateway's hand-off page does, and ends the session that
 * somebody else may have left there. Throws when the browser blocks its storage.
 */
export async function handOff(session: { token: string; authenticator: string }, keys: HandOffKeys): Promise<void> {
  const former = localStorage.getItem(keys.token);
  localStorage.setItem(keys.token, session.token);
  localStorage.setItem(keys.authenticator, session.authenticator);
  // The role that the former person had chosen.
  localStorage.removeItem(keys.role);
  if (former && userOf(former) !== userOf(session.token)) await signOut(former, keys);
}

async function signOut(token: string, { signOutUrl, app }: HandOffKeys): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, ...(app === 'main' ? {} : { 'x-app': app }) };
  // `keepalive`: the page may leave before the answer.
  const request = fetch(signOutUrl, { method: 'POST', headers, keepalive: true }).catch(() => undefined);
  await within(LIMIT_MS, request);
}

/** `userId` of a NocoBase token. */
function userOf(token: string): unknown {
  const [, payload = ''] = token.split('.');
  try {
    const claims = parseJson(atob(payload.replace(/-/g, '+').replace(/_/g, '/')));
    return isRecord(claims) ? claims['userId'] : undefined;
  } catch {
    return undefined;
  }
}
