import type { BenchBrowser } from '../harness/browser.js';
import { driveTimes, withBrowsers } from '../harness/drive.js';
import { metric } from '../harness/gateway-metrics.js';
import { interleave } from '../harness/measure.js';
import { cpuSeconds } from '../harness/process-statistics.js';
import { signIn } from '../harness/sign-in.js';
import { spread } from '../harness/statistics.js';
import { against, of, target } from '../harness/target.js';
import type { Workload } from '../harness/workload.js';
import { launcher } from '../nocobase/launcher.js';
import { addPeople, passwordSignIn, PEOPLE } from '../nocobase/people.js';
import { returning } from '../upstream/people.js';
import { summaries } from './summaries.js';

/** A NocoBase handles some dozen sign-ins a second; more in parallel would only wait. */
const BROWSERS = 4;
export const OURS = 'NocoBase, by a sign-in through the gateway';
const OWN = 'NocoBase, by its own password sign-in';
const CALLS = 'gateway_upstream_request_duration_seconds_count';

/** The cost of a sign-in for a real NocoBase: CPU time of its process, compared with its own way to sign in. */
export const realNocoBase: Workload = {
  id: 'e',
  title: 'the real NocoBase: its CPU time, by the gateway and by its own password sign-in',
  async run(bench) {
    bench.say('  NocoBase: starting, with a database in memory (the first time, npm installs it) …');
    const { launchRealNocoBase } = await launcher(bench);
    const nocobase = await launchRealNocoBase({ authenticator: 'dingtalk' });
    try {
      await addPeople(nocobase);
      const gateway = await bench.start(bench.gateway, {
        NOCOBASE_URL: nocobase.url,
        NOCOBASE_PUBLIC_URL: nocobase.url,
        NOCOBASE_API_TOKEN: nocobase.apiKey,
        NOCOBASE_JWT_SECRET: nocobase.jwtSecret,
      });
      let number = 0;
      const ours = async (browser: BenchBrowser): Promise<number> => {
        const person = returning((number += 1) % PEOPLE);
        // The phone number identifies the person at NocoBase.
        return signIn(browser, { startAt: gateway.url }, { ...person, userId: undefined });
      };
      // Everyone once: from then on they are returning.
      await withBrowsers(1, async (browsers) =>
        driveTimes(browsers, PEOPLE, async (browser) => void (await ours(browser))),
      );
      const nocobaseCpu = (): number => cpuSeconds(nocobase.pid);
      const measured = await interleave(
        [
          { name: OURS, cpuSeconds: nocobaseCpu, go: ours },
          {
            name: OWN,
            cpuSeconds: nocobaseCpu,
            go: async (browser: BenchBrowser) => {
              const sent = performance.now();
              await passwordSignIn(browser, nocobase.url, (number += 1));
              return performance.now() - sent;
            },
          },
        ],
        async ({ go }, browser) => go(browser),
        bench.pace({ browsers: BROWSERS }),
      );
      const calls = await callsPerSignIn(gateway.url, ours);
      const cpu = against(of(measured, { name: OURS }), of(measured, { name: OWN }), ({ cpuMs }) => cpuMs);
      return {
        contestants: summaries(measured),
        targets: [
          target("NocoBase's CPU time for a sign-in, of its own password sign-in", cpu, { atMost: 1 }),
          target('NocoBase calls for a returning person', spread([calls]), { atMost: 2 }),
        ],
        notes: [`CPU is that of NocoBase's process; SQLite in memory is in it`],
      };
    } finally {
      await nocobase.stop();
    }
  },
};

/** As the gateway counts them; the double of workload b does its own counting. */
async function callsPerSignIn(gatewayUrl: string, ours: (browser: BenchBrowser) => Promise<number>): Promise<number> {
  const count = async (): Promise<number> =>
    (await metric(gatewayUrl, CALLS, 'upstream="NocoBase"')) - (await metric(gatewayUrl, CALLS, 'tokenControlConfig'));
  const before = await count();
  await withBrowsers(1, async (browsers) =>
    driveTimes(browsers, PEOPLE, async (browser) => void (await ours(browser))),
  );
  return ((await count()) - before) / PEOPLE;
}
