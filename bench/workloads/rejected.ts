import { randomBytes } from 'node:crypto';
import type { BenchBrowser } from '../harness/browser.js';
import { withBrowsers } from '../harness/drive.js';
import { interleave } from '../harness/measure.js';
import type { Program } from '../harness/program.js';
import { askToStart, callback, signIn, start, WrongAnswerError } from '../harness/sign-in.js';
import { against, of, perCpuSecond, target } from '../harness/target.js';
import type { Workload } from '../harness/workload.js';
import { returning } from '../upstream/people.js';
import { summaries } from './summaries.js';

const PEOPLE = 500;
const SIGN_IN = 'sign-in';

/** The cost of a rejection compared with that of a sign-in: an expensive rejection would allow an attack. */
export const rejected: Workload = {
  id: 'f',
  title: 'rejected: bad state, rate-limited',
  async run(bench) {
    const [open, limited] = await Promise.all([
      bench.start(bench.gateway),
      // One a minute: practically every request exceeds the limit.
      bench.start(bench.gateway, { AUTH_RATE_LIMIT_PER_ADDRESS: '1' }),
    ]);
    const forged = await forgedCookie(open.url);
    let number = 0;
    const kinds = [
      kind(SIGN_IN, open, async (browser) => {
        await signIn(browser, { startAt: open.url }, returning((number += 1) % PEOPLE));
      }),
      kind('callback without a cookie', open, async (browser) => {
        browser.forgetCookies();
        await refusedCallback(browser, open.url, randomBytes(32).toString('base64url'));
      }),
      kind('callback with a forged cookie', open, async (browser) => {
        browser.setCookie(forged.name, forged.value);
        await refusedCallback(browser, open.url, forged.state);
      }),
      kind('start over the rate limit', limited, async (browser) => {
        const answer = await askToStart(browser, limited.url);
        // The one that is allowed each minute.
        if (answer.status !== 429 && answer.status !== 302) throw new WrongAnswerError('start over the limit', answer);
      }),
    ];
    const measured = await interleave(kinds, async ({ go }, browser) => go(browser), bench.pace());
    const cost = of(measured, { name: SIGN_IN });
    return {
      contestants: summaries(measured),
      targets: measured
        .filter(({ name }) => name !== SIGN_IN)
        .map((one) =>
          target(`${one.name}: so many for the CPU time of a sign-in`, against(one, cost, perCpuSecond), {
            atLeast: 5,
          }),
        ),
    };
  },
};

function kind(name: string, program: Program, work: (browser: BenchBrowser) => Promise<void>) {
  return {
    name,
    cpuSeconds: () => program.cpuSeconds(),
    go: async (browser: BenchBrowser): Promise<number> => {
      const sent = performance.now();
      await work(browser);
      return performance.now() - sent;
    },
  };
}

async function refusedCallback(browser: BenchBrowser, origin: string, state: string): Promise<void> {
  const answer = await callback(browser, origin, { state, code: 'r0.0' });
  if (answer.status !== 400) throw new WrongAnswerError('callback that is to be refused', answer);
}

/** A real sign-in's cookie with one character of the sealed value changed: it is decrypted before it is refused. */
async function forgedCookie(origin: string): Promise<{ state: string; name: string; value: string }> {
  return withBrowsers(1, async ([browser]) => {
    const state = await start(browser!, origin);
    const [[name, value]] = [...browser!.heldCookies] as [[string, string]];
    // header, key, initialization vector, ciphertext, tag (RFC 7516 section 7.1)
    const [header, key, vector, sealed = '', tag] = value.split('.');
    const changed = (sealed.startsWith('A') ? 'B' : 'A') + sealed.slice(1);
    return { state, name, value: [header, key, vector, changed, tag].join('.') };
  });
}
