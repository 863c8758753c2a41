import type { Answer, BenchBrowser } from './browser.js';
import type { Person } from '../upstream/people.js';

/** A contestant did not do its work, so its time is not a valid measurement. */
export class WrongAnswerError extends Error {
  /** HTTP status. */
  readonly status: number;

  constructor(step: string, { status, headers, body }: Answer) {
    super(`${step}: HTTP ${status}, location ${headers.location ?? 'none'}, body ${body.slice(0, 300) || 'empty'}`);
    this.status = status;
  }
}

const START_PATH = '/auth/dingtalk?redirect=%2Fadmin%2Forders';
const CALLBACK_PATH = '/auth/dingtalk/dingtalk/callback';

export async function askToStart(browser: BenchBrowser, origin: string): Promise<Answer> {
  return browser.get(origin, START_PATH);
}

/** Starts a sign-in. @returns the state @throws WrongAnswerError unless the browser is redirected to DingTalk with one */
export async function start(browser: BenchBrowser, origin: string): Promise<string> {
  const answer = await askToStart(browser, origin);
  const { location = '' } = answer.headers;
  const state = /[?&]state=([^&]+)/.exec(location)?.[1];
  const goesToDingTalk = /^http:\/\/127\.0\.0\.1:\d+\/oauth2\/auth\?/.test(location);
  if (answer.status !== 302 || state === undefined || !goesToDingTalk || answer.headers['set-cookie'] === undefined) {
    throw new WrongAnswerError('start', answer);
  }
  return decodeURIComponent(state);
}

/** The address that DingTalk would redirect the browser to; it sends the code under both names. */
export async function callback(
  browser: BenchBrowser,
  origin: string,
  { state, code }: { state: string; code: string },
): Promise<Answer> {
  const query = new URLSearchParams({ code, authCode: code, state }).toString();
  return browser.get(origin, `${CALLBACK_PATH}?${query}`);
}

/**
 * Reads who was handed over to NocoBase, and checks that the page is the requested one.
 *
 * @returns the id in the session's token
 * @throws WrongAnswerError
 */
export function signedInUser(answer: Answer): number {
  const { location = '' } = answer.headers;
  const payload = /^http:\/\/127\.0\.0\.1:\d+\/admin\/orders\?.*[?&]token=[\w-]+\.([\w-]+)\.[\w-]{43}(?:&|$)/.exec(
    // Also if the token is the first parameter.
    location.replace('?', '?&'),
  )?.[1];
  const isRedirect = answer.status === 302 || answer.status === 303;
  if (!isRedirect || payload === undefined) throw new WrongAnswerError('callback', answer);
  const { userId } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { userId?: unknown };
  if (typeof userId !== 'number') throw new WrongAnswerError('callback (token)', answer);
  return userId;
}

/**
 * A complete sign-in; every answer is checked.
 *
 * @param userId the expected NocoBase user; undefined for a person who is to be registered
 * @returns duration of the callback in ms: this is what a person waits for
 */
export async function signIn(
  browser: BenchBrowser,
  { startAt, callbackAt = startAt }: { startAt: string; callbackAt?: string },
  { code, userId }: Person,
): Promise<number> {
  const state = await start(browser, startAt);
  const sent = performance.now();
  const answer = await callback(browser, callbackAt, { state, code });
  const took = performance.now() - sent;
  const signedIn = signedInUser(answer);
  if (userId !== undefined && signedIn !== userId) throw new WrongAnswerError(`callback (not user ${userId})`, answer);
  return took;
}
