import type { BenchBrowser } from '../harness/browser.js';
import { interleave, type Measured, type Round } from '../harness/measure.js';
import { against, of, target } from '../harness/target.js';
import type { Outcome, Workload } from '../harness/workload.js';
import {
  BARE,
  CALLBACK,
  CHECK,
  PLUGIN_ALONE,
  REDEEM,
  START_ALONE,
  START_GATEWAY,
  STOCK,
  TICKET,
  times,
  type Way,
  waysOf,
} from '../nocobase/contestants.js';
import type { Statements } from '../nocobase/database.js';
import { PEOPLE } from '../nocobase/people.js';
import { type SideBySide, sideBySide } from '../nocobase/ways-side-by-side.js';
import { summaries } from './summaries.js';

const BROWSERS = 8;

/** NocoBase's CPU time for one way to sign in, relative to stock mode, by its letter in the handbook's chapter on capacity. */
export const OF_STOCK: Readonly<Record<string, string>> = { t: TICKET, a: PLUGIN_ALONE, w: BARE };

/** NocoBase's own cost of each way to sign in, and of the individual requests, compared with the one that every page makes. */
export const nocobaseWays: Workload = {
  id: 'h',
  title: "a returning person, by each way: CPU time of NocoBase's process",
  async run(bench) {
    bench.say('  two NocoBases and their gateways: starting …');
    return sideBySide(bench, async (all) => {
      const ways = waysOf(all);
      let number = 0;
      const go = async (way: Way, browser: BenchBrowser): Promise<number> => {
        const began = performance.now();
        await way.go(browser, (number += 1));
        return performance.now() - began;
      };
      // Everyone once in each way: from then on they are returning.
      for (const way of ways) await times(PEOPLE, async (browser) => void (await go(way, browser)));
      const measured = await interleave(ways, go, bench.pace({ browsers: BROWSERS }));
      const statements = await statementsOf(all, ways, async (way, browser) => void (await go(way, browser)));
      return outcome(measured, statements, all.postgres);
    });
  },
};

async function statementsOf(
  { postgres }: SideBySide,
  ways: readonly Way[],
  go: (way: Way, browser: BenchBrowser) => Promise<void>,
): Promise<ReadonlyMap<string, Statements>> {
  const counted = new Map<string, Statements>();
  if (typeof postgres === 'string') return counted;
  for (const way of ways) {
    const work = async (): Promise<void> => times(PEOPLE, async (browser) => go(way, browser));
    counted.set(way.name, await postgres.statements(way.database, PEOPLE, work));
  }
  return counted;
}

export function outcome(
  measured: readonly Measured[],
  statements: ReadonlyMap<string, Statements>,
  postgres: SideBySide['postgres'],
): Outcome {
  const all = ({ cpuMs, cpuMsBeside }: Round): number => cpuMs + cpuMsBeside;
  const own = ({ cpuMs }: Round): number => cpuMs;
  const ratio = (ours: string, theirs: string, value = own) =>
    against(of(measured, { name: ours }), of(measured, { name: theirs }), value);
  return {
    contestants: summaries(measured),
    targets: [
      target('plugin and gateway, of stock mode', ratio(TICKET, STOCK), { atMost: 0.75 }),
      target('or of a bare auth:signIn', ratio(TICKET, BARE), { atMost: 1.15 }),
      target('plugin alone, of stock mode with its gateway', ratio(PLUGIN_ALONE, STOCK, all), { atMost: 1 }),
      ...[START_GATEWAY, START_ALONE, REDEEM, CALLBACK].map((name) =>
        target(`${name}, of auth:check`, ratio(name, CHECK), { atMost: 0.1 }),
      ),
    ],
    numbers: {
      ...Object.fromEntries(Object.values(OF_STOCK).map((name) => [ofStock(name), ratio(name, STOCK).median])),
      'gateway, CPU ms in stock mode': beside(of(measured, { name: STOCK })),
      'gateway, CPU ms with the plugin': beside(of(measured, { name: TICKET })),
      ...Object.fromEntries(
        [...statements].map(([name, kinds]) => [
          `${name}: SQL statements`,
          Object.values(kinds).reduce((sum, count) => sum + count, 0),
        ]),
      ),
    },
    notes: [
      ...[...statements].map(([name, kinds]) => `${name}: ${listed(kinds)}`),
      ...(typeof postgres === 'string' ? [`SQLite, whose CPU time is in NocoBase's process: ${postgres}`] : []),
    ],
  };
}

export function ofStock(name: string): string {
  return `${name}: NocoBase's CPU time, of stock mode's`;
}

function beside({ rounds }: Measured): number {
  return rounds.reduce((sum, { cpuMsBeside }) => sum + cpuMsBeside, 0) / rounds.length;
}

/** Statements by kind, the most frequent first. */
export function listed(kinds: Statements): string {
  const one = ([kind, count]: readonly [string, number]): string =>
    count === 1 ? kind : `${kind} x ${Number(count.toFixed(2))}`;
  return Object.entries(kinds)
    .toSorted(([, a], [, b]) => b - a)
    .map(one)
    .join(', ');
}
