import { interleave } from '../harness/measure.js';
import { cpuSeconds } from '../harness/process-statistics.js';
import { startRedis } from '../harness/redis.js';
import { signIn } from '../harness/sign-in.js';
import { against, of, perCpuSecond } from '../harness/target.js';
import type { Workload } from '../harness/workload.js';
import { returning } from '../upstream/people.js';
import { summaries } from './summaries.js';

const PEOPLE = 500;
const ALONE = 'one gateway';
const REPLICAS = 'two replicas with Redis';

/** Each sign-in starts at one replica and ends at the other, as behind a proxy without sticky sessions. */
export const twoReplicas: Workload = {
  id: 'g',
  title: 'two replicas that share a Redis, beside one gateway without',
  async run(bench) {
    const redis = await startRedis();
    if (redis === undefined) {
      return {
        targets: [],
        skipped: 'there is no redis-server on this machine (Debian: apt-get install redis-server)',
      };
    }
    try {
      const shared = { REDIS_URL: redis.url };
      const alone = await bench.start(bench.gateway);
      const replicas = [await bench.start(bench.gateway, shared), await bench.start(bench.gateway, shared)] as const;
      const { warmUp } = bench.pace();
      let signIns = 0;
      const measured = await interleave(
        [
          {
            name: ALONE,
            cpuSeconds: () => alone.cpuSeconds(),
            route: () => ({ startAt: alone.url }),
          },
          {
            name: REPLICAS,
            cpuSeconds: () => replicas[0].cpuSeconds() + replicas[1].cpuSeconds(),
            route: () => {
              const [first, second] = signIns % 2 === 0 ? replicas : [replicas[1], replicas[0]];
              signIns += 1;
              return { startAt: first.url, callbackAt: second.url };
            },
          },
        ],
        async ({ route }, browser) => signIn(browser, route(), returning(signIns % PEOPLE)),
        // Each replica needs as many as a single one.
        bench.pace({ warmUp: { ...warmUp, units: 2 * warmUp.units } }),
      );
      const redisCpu = cpuSeconds(redis.pid);
      const share = against(of(measured, { name: REPLICAS }), of(measured, { name: ALONE }), perCpuSecond);
      return {
        contestants: summaries(measured),
        targets: [],
        numbers: {
          'Redis, CPU ms per sign-in': (redisCpu * 1000) / signIns,
          'sign-ins per CPU second of the replicas, of one gateway without Redis': share.median,
        },
      };
    } finally {
      await redis.stop();
    }
  },
};
