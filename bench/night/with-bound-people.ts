import { join } from 'node:path';
import type { Bench } from '../harness/workload.js';
import { CountingPostgres } from '../nocobase/database.js';
import { launcher, type NocoBase } from '../nocobase/launcher.js';
import { addPeople, call } from '../nocobase/people.js';
import { dingTalkOf, PLUGIN_PACKAGE } from '../nocobase/ways-side-by-side.js';
import { CORP_ID } from '../upstream/people.js';
import { boundPeople } from './bound-people.js';
import type { Night } from './protocol.js';
import { Watcher } from './watcher.js';

export const DATABASE = 'night';
const AUTHENTICATOR = 'dingtalk';
const APPLICATION = { clientId: 'dingbenchapp', clientSecret: 'a-client-secret-for-benchmarks' };

/** A NocoBase with the plugin and many people, and the process that checks them. */
export interface BoundPeople {
  readonly nocobase: NocoBase;
  readonly postgres: CountingPostgres;
  readonly watcher: Watcher;
  readonly night: Night;
}

/** Starts all of it for some work, and ends it. @returns the reason if PostgreSQL is not available */
export async function withBoundPeople<T>(
  bench: Bench,
  people: number,
  work: (all: BoundPeople) => Promise<T>,
): Promise<T | string> {
  const ends: (() => Promise<void>)[] = [];
  try {
    const { launchRealNocoBase, installPlugin } = await launcher(bench);
    const postgres = await CountingPostgres.start(bench.root);
    if (typeof postgres === 'string') return postgres;
    ends.push(async () => postgres.stop());
    const nocobase = await launchRealNocoBase({
      authenticator: AUTHENTICATOR,
      database: await postgres.create(DATABASE),
      env: dingTalkOf(bench),
    });
    ends.push(async () => nocobase.stop());
    await addPeople(nocobase);
    await installPlugin(nocobase, { file: join(bench.root, 'dist/plugin.tgz'), packageName: PLUGIN_PACKAGE });
    const watcher = await Watcher.start(join(bench.root, 'build/bench/night/watch.js'));
    ends.push(async () => watcher.stop());
    const options = {
      ...APPLICATION,
      nocobaseUrl: nocobase.url,
      corpIds: [CORP_ID],
      leavers: 'lock',
      signInBy: 'gateway',
      gatewayUrl: watcher.url,
    };
    const filter = JSON.stringify({ name: AUTHENTICATOR });
    await call(nocobase, `authenticators:update?filter=${filter}`, { authType: 'DingTalk', enabled: true, options });
    // After it: with a new Client ID the plugin discards all userids.
    await postgres.run(DATABASE, boundPeople(people, AUTHENTICATOR));
    const { dingTalkUrl } = bench.upstreams.addresses;
    const night = {
      ...APPLICATION,
      nocobaseUrl: nocobase.url,
      dingTalkUrl,
      authenticator: AUTHENTICATOR,
      corpId: CORP_ID,
    };
    return await work({ nocobase, postgres, watcher, night });
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}
