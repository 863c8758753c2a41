import { drive, withBrowsers } from '../harness/drive.js';
import { Inspector } from '../harness/inspector.js';
import type { Program } from '../harness/program.js';
import { signIn, WrongAnswerError } from '../harness/sign-in.js';
import { slope } from '../harness/statistics.js';
import type { Bench } from '../harness/workload.js';
import { returning } from '../upstream/people.js';
import { binomialError, expectedFailureRate, fatalFaults } from './expected.js';
import { openLoop } from './open-loop.js';

const BROWSERS = 16;
/** For finding the maximum; without faults, people may return immediately. */
const PEOPLE_AT_MAXIMUM = 500;
/**
 * The interval in seconds at which a person returns. Not shorter: simultaneous sign-ins of one person share one lookup
 * (src/core/accounts/account-matcher.ts), so one slow answer, which times out after 5 s, would fail several of them.
 */
const BACK_AFTER_SECONDS = 10;
const FINDING_MAXIMUM_SECONDS = 10;
const LOOK_EVERY_MS = 10_000;
const MB = 1e6;
/** Of the heap, after a full garbage collection. A leak of 100 bytes per sign-in exceeds it at a hundred sign-ins a second. */
const MAX_GROWTH_MB_PER_MINUTE = 0.5;
/** Memory does not level off earlier. */
const WARM_UP_MINUTES = 3;
/** In a shorter time, the garbage collector's fluctuation exceeds a leak. */
const MIN_JUDGED_MINUTES = 2;
/** Two faults may occur in one sign-in. */
const COINCIDENCES = 0.02;

/**
 * A used state is remembered for the lifetime of a sign-in and one minute more. With the default of ten minutes the gateway would
 * accumulate them until the very end of a soak; with this value its memory is level after a minute and a half.
 */
const TTL_SECONDS = '30';

export interface SoakOptions {
  readonly minutes: number;
  /** Sign-ins a second; default: half of the gateway's maximum. */
  readonly perSecond: number | undefined;
  /** Per upstream call. */
  readonly faultRate: number;
  readonly seed: number;
}

export interface SoakResult {
  readonly perSecond: number;
  readonly signIns: number;
  /** Failed sign-ins by HTTP status; `none` without an answer. */
  readonly failures: Readonly<Record<string, number>>;
  /** The same by the reason in the gateway's log. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly calls: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly memory: readonly { readonly minute: number; readonly residentMb: number; readonly heapMb: number }[];
  readonly checks: readonly { readonly name: string; readonly detail: string; readonly passed: boolean }[];
}

/** A gateway for minutes at a moderate rate, with upstreams that occasionally fail. */
export async function runSoak(bench: Bench, { minutes, perSecond, faultRate, seed }: SoakOptions): Promise<SoakResult> {
  const { flags, port } = await Inspector.flags();
  const gateway = await bench.start(bench.gateway, { AUTH_TRANSACTION_TTL_SECONDS: TTL_SECONDS }, flags);
  const inspector = await Inspector.attach(gateway, port);
  const rate = perSecond ?? (await maximum(gateway)) / 2;
  const people = Math.ceil(rate * BACK_AFTER_SECONDS);
  bench.say(
    `${rate.toFixed(0)} sign-ins a second for ${minutes} minutes; ${faultRate * 100} % of the upstream calls go wrong`,
  );

  await bench.upstreams.counts();
  await bench.upstreams.set({ dingTalkDelayMs: 0, nocoBaseDelayMs: 0, faults: { rate: faultRate, seed } });
  const failures: Record<string, number> = {};
  let signIns = 0;
  const memory: { minute: number; residentMb: number; heapMb: number }[] = [];
  const began = performance.now();
  const look = async (): Promise<void> => {
    const minute = (performance.now() - began) / 60_000;
    // After a garbage collection: between two of them memory varies by tens of megabytes, which would hide a leak.
    const heapMb = (await inspector.heldBytes()) / MB;
    memory.push({ minute, residentMb: gateway.residentBytes() / MB, heapMb });
  };
  // A gateway that has exited cannot be inspected: the failed sign-ins show it.
  const looking = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS);
  await openLoop({ perSecond: rate, seconds: minutes * 60 }, async (browser) => {
    const person = returning((signIns += 1) % people);
    try {
      await signIn(browser, { startAt: gateway.url }, person);
    } catch (error) {
      const status = error instanceof WrongAnswerError ? String(error.status) : 'none';
      failures[status] = (failures[status] ?? 0) + 1;
    }
  });
  clearInterval(looking);
  inspector.close();
  const { calls, faults } = await bench.upstreams.counts();
  const exitCode = await gateway.stop();
  const log = gateway.log();
  const outcome = { perSecond: rate, signIns, failures, reasons: reasonsIn(log), calls, faults, memory };
  return { ...outcome, checks: check(outcome, { faultRate, log, exitCode }) };
}

function reasonsIn(log: string): Record<string, number> {
  const reasons: Record<string, number> = {};
  for (const line of log.split('\n').filter((text) => text.includes('"outcome":"failure"'))) {
    const { detail } = JSON.parse(line) as { detail?: string };
    reasons[detail ?? 'unknown'] = (reasons[detail ?? 'unknown'] ?? 0) + 1;
  }
  return reasons;
}

async function maximum(gateway: Program): Promise<number> {
  let done = 0;
  const until = performance.now() + FINDING_MAXIMUM_SECONDS * 1000;
  await withBrowsers(BROWSERS, async (browsers) =>
    drive(
      browsers,
      async (browser) => {
        await signIn(browser, { startAt: gateway.url }, returning((done += 1) % PEOPLE_AT_MAXIMUM));
      },
      () => performance.now() < until,
    ),
  );
  return done / FINDING_MAXIMUM_SECONDS;
}

function check(
  { signIns, failures, faults, memory }: Omit<SoakResult, 'checks' | 'reasons'>,
  { faultRate, log, exitCode }: { faultRate: number; log: string; exitCode: number | undefined },
): SoakResult['checks'] {
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  const fatal = fatalFaults(faults);
  const expectedRate = expectedFailureRate(faultRate);
  const expected = signIns * expectedRate;
  const error = binomialError(signIns, expectedRate);
  const unexpected = Object.keys(failures).filter((status) => !['502', '503', '504'].includes(status));
  const unhandled = log.match(/unhandled\w*|uncaught\w*|ERR_UNHANDLED/gi) ?? [];
  const opened = log.match(/circuit open/g) ?? [];
  const level = memory.filter(({ minute }) => minute > WARM_UP_MINUTES);
  const isLong = (level.at(-1)?.minute ?? 0) >= WARM_UP_MINUTES + MIN_JUDGED_MINUTES - 0.2;
  const growth = isLong ? slope(level.map(({ minute, heapMb }) => [minute, heapMb])) : undefined;
  const resident = isLong ? slope(level.map(({ minute, residentMb }) => [minute, residentMb])) : 0;
  return [
    {
      name: 'as many sign-ins failed as faults no repetition heals',
      detail: `${failed} failed, ${fatal} such faults`,
      passed: Math.abs(failed - fatal) <= Math.max(2, fatal * COINCIDENCES),
    },
    {
      name: 'the error rate is the injected one',
      detail: `${percent(failed / signIns)} of ${signIns}, expected ${percent(expectedRate)} ± ${percent(error / signIns)}`,
      passed: Math.abs(failed - expected) <= error,
    },
    {
      name: 'who failed was told that an upstream did',
      detail: `HTTP ${JSON.stringify(failures)}`,
      passed: unexpected.length === 0,
    },
    {
      name: 'the circuit breaker stayed closed',
      detail: `${opened.length} calls were refused by it`,
      passed: opened.length === 0,
    },
    {
      name: 'no unhandled rejection, and an orderly end',
      detail: `${unhandled.length} in the log, exit code ${exitCode ?? 'none'}`,
      passed: unhandled.length === 0 && exitCode === 0,
    },
    {
      name: 'memory stays level',
      detail:
        growth === undefined
          ? `not judged: a soak of less than ${WARM_UP_MINUTES + MIN_JUDGED_MINUTES} minutes says nothing`
          : `after the first ${WARM_UP_MINUTES} minutes the heap grows by ${growth.toFixed(2)} MB a minute, resident memory by ${resident.toFixed(2)}`,
      passed: growth === undefined || growth <= MAX_GROWTH_MB_PER_MINUTE,
    },
  ];
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
