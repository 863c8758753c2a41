import type { BenchBrowser } from '../harness/browser.js';
import { driveTimes, withBrowsers } from '../harness/drive.js';
import type { Side } from '../harness/measure.js';
import { cpuSeconds } from '../harness/process-statistics.js';
import { signIn } from '../harness/sign-in.js';
import { returning } from '../upstream/people.js';
import { passwordSignIn, PEOPLE } from './people.js';
import type { SideBySide } from './ways-side-by-side.js';
import { ALONE, BY_GATEWAY, check, page, signInAlone, signInBare, signInByTicket, start } from './ways.js';

export const STOCK = 'stock mode';
export const TICKET = 'plugin and gateway';
export const PLUGIN_ALONE = 'plugin alone';
export const BARE = 'bare auth:signIn';
export const PASSWORD = 'password';
export const START_GATEWAY = 'start, by a gateway';
export const START_ALONE = 'start, alone';
export const REDEEM = 'redeem page';
export const CALLBACK = 'callback page';
export const CHECK = 'auth:check';

export const WAYS: readonly string[] = [
  STOCK,
  TICKET,
  PLUGIN_ALONE,
  BARE,
  PASSWORD,
  START_GATEWAY,
  START_ALONE,
  REDEEM,
  CALLBACK,
  CHECK,
];

/** One contestant: what it does for the person with this number, and in which database. */
export interface Way extends Side {
  readonly database: 'stock' | 'plugin';
  go(browser: BenchBrowser, number: number): Promise<unknown>;
}

export function waysOf({ stock, stockGateway, plugin, pluginGateway }: SideBySide): Way[] {
  const at = { database: 'plugin', cpuSeconds: () => cpuSeconds(plugin.pid) } as const;
  // Linking an account that was in use ends its sessions: the measurement starts when everyone is linked.
  let token: Promise<string> | undefined;
  return [
    {
      name: STOCK,
      database: 'stock',
      cpuSeconds: () => cpuSeconds(stock.pid),
      cpuSecondsBeside: () => stockGateway.cpuSeconds(),
      go: async (browser, number) => {
        browser.forgetCookies();
        // The phone number identifies the person at NocoBase.
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

/** A browser that has started a sign-in starts another one with a fresh cookie: several tabs are a different workload. */
async function fresh(browser: BenchBrowser, started: Promise<string>): Promise<void> {
  await started;
  browser.forgetCookies();
}

export async function times(count: number, work: (browser: BenchBrowser) => Promise<void>): Promise<void> {
  await withBrowsers(1, async (browsers) => driveTimes(browsers, count, work));
}
