import type { BenchBrowser } from '../harness/browser.js';
import { driveTimes, withBrowsers } from '../harness/drive.js';
import { interleave, type Measured, type Round, type Side } from '../harness/measure.js';
import { cpuSeconds } from '../harness/process-statistics.js';
import { signIn } from '../harness/sign-in.js';
import { against, of, target } from '../harness/target.js';
import type { Outcome, Workload } from '../harness/workload.js';
import type { Statements } from '../nocobase/database.js';
import { passwordSignIn, PEOPLE } from '../nocobase/people.js';
import { type SideBySide, sideBySide } from '../nocobase/ways-side-by-side.js';
import { ALONE, BY_GATEWAY, check, page, signInAlone, signInBare, signInByTicket, start } from '../nocobase/ways.js';
import { returning } from '../upstream/people.js';
import { summaries } from './summaries.js';

const BROWSERS = 8;

const STOCK = 'stock mode';
const TICKET = 'plugin and gateway';
const PLUGIN_ALONE = 'plugin alone';
const BARE = 'bare auth:signIn';
const PASSWORD = 'password';
const START_GATEWAY = 'start, by a gateway';
const START_ALONE = 'start, alone';
const REDEEM = 'redeem page';
const CALLBACK = 'callback page';
const CHECK = 'auth:check';

/** One contestant: what it does for the person of this number, and in which database. */
interface Way extends Side {
  readonly database: 'stock' | 'plugin';
  go(browser: BenchBrowser, number: number): Promise<unknown>;
}

/** What NocoBase itself pays in each way to sign in, and for the single requests beside the one that every page makes. */
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
      // Everybody once by each: from then on they are returning.
      for (const way of ways) await times(PEOPLE, async (browser) => void (await go(way, browser)));
      const measured = await interleave(ways, go, bench.pace({ browsers: BROWSERS }));
      const statements = await statementsOf(all, ways, async (way, browser) => void (await go(way, browser)));
      return outcome(measured, statements, all.postgres);
    });
  },
};

function waysOf({ stock, stockGateway, plugin, pluginGateway }: SideBySide): Way[] {
  const at = { database: 'plugin', cpuSeconds: () => cpuSeconds(plugin.pid) } as const;
  // Linking an account that was used ends its sessions: this one begins when everybody is linked.
  let token: Promise<string> | undefined;
  return [
    {
      name: STOCK,
      database: 'stock',
      cpuSeconds: () => cpuSeconds(stock.pid),
      cpuSecondsBeside: () => stockGateway.cpuSeconds(),
      go: async (browser, number) => {
        browser.forgetCookies();
        // Who that is at NocoBase, the phone number says.
        return signIn(browser, { startAt: stockGateway.url }, { ...returning(number % PEOPLE), userId: undefined });
      },
    },
    {
      ...at,
      name: TICKET,
      cpuSecondsBeside: () => pluginGateway.cpuSeconds(),
      go: async (browser, number) => signInByTicket(browser, plugin.url, number),
    },
    { ...at, name: PLUGIN_ALONE, go: async (browser, number) => signInAlone(browser, plugin.url, number) },
    { ...at, name: BARE, go: async (browser, number) => signInBare(browser, plugin.url, number) },
    { ...at, name: PASSWORD, go: async (browser, number) => passwordSignIn(browser, plugin.url, number) },
    { ...at, name: START_GATEWAY, go: async (browser) => fresh(browser, start(browser, plugin.url, BY_GATEWAY)) },
    { ...at, name: START_ALONE, go: async (browser) => fresh(browser, start(browser, plugin.url, ALONE)) },
    {
      ...at,
      name: REDEEM,
      go: async (browser) => page(browser, plugin.url, `/api/dingtalk:redeem?authenticator=${BY_GATEWAY}`),
    },
    {
      ...at,
      name: CALLBACK,
      go: async (browser) => page(browser, plugin.url, `/api/dingtalk/callback/${ALONE}?code=c&state=s`),
    },
    {
      ...at,
      name: CHECK,
      go: async (browser) => check(browser, plugin.url, await (token ??= passwordSignIn(browser, plugin.url, 0))),
    },
  ];
}

/** A browser that has begun once begins another time: cookies of several tabs are another workload. */
async function fresh(browser: BenchBrowser, started: Promise<string>): Promise<void> {
  await started;
  browser.forgetCookies();
}

async function times(count: number, work: (browser: BenchBrowser) => Promise<void>): Promise<void> {
  await withBrowsers(1, async (browsers) => driveTimes(browsers, count, work));
}

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

function outcome(
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

function beside({ rounds }: Measured): number {
  return rounds.reduce((sum, { cpuMsBeside }) => sum + cpuMsBeside, 0) / rounds.length;
}

function listed(kinds: Statements): string {
  const one = ([kind, count]: readonly [string, number]): string =>
    count === 1 ? kind : `${kind} x ${Number(count.toFixed(2))}`;
  return Object.entries(kinds)
    .toSorted(([, a], [, b]) => b - a)
    .map(one)
    .join(', ');
}
