import { request } from 'undici';
import type { BenchBrowser } from '../harness/browser.js';
import { WrongAnswerError } from '../harness/sign-in.js';
import { mobileOf, returning, unionIdOf } from '../upstream/people.js';
import type { NocoBase } from './launcher.js';

export const PEOPLE = 20;
const PASSWORD = 'a-Passw0rd-for-benchmarks';

export const usernameOf = (number: number): string => `bench-${number % PEOPLE}`;
export const phoneOf = (number: number): string => mobileOf(unionIdOf(returning(number % PEOPLE).code));

/** People whom the double of DingTalk knows by the same phone numbers. */
export async function addPeople(nocobase: NocoBase): Promise<void> {
  for (let number = 0; number < PEOPLE; number += 1) {
    await call(nocobase, 'users:create', {
      nickname: `Bench ${number}`,
      username: usernameOf(number),
      password: PASSWORD,
      phone: phoneOf(number),
      roles: ['member'],
    });
  }
}

/** As an administrator. */
export async function call({ api, apiKey }: NocoBase, action: string, values: object): Promise<void> {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const { statusCode, body } = await request(`${api}/${action}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(values),
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${action}: HTTP ${statusCode} ${text.slice(0, 300)}`);
}

/** NocoBase's own sign-in. @returns the session's token */
export async function passwordSignIn(browser: BenchBrowser, url: string, number: number): Promise<string> {
  const account = { account: usernameOf(number), password: PASSWORD };
  const answer = await browser.post(url, '/api/auth:signIn', account, { 'x-authenticator': 'basic' });
  const token = /"token":"([^"]+)"/.exec(answer.body)?.[1];
  if (answer.status !== 200 || token === undefined) throw new WrongAnswerError('auth:signIn', answer);
  return token;
}
