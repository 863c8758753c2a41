import { EXPRESS, FLOOR, GATEWAY } from '../contestants/index.js';
import { interleave } from '../harness/measure.js';
import { signIn } from '../harness/sign-in.js';
import { against, of, target } from '../harness/target.js';
import type { Workload } from '../harness/workload.js';
import { returning } from '../upstream/people.js';
import { summaries, versus } from './summaries.js';

const DINGTALK_MS = 40;
const NOCOBASE_MS = 15;
/** Code for token, token for person; the binding; the session's record. Each needs the answer to the previous one. */
const UNAVOIDABLE_MS = 2 * DINGTALK_MS + 2 * NOCOBASE_MS;
/** Some hundred sign-ins a second: a moderate rate, at which nobody waits for a free core. */
const BROWSERS = 20;
/** So few that after the warm-up all of them are returning. */
const PEOPLE = 100;

/** What the gateway adds to its upstreams' time, as a person experiences it: in the callback, not in the redirect before it. */
export const addedLatency: Workload = {
  id: 'c',
  title: `callback of a returning person, DingTalk takes ${DINGTALK_MS} ms a call and NocoBase ${NOCOBASE_MS} ms`,
  async run(bench) {
    await bench.upstreams.set({ dingTalkDelayMs: DINGTALK_MS, nocoBaseDelayMs: NOCOBASE_MS });
    const contestants = [...bench.gateways, EXPRESS, FLOOR];
    const programs = await Promise.all(contestants.map(async (contestant) => bench.start(contestant)));
    let number = 0;
    const measured = await interleave(
      programs,
      async ({ url }, browser) => signIn(browser, { startAt: url }, returning((number += 1) % PEOPLE)),
      bench.pace({ browsers: BROWSERS }),
    );
    const gateway = of(measured, GATEWAY);
    const floor = of(measured, FLOOR);
    // The double's timers and the kernel's network stack are part of the floor's time, as they are of the gateway's.
    const unavoidable = { ...floor, rounds: floor.rounds.map((round) => ({ ...round, p99Ms: round.p50Ms })) };
    return {
      contestants: summaries(measured),
      targets: [
        target(
          "p50, of the floor's p50",
          against(gateway, unavoidable, ({ p50Ms }) => p50Ms),
          { atMost: 1.05 },
        ),
        target(
          "p99, of the floor's p50",
          against(gateway, unavoidable, ({ p99Ms }) => p99Ms),
          { atMost: 1.25 },
        ),
      ],
      numbers: { 'unavoidable by arithmetic, ms': UNAVOIDABLE_MS },
      notes: versus(measured, bench.gateways),
    };
  },
};
