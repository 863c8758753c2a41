import { Browser } from '../support/browser.js';
import { type End, outcomeOf, type SignInHost } from '../support/sign-in-host.js';

/** A sign-in that lacks only its last request. */
export interface UnderWay {
  readonly browser: Browser;
  /** DingTalk's answer, and its two parts. */
  readonly answer: string;
  readonly code: string;
  readonly state: string;
}

export const wanting = (redirect: string): string => new URLSearchParams({ redirect }).toString();

export async function underWay(
  host: SignInHost,
  { browser = new Browser(), query = '', personId = 'li-lei' } = {},
): Promise<UnderWay> {
  const callback = new URL(await host.sandbox.approve(await host.start(browser, query), personId));
  const { searchParams, search } = callback;
  return { browser, answer: search.slice(1), code: searchParams.get('code')!, state: searchParams.get('state')! };
}

/** A whole sign-in through DingTalk's pages. */
export async function signIn(host: SignInHost, personId = 'li-lei', query = ''): Promise<End> {
  const { browser, answer } = await underWay(host, { query, personId });
  return host.finish(browser, answer);
}

/** A whole sign-in inside DingTalk's client. */
export async function signInInApp(host: SignInHost, personId = 'li-lei', query = ''): Promise<End> {
  const browser = new Browser();
  const state = await host.openInApp(browser, query);
  return host.finishInApp(browser, { state, code: host.sandbox.world.issueInAppCode(personId, 'dingcorp1') });
}

export function asked(host: SignInHost, operation: string): number {
  return host.sandbox.requests.filter((request) => request.operation === operation).length;
}

/** How often a code was sent to DingTalk. */
export const exchanges = (host: SignInHost): number => asked(host, 'userAccessToken');

export async function expectSignedIn(host: SignInHost, { browser, answer }: UnderWay): Promise<void> {
  expect(outcomeOf(await host.finish(browser, answer))).toBe('signed in');
}
