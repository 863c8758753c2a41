import type { SignInHost } from '../support/sign-in-host.js';
import { describeAnswers } from './answers.js';
import { describeCookies } from './cookies.js';
import { describeDingTalkFailures } from './dingtalk-failures.js';
import { describeInApp } from './in-app.js';
import { describePages } from './pages.js';
import { describeReturnPaths } from './return-paths.js';
import { signIn } from './under-way.js';

/**
 * What must be true of every sign-in, whichever program handles it. Cases of one host only:
 *
 * | Only at | Cases | Why |
 * | --- | --- | --- |
 * | gateway | a new cookie secret; replicas that share a Redis | the plugin uses NocoBase's key and database: `plugin-alone-nodes` |
 * | gateway | the hand-off of a session, a failing NocoBase | the plugin is part of NocoBase: the session is NocoBase's own answer, and both fail together |
 * | gateway | form and origin of the POST inside DingTalk | the plugin reads a header, which no other site may send: `plugin-alone-attacks` |
 * | gateway | a DingTalk that answers too late | NocoBase's timeout is set at its start: `plugin-alone-limits` |
 * | plugin | several spellings of one address, NocoBase's log, settings that are saved during a sign-in | only NocoBase has them |
 *
 * @param launch a host without a request limit, with sign-up, for the organization `dingcorp1`
 */
export function describeSignIns(launch: () => Promise<SignInHost>, { canMoveClock }: { canMoveClock: boolean }): void {
  let running: SignInHost;
  const host = (): SignInHost => running;

  beforeAll(async () => {
    running = await launch();
    await signIn(running);
  }, 180_000);

  beforeEach(() => running.forget());
  afterEach(() => running.sandbox.failures.clear());
  afterAll(async () => running?.close());

  describe('an answer of DingTalk', () => describeAnswers(host));
  describe('the cookie of a sign-in', () => describeCookies(host, canMoveClock));
  describe('the wanted page', () => describeReturnPaths(host));
  describe('a code of DingTalk’s client', () => describeInApp(host));
  describe('a failing DingTalk', () => describeDingTalkFailures(host));
  describe('what browsers receive', () => describePages(host));
}
