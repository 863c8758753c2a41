import { parseJson, texts, webAddress } from '../src/core/browser/index.js';
import { within } from './time-limit.js';

const LIMIT_MS = 20_000;

export type PostAnswer =
  /** The address contains the session, or there already is one. */
  | { readonly kind: 'go'; readonly location: string }
  /** The session has to be stored in NocoBase's storage first. */
  | { readonly kind: 'session'; readonly token: string; readonly authenticator: string; readonly location: string }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly requestId: string }
  | { readonly kind: 'unexpected' }
  | { readonly kind: 'silence' };

/** Sends the code, once: it is valid for a single exchange, so a retry could only hide the result of the first attempt. */
export async function postCode(url: string, body: { code: string; state: string }): Promise<PostAnswer> {
  try {
    const answer = await within(LIMIT_MS, send(url, JSON.stringify(body)));
    return answer === undefined ? { kind: 'silence' } : read(answer);
  } catch {
    return { kind: 'silence' };
  }
}

async function send(url: string, body: string): Promise<{ ok: boolean; body: unknown }> {
  const response = await fetch(url, {
    method: 'POST',
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body,
  });
  return { ok: response.ok, body: parseJson(await response.text()) };
}

function read({ ok, body }: { ok: boolean; body: unknown }): PostAnswer {
  if (!ok) {
    const error = texts(body, ['error', 'message', 'requestId']);
    return error === undefined
      ? { kind: 'unexpected' }
      : { kind: 'refused', code: error.error, message: error.message, requestId: error.requestId };
  }
  const location = webAddress(texts(body, ['location'])?.location);
  if (location === undefined) return { kind: 'unexpected' };
  const session = texts(body, ['token', 'authenticator']);
  return session === undefined ? { kind: 'go', location } : { kind: 'session', ...session, location };
}
