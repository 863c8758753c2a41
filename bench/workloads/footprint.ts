import { setTimeout as delay } from 'node:timers/promises';
import type { BenchBrowser } from '../harness/browser.js';
import { driveTimes, withBrowsers } from '../harness/drive.js';
import { metric } from '../harness/gateway-metrics.js';
import { Inspector } from '../harness/inspector.js';
import type { Program } from '../harness/program.js';
import { signIn, start } from '../harness/sign-in.js';
import { slope, spread, type Spread } from '../harness/statistics.js';
import { target } from '../harness/target.js';
import type { Bench, Workload } from '../harness/workload.js';
import { returning, RETURNING_PEOPLE } from '../upstream/people.js';

const MB = 1e6;
const BROWSERS = 16;
const STEP = 10_000;
const PENDING = 10_000;

/** Start-up, and memory: idle, with many sign-ins pending, and after many more. */
export const footprint: Workload = {
  id: 'footprint',
  title: 'start-up time and memory',
  async run(bench) {
    const { wallMs, cpuMs } = await startUp(bench);
    const { flags, port } = await Inspector.flags();
    const gateway = await bench.start(bench.gateway, {}, flags);
    await delay(bench.quick ? 1000 : 5000);
    const idle = gateway.residentBytes() / MB;
    const inspector = await Inspector.attach(gateway, port);
    const pending = await openMany(gateway, inspector);
    const growth = await signInMany(bench, gateway, inspector);
    inspector.close();
    return {
      targets: [
        target('start-up, ms', wallMs, { atMost: 1000 }),
        target('resident when idle, MB', spread([idle]), { atMost: 110 }),
      ],
      numbers: {
        'start-up, CPU ms': cpuMs.median,
        'sign-ins pending, as the gateway counts them': pending.counted,
        [`heap that ${PENDING} further pending sign-ins take, bytes each`]: pending.bytesEach,
        'resident under load, highest, MB': growth.highest,
        'resident, slope of the later half, bytes per sign-in': growth.residentSlope,
        'heap, slope of the later half, bytes per sign-in': growth.heapSlope,
      },
      notes: [
        'heap: what is in use after a full garbage collection',
        'A used state is remembered for 11 minutes (AUTH_TRANSACTION_TTL_SECONDS and a minute), so that it is used once:',
        'what that takes for each sign-in of the last 11 minutes is no leak; `npm run soak` shows the level it comes to.',
      ],
    };
  },
};

async function startUp(bench: Bench): Promise<{ wallMs: Spread; cpuMs: Spread }> {
  const wall: number[] = [];
  const cpu: number[] = [];
  for (let count = 0; count < (bench.quick ? 2 : 7); count += 1) {
    const gateway = await bench.start(bench.gateway);
    wall.push(gateway.startMs);
    cpu.push(gateway.cpuSeconds() * 1000);
    await gateway.stop();
  }
  return { wallMs: spread(wall), cpuMs: spread(cpu) };
}

/** Sign-ins that were started and not finished: their state is in the browser, so they should use no memory here. */
async function openMany(gateway: Program, inspector: Inspector): Promise<{ counted: number; bytesEach: number }> {
  const begin = async (browser: BenchBrowser): Promise<void> => {
    browser.forgetCookies();
    await start(browser, gateway.url);
  };
  return withBrowsers(BROWSERS, async (browsers) => {
    // The growth of the first thousands is compiled code.
    await driveTimes(browsers, PENDING, begin);
    const before = await inspector.heldBytes();
    await driveTimes(browsers, PENDING, begin);
    const after = await inspector.heldBytes();
    return {
      counted: await metric(gateway.url, 'gateway_sign_ins_pending'),
      bytesEach: (after - before) / PENDING,
    };
  });
}

async function signInMany(
  bench: Bench,
  gateway: Program,
  inspector: Inspector,
): Promise<{ highest: number; residentSlope: number; heapSlope: number }> {
  let done = 0;
  const work = async (browser: BenchBrowser): Promise<void> => {
    await signIn(browser, { startAt: gateway.url }, returning((done += 1) % RETURNING_PEOPLE));
  };
  const resident: (readonly [number, number])[] = [];
  const heap: (readonly [number, number])[] = [];
  await withBrowsers(BROWSERS, async (browsers) => {
    for (let step = 1; step <= (bench.quick ? 2 : 10); step += 1) {
      await driveTimes(browsers, STEP, work);
      // Before the garbage collection, which would release memory that a gateway in use keeps.
      const [bytes, held] = [gateway.residentBytes(), await inspector.heldBytes()];
      resident.push([step * STEP, bytes]);
      heap.push([step * STEP, held]);
      const megabytes = (value: number): string => (value / MB).toFixed(1).padStart(6);
      bench.say(
        `  after ${String(step * STEP).padStart(6)} sign-ins: resident ${megabytes(bytes)} MB, heap ${megabytes(held)} MB`,
      );
    }
  });
  // The first half fills caches and compiles; with few points all are used.
  const later = <Point>(points: readonly Point[]): readonly Point[] =>
    points.length < 4 ? points : points.slice(points.length / 2 - 1);
  return {
    highest: Math.max(...resident.map(([, bytes]) => bytes)) / MB,
    residentSlope: slope(later(resident)),
    heapSlope: slope(later(heap)),
  };
}
