import { BenchBrowser } from './browser.js';
import { percentile, type Spread, spread } from './statistics.js';

/** Something that answers, and what it costs: one process, or several that share the work. */
export interface Side {
  readonly name: string;
  cpuSeconds(): number;
}

/** One unit of work, checked. @returns the milliseconds that count as its latency */
export type Work<Subject> = (subject: Subject, browser: BenchBrowser) => Promise<number>;

export interface Pace {
  readonly rounds: number;
  /** Of one contestant in one round. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** Browsers at a time, each with a connection of its own. */
  readonly browsers: number;
}

/** What one contestant did in one round. */
export interface Round {
  readonly done: number;
  readonly perSecond: number;
  /** Of the contestant's own processes, per unit of work. */
  readonly cpuMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Measured {
  readonly name: string;
  readonly rounds: readonly Round[];
}

/**
 * Each contestant in turn, round after round (ABC, BCA, …), so that what changes on the machine meanwhile meets all of
 * them. The others only wait: they use no CPU.
 */
export async function interleave<Subject extends Side>(
  subjects: readonly Subject[],
  work: Work<Subject>,
  { rounds, seconds, warmUpSeconds, browsers: count }: Pace,
): Promise<Measured[]> {
  const measured = new Map(subjects.map((subject) => [subject, [] as Round[]]));
  const browsers = Array.from({ length: count }, () => new BenchBrowser());
  try {
    for (const subject of subjects) await load(subject, work, browsers, warmUpSeconds);
    for (let round = 0; round < rounds; round += 1) {
      const first = round % subjects.length;
      for (const subject of [...subjects.slice(first), ...subjects.slice(0, first)]) {
        measured.get(subject)?.push(await load(subject, work, browsers, seconds));
      }
    }
  } finally {
    await Promise.all(browsers.map(async (browser) => browser.close()));
  }
  return [...measured].map(([{ name }, done]) => ({ name, rounds: done }));
}

/** All browsers, each one sign-in after another, for so long. @throws what the first wrong answer throws */
export async function load<Subject extends Side>(
  subject: Subject,
  work: Work<Subject>,
  browsers: readonly BenchBrowser[],
  seconds: number,
): Promise<Round> {
  const latencies: number[] = [];
  const cpuBefore = subject.cpuSeconds();
  const began = performance.now();
  let until = began + seconds * 1000;
  const outcomes = await Promise.allSettled(
    browsers.map(async (browser) => {
      browser.forgetCookies();
      try {
        while (performance.now() < until) latencies.push(await work(subject, browser));
      } catch (error) {
        // Nobody goes on for nothing.
        until = 0;
        throw error;
      }
    }),
  );
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw new Error(`${subject.name}: ${String(failed.reason)}`, { cause: failed.reason });
  const took = (performance.now() - began) / 1000;
  return {
    done: latencies.length,
    perSecond: latencies.length / took,
    cpuMs: ((subject.cpuSeconds() - cpuBefore) * 1000) / latencies.length,
    p50Ms: percentile(latencies, 50),
    p99Ms: percentile(latencies, 99),
  };
}

/** Over all rounds. */
export type Summary = Readonly<Record<Exclude<keyof Round, 'done'> | 'perCpuSecond', Spread>> & {
  readonly done: number;
};

export function summary({ rounds }: Measured): Summary {
  const over = (value: (round: Round) => number): Spread => spread(rounds.map(value));
  return {
    done: rounds.reduce((sum, { done }) => sum + done, 0),
    perSecond: over(({ perSecond }) => perSecond),
    perCpuSecond: over(({ cpuMs }) => 1000 / cpuMs),
    cpuMs: over(({ cpuMs }) => cpuMs),
    p50Ms: over(({ p50Ms }) => p50Ms),
    p99Ms: over(({ p99Ms }) => p99Ms),
  };
}
