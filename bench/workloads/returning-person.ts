import { EXPRESS, FLOOR, GATEWAY } from '../contestants/index.js';
import { interleave } from '../harness/measure.js';
import { signIn } from '../harness/sign-in.js';
import { spread } from '../harness/statistics.js';
import { against, of, perCpuSecond, target } from '../harness/target.js';
import type { Workload } from '../harness/workload.js';
import { returning } from '../upstream/people.js';
import { callsPerSignIn } from './calls-per-sign-in.js';
import { summaries, versus } from './summaries.js';

/** So few people that after the warm-up all of them are returning. */
const PEOPLE = 500;

/** From the first redirect to NocoBase's session; DingTalk and NocoBase answer immediately, so only CPU time remains. */
export const returningPerson: Workload = {
  id: 'b',
  title: 'whole sign-in of a returning person, upstreams answer at once',
  async run(bench) {
    const contestants = [...bench.gateways, EXPRESS, FLOOR];
    const programs = await Promise.all(contestants.map(async (contestant) => bench.start(contestant)));
    let number = 0;
    const measured = await interleave(
      programs,
      async ({ url }, browser) => signIn(browser, { startAt: url }, returning((number += 1) % PEOPLE)),
      bench.pace(),
    );
    const calls = await callsPerSignIn(programs, bench.upstreams, () => returning(0));
    const gateway = of(measured, GATEWAY);
    const express = of(measured, EXPRESS);
    return {
      contestants: summaries(measured),
      targets: [
        target('sign-ins per CPU second, of the Express program', against(gateway, express, perCpuSecond), {
          atLeast: 1.3,
        }),
        target('NocoBase calls', spread([calls[`${GATEWAY.name}: NocoBase calls per sign-in`]!]), { atMost: 2 }),
      ],
      numbers: calls,
      notes: versus(measured, bench.gateways),
    };
  },
};
