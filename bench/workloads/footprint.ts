import { setTimeout as delay } from 'node:timers/promises';
import { type BenchBrowser } from '../harness/browser.js';
import { driveTimes, withBrowsers } from '../harness/drive.js';
import { heapBytes, metric } from '../harness/gateway-metrics.js';
import type { Program } from '../harness/program.js';
import { signIn, start } from '../harness/sign-in.js';
import { slope, type Spread, spread } from '../harness/statistics.js';
import { target } from '../harness/target.js';
import type { Bench, Workload } from '../harness/workload.js';
import { returning, RETURNING_PEOPLE } from '../upstream/people.js';

const MB = 1e6;
const BROWSERS = 16;
const STEP = 10_000;
const PENDING = 10_000;
/** The heap is looked at so often in each step; the lowest look came closest after a garbage collection. */
const LOOKS = 10;

/** Start-up, and memory: idle, with many sign-ins pending, and after many more. */
export const footprint: Workload = {
  id: 'footprint',
  title: 'start-up time and memory',
  async run(bench) {
    const starts = await startUp(bench);
    const gateway = await bench.start(bench.gateway);
    await delay(bench.quick ? 1000 : 5000);
    const idle = gateway.residentBytes() / MB;
    const pending = await openMany(gateway);
    const growth = await signInMany(bench, gateway);
    return {
      targets: [
        target('start-up, ms', starts, { atMost: 1000 }),
        target('resident when idle, MB', spread([idle]), { atMost: 110 }),
      ],
      numbers: {
        [`sign-ins pending, as the gateway counts them`]: pending.counted,
        [`heap that ${PENDING} pending sign-ins take, bytes each`]: pending.bytesEach,
        'resident under load, highest, MB': growth.highest,
        'resident, slope of the later half, bytes per sign-in': growth.residentSlope,
        'heap, slope of the later half, bytes per sign-in': growth.heapSlope,
      },
      notes: [
        'A used state is remembered for 11 minutes (AUTH_TRANSACTION_TTL_SECONDS and a minute), so that it is used once:',
        'some 150 bytes for each sign-in of the last 11 minutes are no leak; `npm run soak` shows the level it comes to.',
      ],
    };
  },
};

async function startUp(bench: Bench): Promise<Spread> {
  const times: number[] = [];
  for (let count = 0; count < (bench.quick ? 2 : 7); count += 1) {
    const gateway = await bench.start(bench.gateway);
    times.push(gateway.startMs);
    await gateway.stop();
  }
  return spread(times);
}

/** Sign-ins that were begun and not ended: their state is in the browser, so they should take nothing here. */
async function openMany(gateway: Program): Promise<{ counted: number; bytesEach: number }> {
  const begin = async (browser: BenchBrowser): Promise<void> => {
    browser.forgetCookies();
    await start(browser, gateway.url);
  };
  return withBrowsers(BROWSERS, async (browsers) => {
    // What the first thousands leave behind is compiled code.
    await driveTimes(browsers, PENDING, begin);
    const before = await lowestHeap(gateway, browsers, begin);
    await driveTimes(browsers, PENDING, begin);
    const after = await lowestHeap(gateway, browsers, begin);
    return {
      counted: await metric(gateway.url, 'gateway_sign_ins_pending'),
      bytesEach: (after - before) / PENDING,
    };
  });
}

/** New work drives the garbage collector, so the lowest of some looks in between is close to what is really held. */
async function lowestHeap(
  gateway: Program,
  browsers: readonly BenchBrowser[],
  work: (browser: BenchBrowser) => Promise<void>,
): Promise<number> {
  const looks: number[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    await driveTimes(browsers, STEP / LOOKS, work);
    looks.push(await heapBytes(gateway.url));
  }
  return Math.min(...looks);
}

async function signInMany(
  bench: Bench,
  gateway: Program,
): Promise<{ highest: number; residentSlope: number; heapSlope: number }> {
  let done = 0;
  const work = async (browser: BenchBrowser): Promise<void> => {
    await signIn(browser, { startAt: gateway.url }, returning((done += 1) % RETURNING_PEOPLE));
  };
  const resident: (readonly [number, number])[] = [];
  const heap: (readonly [number, number])[] = [];
  await withBrowsers(BROWSERS, async (browsers) => {
    for (let step = 1; step <= (bench.quick ? 2 : 10); step += 1) {
      const lowest = await lowestHeap(gateway, browsers, work);
      resident.push([step * STEP, gateway.residentBytes()]);
      heap.push([step * STEP, lowest]);
      const megabytes = (bytes: number): string => (bytes / MB).toFixed(1).padStart(6);
      bench.say(
        `  after ${String(step * STEP).padStart(6)} sign-ins: resident ${megabytes(gateway.residentBytes())} MB, heap ${megabytes(lowest)} MB`,
      );
    }
  });
  // The first half fills caches and compiles; with few points all count.
  const later = <Point>(points: readonly Point[]): readonly Point[] =>
    points.length < 4 ? points : points.slice(points.length / 2 - 1);
  return {
    highest: Math.max(...resident.map(([, bytes]) => bytes)) / MB,
    residentSlope: slope(later(resident)),
    heapSlope: slope(later(heap)),
  };
}
