import { EXPRESS, FLOOR, GATEWAY } from '../contestants/index.js';
import { interleave } from '../harness/measure.js';
import { signIn } from '../harness/sign-in.js';
import { against, of, perCpuSecond, target } from '../harness/target.js';
import type { Workload } from '../harness/workload.js';
import { newcomer } from '../upstream/people.js';
import { callsPerSignIn } from './calls-per-sign-in.js';
import { summaries, versus } from './summaries.js';

/** A person unknown to NocoBase: searched by binding and by phone number, then registered. */
export const firstSignIn: Workload = {
  id: 'd',
  title: 'first sign-in with registration, upstreams answer at once',
  async run(bench) {
    const contestants = [...bench.gateways, EXPRESS, FLOOR];
    const programs = await Promise.all(contestants.map(async (contestant) => bench.start(contestant)));
    const measured = await interleave(
      programs,
      async ({ url }, browser) => signIn(browser, { startAt: url }, newcomer()),
      bench.pace(),
    );
    return {
      contestants: summaries(measured),
      targets: [
        target(
          'sign-ins per CPU second, of the Express program',
          against(of(measured, GATEWAY), of(measured, EXPRESS), perCpuSecond),
          { atLeast: 1.3 },
        ),
      ],
      numbers: await callsPerSignIn(programs, bench.upstreams, newcomer),
      notes: versus(measured, bench.gateways),
    };
  },
};
