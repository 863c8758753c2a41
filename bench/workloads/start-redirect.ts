import { EXPRESS, FASTIFY, FLOOR, GATEWAY } from '../contestants/index.js';
import { interleave } from '../harness/measure.js';
import { start } from '../harness/sign-in.js';
import { against, of, perCpuSecond, perSecond, target } from '../harness/target.js';
import type { Workload } from '../harness/workload.js';
import { summaries, versus } from './summaries.js';

/** The redirect to DingTalk with the sign-in's cookie, without any upstream call. */
export const startRedirect: Workload = {
  id: 'a',
  title: 'start redirect',
  async run(bench) {
    const contestants = [...bench.gateways, FASTIFY, EXPRESS, FLOOR];
    const programs = await Promise.all(contestants.map(async (contestant) => bench.start(contestant)));
    const measured = await interleave(
      programs,
      async ({ url }, browser) => {
        browser.forgetCookies();
        const sent = performance.now();
        await start(browser, url);
        return performance.now() - sent;
      },
      bench.pace(),
    );
    const gateway = of(measured, GATEWAY);
    return {
      contestants: summaries(measured),
      targets: [
        target('per CPU second, of bare Fastify', against(gateway, of(measured, FASTIFY), perCpuSecond), {
          atLeast: 0.8,
        }),
        target('per second, of bare Fastify', against(gateway, of(measured, FASTIFY), perSecond), { atLeast: 0.8 }),
        target('per CPU second, of the Express program', against(gateway, of(measured, EXPRESS), perCpuSecond), {
          atLeast: 1,
        }),
      ],
      notes: versus(measured, bench.gateways),
    };
  },
};
