import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { freePort } from '../../test/support/free-port.js';
import { StoreUnavailableError } from '../core/sign-in/index.js';
import type { RedisSettings } from './redis.config.js';
import { RedisConnection } from './redis.connection.js';
import { RedisOneTimeStore } from './redis.one-time-store.js';

const LOGIN = { username: 'gateway', password: 'p@ss#w/rd' };
const ESCAPED = `${LOGIN.username}:${encodeURIComponent(LOGIN.password)}`;
const ACL = ['--user', LOGIN.username, 'on', `>${LOGIN.password}`, '~*', '&*', '+@all'];

const anyKey = (): string => randomBytes(16).toString('base64url');
const isInstalled = spawnSync('redis-server', ['--version']).error === undefined;
const withRedis = isInstalled || process.env['CI'] ? describe : describe.skip;

withRedis(isInstalled ? 'Redis for many' : 'Redis for many (skipped: redis-server is not installed)', () => {
  const children: ChildProcess[] = [];
  const connections: RedisConnection[] = [];

  beforeAll(() => Logger.overrideLogger(false));
  afterEach(async () => {
    await Promise.all(connections.splice(0).map((connection) => connection.onApplicationShutdown()));
    await Promise.all(children.splice(0).map(stopped));
  });

  async function start(...args: string[]): Promise<ChildProcess> {
    // A replica writes the data it receives into its folder.
    const cwd = mkdtempSync(join(tmpdir(), 'redis-'));
    const child = spawn('redis-server', [...args, '--bind', '127.0.0.1', '--save', ''], { cwd });
    children.push(child);
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`redis-server ended with code ${code}`)));
      child.stdout.on('data', (chunk: Buffer) => {
        if (/ready to accept connections|Sentinel ID is/i.test(chunk.toString('utf8'))) resolve();
      });
    });
    return child;
  }

  async function store(settings: RedisSettings): Promise<RedisOneTimeStore> {
    const connection = await RedisConnection.open(settings);
    connections.push(connection);
    return new RedisOneTimeStore(connection.client!);
  }

  /** Both ends see that a state is used up once, and counters count, wherever a key is stored. */
  async function expectToWork(settings: RedisSettings): Promise<void> {
    const [here, there] = [await store(settings), await store(settings)];
    await eventually(async () => here.check());
    await eventually(async () => there.check());
    for (let keys = 0; keys < 20; keys += 1) {
      const key = anyKey();
      const answers = await Promise.all([here.useUp(key, 60), there.useUp(key, 60)]);
      expect(answers.filter(Boolean)).toHaveLength(1);
      await expect(here.useUp(key, 60)).resolves.toBe(false);
    }
    const { client } = connections.at(-1)!;
    const limiter = new RateLimiterRedis({ storeClient: client, points: 2, duration: 60, rejectIfRedisNotReady: true });
    const address = anyKey();
    expect((await limiter.consume(address)).consumedPoints).toBe(1);
    expect((await limiter.consume(address)).consumedPoints).toBe(2);
    await expect(limiter.consume(address)).rejects.toMatchObject({ remainingPoints: 0 });
  }

  it('works behind Sentinel, follows it to a new master, and accepts no one in between', async () => {
    const [first, second, sentinel] = [await freePort(), await freePort(), await freePort()];
    const master = await start('--port', String(first), ...ACL);
    const replica = ['--replicaof', '127.0.0.1', String(first), '--masteruser', LOGIN.username];
    await start('--port', String(second), ...ACL, ...replica, '--masterauth', LOGIN.password);
    const folder = mkdtempSync(join(tmpdir(), 'sentinel-'));
    const file = join(folder, 'sentinel.conf');
    const lines = [
      `port ${sentinel}`,
      `sentinel monitor mymaster 127.0.0.1 ${first} 1`,
      `sentinel auth-user mymaster ${LOGIN.username}`,
      `sentinel auth-pass mymaster ${LOGIN.password}`,
      'sentinel down-after-milliseconds mymaster 500',
      'sentinel failover-timeout mymaster 2000',
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    await start(file, '--sentinel');
    const watch = new Redis(sentinel);
    await eventually(async () => {
      const replicas = (await watch.call('SENTINEL', 'REPLICAS', 'mymaster')) as unknown[];
      if (replicas.length === 0) throw new Error('no replica is known yet');
    });

    const nobody = `redis://${ESCAPED}@127.0.0.1:${await freePort()}`;
    const settings: RedisSettings = {
      mode: 'sentinel',
      nodes: [nobody, `redis://${ESCAPED}@127.0.0.1:${sentinel}`],
      master: 'mymaster',
    };
    await expectToWork(settings);

    const used = await store(settings);
    const key = anyKey();
    await eventually(async () => used.check());
    await expect(used.useUp(key, 60)).resolves.toBe(true);
    const direct = new Redis(`redis://${ESCAPED}@127.0.0.1:${first}`);
    // It waits for what its own connection has written, and with it for everything before.
    await direct.set('marker', 1);
    expect(await direct.wait(1, 30_000)).toBe(1);
    direct.disconnect();
    await stopped(master);
    await expect(used.useUp(key, 60)).rejects.toBeInstanceOf(StoreUnavailableError);
    await eventually(async () => used.useUp(anyKey(), 60));
    await expect(used.useUp(key, 60)).resolves.toBe(false);
    watch.disconnect();
  }, 60_000);

  it('follows an address to the new master, although nothing closes the connections to the former one', async () => {
    const [first, second] = [await freePort(), await freePort()];
    await start('--port', String(first));
    await start('--port', String(second), '--replicaof', '127.0.0.1', String(first));
    const address = await Address.of(first);
    const admins = [new Redis(first), new Redis(second)] as const;
    try {
      const settings: RedisSettings = { mode: 'single', nodes: [`redis://127.0.0.1:${address.port}`] };
      const [signIns, readiness] = [await store(settings), await store(settings)];
      const key = anyKey();
      await expect(signIns.useUp(key, 60)).resolves.toBe(true);
      await expect(readiness.check()).resolves.toBeUndefined();
      await admins[0].set('marker', 1);
      expect(await admins[0].wait(1, 30_000)).toBe(1);

      await admins[0].replicaof('127.0.0.1', second);
      await expect(readiness.check()).rejects.toMatchObject({ detail: 'Redis: READONLY' });
      address.leadsTo = second;
      await admins[1].replicaof('NO', 'ONE');
      // Usually the first person after the failover need not try again; on a busy machine the driver takes longer.
      await eventually(async () => expect(await signIns.useUp(anyKey(), 60)).toBe(true));
      await expect(signIns.useUp(key, 60)).resolves.toBe(false);
      await eventually(async () => readiness.check());
    } finally {
      for (const admin of admins) admin.disconnect();
      address.close();
    }
  }, 60_000);

  it('works in a cluster, whichever node has a key', async () => {
    const ports = [await freePort(), await freePort()];
    const admins: Redis[] = [];
    for (const port of ports) {
      const files = ['--dir', mkdtempSync(join(tmpdir(), 'cluster-')), '--cluster-port', String(await freePort())];
      await start('--port', String(port), '--cluster-enabled', 'yes', ...ACL, ...files);
      admins.push(new Redis(`redis://${ESCAPED}@127.0.0.1:${port}`));
    }
    await admins[0]!.call('CLUSTER', 'ADDSLOTSRANGE', '0', '8191');
    await admins[1]!.call('CLUSTER', 'ADDSLOTSRANGE', '8192', '16383');
    const bus = /@(\d+)/.exec(String(await admins[1]!.call('CLUSTER', 'NODES')))![1]!;
    await admins[0]!.call('CLUSTER', 'MEET', '127.0.0.1', String(ports[1]), bus);
    await eventually(async () => {
      for (const admin of admins) {
        const info = await admin.cluster('INFO');
        if (!info.includes('cluster_state:ok') || !info.includes('cluster_known_nodes:2')) throw new Error(info);
      }
    });
    for (const admin of admins) admin.disconnect();
    const settings: RedisSettings = { mode: 'cluster', nodes: [`redis://${ESCAPED}@127.0.0.1:${ports[0]}`] };
    await expectToWork(settings);
    const later = await store(settings);
    await eventually(async () => later.check());
    await expect(later.useUp(anyKey(), 60)).resolves.toBe(true);
  }, 60_000);

  it('stops sign-ins if no node responds, and if the password is wrong', async () => {
    const port = await freePort();
    await start('--port', String(port), '--requirepass', 'right');
    for (const settings of [
      { mode: 'sentinel', nodes: [`redis://127.0.0.1:${await freePort()}`], master: 'mymaster' },
      { mode: 'cluster', nodes: [`redis://127.0.0.1:${await freePort()}`] },
      { mode: 'cluster', nodes: [`redis://:wrong@127.0.0.1:${port}`] },
    ] as const) {
      const refusal: unknown = await (await store(settings)).useUp(anyKey(), 60).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(StoreUnavailableError);
    }
  }, 30_000);
});

/** Forwards new connections to a Redis, and keeps the old ones, as a managed address or HAProxy may do. */
class Address {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    public leadsTo: number,
  ) {
    server.on('connection', (client: Socket) => {
      const redis = connect(this.leadsTo, '127.0.0.1');
      for (const socket of [client, redis]) this.sockets.add(socket.on('error', () => undefined));
      client.pipe(redis).pipe(client);
    });
  }

  static async of(port: number): Promise<Address> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Address(server, port);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function eventually(attempt: () => Promise<unknown>): Promise<void> {
  for (let left = 150; ; left -= 1) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (left === 0) throw error;
      await delay(200);
    }
  }
}
