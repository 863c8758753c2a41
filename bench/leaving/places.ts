import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_CORP_ID, type Sandbox, startSandbox } from '../../sandbox/index.js';
import type { Program } from '../harness/program.js';
import type { Bench } from '../harness/workload.js';
import { boundPeople } from '../night/bound-people.js';
import { CountingPostgres } from '../nocobase/database.js';
import { launcher, type NocoBase } from '../nocobase/launcher.js';
import { call } from '../nocobase/people.js';
import { PLUGIN_PACKAGE } from '../nocobase/ways-side-by-side.js';

export const AUTHENTICATOR = 'dingtalk';
const DATABASE = 'leaving';
/** Bound people per leaver: the brake begins at 5 % of them in an hour. */
const WHO_STAY = 25;
const LOOK_MS = 100;

/** A NocoBase of two nodes, which notices leavers by the plugin alone, then by a gateway. */
export interface Places {
  readonly sandbox: Sandbox;
  readonly nodes: readonly [NocoBase, NocoBase];
  /** Starts a gateway, which receives the events from then on. */
  readonly handOver: () => Promise<void>;
}

/** Starts all of it for some work, and ends it. @returns why not, where this machine has no suitable PostgreSQL */
export async function withPlaces<T>(
  bench: Bench,
  leavers: number,
  work: (all: Places) => Promise<T>,
): Promise<T | string> {
  const ends: (() => Promise<void>)[] = [];
  try {
    const { launchRealNocoBase, installPlugin } = await launcher(bench);
    const postgres = await CountingPostgres.start(bench.root);
    if (typeof postgres === 'string') return postgres;
    ends.push(async () => postgres.stop());
    const sandbox = await startSandbox();
    ends.push(async () => sandbox.close());
    const database = await postgres.create(DATABASE);
    const env = { ...addressesOf(sandbox), APP_AES_SECRET_KEY: randomBytes(32).toString('hex') };
    const launch = async (): Promise<NocoBase> => {
      const nocobase = await launchRealNocoBase({ authenticator: AUTHENTICATOR, database, env });
      ends.push(async () => nocobase.stop());
      await installPlugin(nocobase, { file: join(bench.root, 'dist/plugin.tgz'), packageName: PLUGIN_PACKAGE });
      return nocobase;
    };
    const first = await launch();
    await postgres.run(DATABASE, [...boundPeople(leavers * WHO_STAY, AUTHENTICATOR), lookedAtLately()]);
    await setUp(first, { signInBy: 'nocobase' });
    sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(`${first.url}/api/dingtalk/callback/${AUTHENTICATOR}`);
    // Without Redis, NocoBase's nodes do not tell each other of an authenticator, so it exists before the second one starts.
    const second = await launch();
    await listening(sandbox, 2);
    const handOver = async (): Promise<void> => {
      const last = Math.max(...sandbox.stream.connections().map(({ id }) => id));
      const gateway = await startGateway(bench, sandbox, first);
      // At each node, for the same reason.
      for (const node of [first, second]) {
        await setUp(node, { signInBy: 'gateway', gatewayUrl: gateway.url, nocobaseUrl: first.url });
      }
      await listening(sandbox, 1, last);
    };
    return await work({ sandbox, nodes: [first, second], handOver });
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

function addressesOf({ loginUrl, apiUrl, oapiUrl }: Sandbox): Record<string, string> {
  return { DINGTALK_LOGIN_URL: loginUrl, DINGTALK_API_URL: apiUrl, DINGTALK_OAPI_URL: oapiUrl };
}

async function startGateway(bench: Bench, sandbox: Sandbox, { url }: NocoBase): Promise<Program> {
  return bench.start(bench.gateway, {
    ...addressesOf(sandbox),
    DINGTALK_CLIENT_ID: DEMO_CLIENT_ID,
    DINGTALK_CLIENT_SECRET: DEMO_CLIENT_SECRET,
    DINGTALK_CORP_ID: DEMO_CORP_ID,
    DINGTALK_EVENTS: 'stream',
    NOCOBASE_URL: url,
    NOCOBASE_PUBLIC_URL: url,
    NOCOBASE_HANDOFF: 'ticket',
    NOCOBASE_API_TOKEN: '',
    NOCOBASE_JWT_SECRET: '',
  });
}

async function setUp(nocobase: NocoBase, by: object): Promise<void> {
  const options = {
    nocobaseUrl: nocobase.url,
    clientId: DEMO_CLIENT_ID,
    clientSecret: DEMO_CLIENT_SECRET,
    corpIds: [DEMO_CORP_ID],
    identity: 'member',
    autoSignUp: true,
    leavers: 'lock',
    events: 'stream',
    // All browsers here have the same address.
    requestsPerMinute: 100_000,
    ...by,
  };
  const filter = JSON.stringify({ name: AUTHENTICATOR });
  await call(nocobase, `authenticators:update?filter=${filter}`, { authType: 'DingTalk', enabled: true, options });
}

/** Without it, a check of all bound people would begin a minute after the start. */
function lookedAtLately(): string {
  return `INSERT INTO dingtalk_leaver_marks (authenticator, mark_name, mark_value)
    VALUES ('${AUTHENTICATOR}', 'mark night.ended', '${Date.now()}')`;
}

/** Waits until DingTalk has exactly so many connections, all opened after the given one. */
async function listening(sandbox: Sandbox, count: number, after = 0): Promise<void> {
  for (;;) {
    const open = sandbox.stream.connections();
    if (open.length === count && open.every(({ id }) => id > after)) return;
    await delay(LOOK_MS);
  }
}
