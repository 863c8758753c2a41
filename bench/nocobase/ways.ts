import type { Answer, BenchBrowser } from '../harness/browser.js';
import { WrongAnswerError } from '../harness/sign-in.js';
import { returning } from '../upstream/people.js';
import { PEOPLE, phoneOf, usernameOf } from './people.js';

/** Names of the authenticators of a NocoBase with the plugin. */
export const BY_GATEWAY = 'dingtalk';
export const ALONE = 'alone';
export const BARE = 'bare';

/** With the plugin and a gateway: NocoBase ties the sign-in to the browser, and redeems the gateway's ticket at its end. */
export async function signInByTicket(browser: BenchBrowser, nocobase: string, number: number): Promise<void> {
  browser.forgetCookies();
  const atGateway = await start(browser, nocobase, BY_GATEWAY);
  const gateway = new URL(atGateway);
  const begun = await browser.get(gateway.origin, gateway.pathname + gateway.search);
  const callback = `/auth/dingtalk/dingtalk/callback?${answerOf(leadsTo('start at the gateway', begun), number)}`;
  const finished = await browser.get(gateway.origin, callback);
  const redeem = new URL(leadsTo('callback', finished));
  await page(browser, nocobase, redeem.pathname + redeem.search);
  const ticket = redeem.hash.slice('#ticket='.length);
  await signIn(browser, nocobase, BY_GATEWAY, { 'x-dingtalk-ticket': ticket }, number);
}

/** With the plugin alone. */
export async function signInAlone(browser: BenchBrowser, nocobase: string, number: number): Promise<void> {
  browser.forgetCookies();
  const answer = answerOf(await start(browser, nocobase, ALONE), number);
  await page(browser, nocobase, `/api/dingtalk/callback/${ALONE}?${answer}`);
  await signIn(browser, nocobase, ALONE, { 'x-dingtalk-answer': answer }, number);
}

let bareSignIns = 0;

/** With the type of `bare-sign-in/`. */
export async function signInBare(browser: BenchBrowser, nocobase: string, number: number): Promise<void> {
  browser.forgetCookies();
  const once = `${process.pid}.${(bareSignIns += 1)}`;
  await signIn(browser, nocobase, BARE, { 'x-bench-account': usernameOf(number), 'x-bench-once': once }, number);
}

/** @returns where NocoBase redirects the browser */
export async function start(browser: BenchBrowser, nocobase: string, authenticator: string): Promise<string> {
  const query = `authenticator=${authenticator}&redirect=%2Fadmin%2Forders`;
  const answer = await browser.get(nocobase, `/api/dingtalk:start?${query}`);
  const location = leadsTo(`start of ${authenticator}`, answer);
  if (answer.headers['set-cookie'] === undefined || location.includes('dingtalk_error')) {
    throw new WrongAnswerError(`start of ${authenticator}`, answer);
  }
  return location;
}

/** The page at the redirect URL, or the one that redeems a ticket. */
export async function page(browser: BenchBrowser, nocobase: string, path: string): Promise<void> {
  const answer = await browser.get(nocobase, path);
  if (answer.status !== 200 || !answer.body.includes('id="at-nocobase"')) throw new WrongAnswerError(path, answer);
}

/** The session's user: the first request of every NocoBase page. */
export async function check(browser: BenchBrowser, nocobase: string, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'x-authenticator': 'basic' };
  const answer = await browser.get(nocobase, '/api/auth:check', headers);
  if (answer.status !== 200 || !answer.body.includes('"username"')) throw new WrongAnswerError('auth:check', answer);
}

async function signIn(
  browser: BenchBrowser,
  nocobase: string,
  authenticator: string,
  proof: Record<string, string>,
  number: number,
): Promise<void> {
  const cookie = [...browser.heldCookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = { 'x-authenticator': authenticator, ...(cookie === '' ? {} : { cookie }), ...proof };
  const answer = await browser.post(nocobase, '/api/auth:signIn', {}, headers);
  const isThePerson = answer.body.includes('"token"') && answer.body.includes(`"${phoneOf(number)}"`);
  if (answer.status !== 200 || !isThePerson) throw new WrongAnswerError(`auth:signIn of ${authenticator}`, answer);
}

function leadsTo(step: string, answer: Answer): string {
  const { location = '' } = answer.headers;
  if ((answer.status !== 302 && answer.status !== 303) || !URL.canParse(location)) {
    throw new WrongAnswerError(step, answer);
  }
  return location;
}

/** What DingTalk adds to the redirect URL; it sends the code under both names. */
function answerOf(authorizationUrl: string, number: number): string {
  const state = new URL(authorizationUrl).searchParams.get('state') ?? '';
  const { code } = returning(number % PEOPLE);
  return new URLSearchParams({ code, authCode: code, state }).toString();
}
