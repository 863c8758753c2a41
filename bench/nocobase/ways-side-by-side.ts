import { join } from 'node:path';
import { CORP_ID } from '../upstream/people.js';
import type { Program } from '../harness/program.js';
import type { Bench } from '../harness/workload.js';
import { BARE_PACKAGE, BARE_TYPE, withBarePlugin } from './bare-sign-in.js';
import { CountingPostgres } from './database.js';
import { launcher, type NocoBase } from './launcher.js';
import { addPeople, call } from './people.js';
import { ALONE, BARE, BY_GATEWAY } from './ways.js';

export const PLUGIN_PACKAGE = '@nocobase-dingtalk-gateway/plugin-auth-dingtalk';

/** A NocoBase without the plugin and one with it, each with a gateway, and both databases. */
export interface SideBySide {
  readonly stock: NocoBase;
  readonly stockGateway: Program;
  readonly plugin: NocoBase;
  readonly pluginGateway: Program;
  /** Or the reason why it is unavailable: then each NocoBase uses SQLite. */
  readonly postgres: CountingPostgres | string;
}

/**
 * Starts all of it for some work, and ends it.
 *
 * @param environment of both NocoBases
 */
export async function sideBySide<T>(
  bench: Bench,
  work: (all: SideBySide) => Promise<T>,
  environment: Readonly<Record<string, string>> = {},
): Promise<T> {
  const ends: (() => Promise<void>)[] = [];
  try {
    const { launchRealNocoBase, installPlugin } = await launcher(bench);
    const postgres = await CountingPostgres.start(bench.root);
    if (typeof postgres !== 'string') ends.push(async () => postgres.stop());
    const launch = async (name: string): Promise<NocoBase> => {
      const database = typeof postgres === 'string' ? undefined : await postgres.create(name);
      const env = { ...dingTalkOf(bench), ...environment };
      const nocobase = await launchRealNocoBase({ authenticator: BY_GATEWAY, database, env });
      ends.push(async () => nocobase.stop());
      await addPeople(nocobase);
      return nocobase;
    };
    const stock = await launch('stock');
    const plugin = await launch('plugin');
    await installPlugin(plugin, { file: join(bench.root, 'dist/plugin.tgz'), packageName: PLUGIN_PACKAGE });
    await withBarePlugin(bench.root, async (file) => installPlugin(plugin, { file, packageName: BARE_PACKAGE }));

    const at = ({ url }: NocoBase): Record<string, string> => ({ NOCOBASE_URL: url, NOCOBASE_PUBLIC_URL: url });
    const stockGateway = await bench.start(bench.gateway, {
      ...at(stock),
      NOCOBASE_API_TOKEN: stock.apiKey,
      NOCOBASE_JWT_SECRET: stock.jwtSecret,
    });
    const pluginGateway = await bench.start(bench.gateway, {
      ...at(plugin),
      NOCOBASE_HANDOFF: 'ticket',
      NOCOBASE_API_TOKEN: '',
      NOCOBASE_JWT_SECRET: '',
    });
    await setUp(plugin, pluginGateway);
    return await work({ stock, stockGateway, plugin, pluginGateway, postgres });
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

/** As in the gateway's environment: without a gateway, the plugin reads it from NocoBase's. */
export function dingTalkOf({ upstreams: { addresses } }: Pick<Bench, 'upstreams'>): Record<string, string> {
  return {
    DINGTALK_LOGIN_URL: addresses.dingTalkUrl,
    DINGTALK_API_URL: addresses.dingTalkUrl,
    DINGTALK_OAPI_URL: addresses.dingTalkUrl,
  };
}

async function setUp(nocobase: NocoBase, gateway: Program): Promise<void> {
  const options = {
    nocobaseUrl: nocobase.url,
    clientId: 'dingbenchapp',
    clientSecret: 'a-client-secret-for-benchmarks',
    corpIds: [CORP_ID],
    // All browsers here have the same address. The limits remain on: their cost is part of the plugin's.
    requestsPerMinute: 100_000,
  };
  const ours = { authType: 'DingTalk', enabled: true };
  const byGateway = { ...ours, options: { ...options, signInBy: 'gateway', gatewayUrl: gateway.url } };
  await call(nocobase, `authenticators:update?filter=${JSON.stringify({ name: BY_GATEWAY })}`, byGateway);
  const alone = { ...ours, options: { ...options, signInBy: 'nocobase' } };
  await call(nocobase, 'authenticators:create', { name: ALONE, title: ALONE, ...alone });
  await call(nocobase, 'authenticators:create', { name: BARE, title: BARE, authType: BARE_TYPE, enabled: true });
}
