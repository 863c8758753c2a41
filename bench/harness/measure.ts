import type { BenchBrowser } from './browser.js';
import { drive, withBrowsers } from './drive.js';
import { percentile, type Spread, spread } from './statistics.js';

/** A program under test, and its cost: one process, or several that share the work. */
export interface Side {
  readonly name: string;
  cpuSeconds(): number;
  /** For processes that do a part of the work elsewhere, such as the gateway when NocoBase's process is measured. */
  cpuSecondsBeside?(): number;
}

/** One unit of work, with its result checked. @returns its latency in ms */
export type Work<Subject> = (subject: Subject, browser: BenchBrowser) => Promise<number>;

export interface Pace {
  readonly rounds: number;
  /** Per contestant and round. */
  readonly seconds: number;
  readonly warmUp: WarmUp;
  /** Number of browsers in parallel, each with its own connection. */
  readonly browsers: number;
}

/**
 * Until the code is compiled: one of the first hundred sign-ins costs several times as much as one after two thousand, and slow
 * contestants need as many of them as fast ones.
 */
export interface WarmUp {
  readonly units: number;
  /** Sufficient even if fewer units were done. */
  readonly atMostSeconds: number;
}

/** The results of one contestant in one round. */
export interface Round {
  readonly done: number;
  readonly perSecond: number;
  /** Of the contestant's own processes, per unit of work. */
  readonly cpuMs: number;
  /** Of the other processes involved, per unit of work. */
  readonly cpuMsBeside: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Measured {
  readonly name: string;
  readonly rounds: readonly Round[];
}

/**
 * Each contestant in turn, round by round (ABC, BCA, …), so that changes on the machine affect all of them. The others only wait:
 * they use no CPU.
 */
export async function interleave<Subject extends Side>(
  subjects: readonly Subject[],
  work: Work<Subject>,
  { rounds, seconds, warmUp, browsers: count }: Pace,
): Promise<Measured[]> {
  const measured = new Map(subjects.map((subject) => [subject, [] as Round[]]));
  await withBrowsers(count, async (browsers) => {
    for (const subject of subjects) await load(subject, work, browsers, warmUp.atMostSeconds, warmUp.units);
    for (let round = 0; round < rounds; round += 1) {
      const first = round % subjects.length;
      for (const subject of [...subjects.slice(first), ...subjects.slice(0, first)]) {
        measured.get(subject)?.push(await load(subject, work, browsers, seconds));
      }
    }
  });
  return [...measured].map(([{ name }, done]) => ({ name, rounds: done }));
}

async function load<Subject extends Side>(
  subject: Subject,
  work: Work<Subject>,
  browsers: readonly BenchBrowser[],
  seconds: number,
  units = Infinity,
): Promise<Round> {
  const latencies: number[] = [];
  const cpuBefore = subject.cpuSeconds();
  const besideBefore = subject.cpuSecondsBeside?.() ?? 0;
  const began = performance.now();
  const until = began + seconds * 1000;
  try {
    await drive(
      browsers,
      async (browser) => void latencies.push(await work(subject, browser)),
      () => performance.now() < until && latencies.length < units,
    );
  } catch (error) {
    throw new Error(`${subject.name}: ${String(error)}`, { cause: error });
  }
  const took = (performance.now() - began) / 1000;
  return {
    done: latencies.length,
    perSecond: latencies.length / took,
    cpuMs: ((subject.cpuSeconds() - cpuBefore) * 1000) / latencies.length,
    cpuMsBeside: (((subject.cpuSecondsBeside?.() ?? 0) - besideBefore) * 1000) / latencies.length,
    p50Ms: percentile(latencies, 50),
    p99Ms: percentile(latencies, 99),
  };
}

/** Over all rounds. */
export type Summary = Readonly<Record<Exclude<keyof Round, 'done' | 'cpuMsBeside'> | 'perCpuSecond', Spread>> & {
  readonly done: number;
  readonly rounds: readonly Round[];
};

export function summary({ rounds }: Measured): Summary {
  const over = (value: (round: Round) => number): Spread => spread(rounds.map(value));
  return {
    done: rounds.reduce((sum, { done }) => sum + done, 0),
    rounds,
    perSecond: over(({ perSecond }) => perSecond),
    perCpuSecond: over(({ cpuMs }) => 1000 / cpuMs),
    cpuMs: over(({ cpuMs }) => cpuMs),
    p50Ms: over(({ p50Ms }) => p50Ms),
    p99Ms: over(({ p99Ms }) => p99Ms),
  };
}
