import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { Logger } from '@nestjs/common';
import { eventually } from '../../test/support/eventually.js';
import { freePort } from '../../test/support/free-port.js';
import { InProcessOneTimeStore } from './in-process.one-time-store.js';
import type { OneTimeStore } from '../core/sign-in/index.js';
import { StoreUnavailableError } from '../core/sign-in/index.js';
import { RedisConnection } from './redis.connection.js';
import { RedisOneTimeStore } from './redis.one-time-store.js';

const anyKey = (): string => randomBytes(16).toString('base64url');

beforeAll(() => Logger.overrideLogger(false));

/** The behaviour of every store. @param make returns stores that share their data */
function describeStore(name: string, make: () => OneTimeStore | Promise<OneTimeStore>): void {
  describe(`a one-time store (${name})`, () => {
    it('accepts a key once', async () => {
      const [store, key] = [await make(), anyKey()];
      await expect(store.useUp(key, 60)).resolves.toBe(true);
      await expect(store.useUp(key, 60)).resolves.toBe(false);
      await expect(store.useUp(key, 1)).resolves.toBe(false);
      await expect(store.useUp(anyKey(), 60)).resolves.toBe(true);
    });

    it('distinguishes keys that differ in case or in one character, and accepts any text as a key', async () => {
      const [store, key] = [await make(), anyKey()];
      for (const other of [
        `${key}A`,
        `${key}a`,
        `${key}B`,
        `${key}*`,
        `${key} `,
        `${key}\r\nDEL x`,
        `__proto__${key}`,
      ]) {
        await expect(store.useUp(other, 60)).resolves.toBe(true);
        await expect(store.useUp(other, 60)).resolves.toBe(false);
      }
    });

    it('accepts one of fifty simultaneous uses of a key', async () => {
      const [store, key] = [await make(), anyKey()];
      const answers = await Promise.all(Array.from({ length: 50 }, () => store.useUp(key, 60)));
      expect(answers.filter(Boolean)).toHaveLength(1);
    });

    it('forgets a key when it expires, and not earlier', async () => {
      const [store, key, longer] = [await make(), anyKey(), anyKey()];
      await store.useUp(longer, 60);
      const since = performance.now();
      await store.useUp(key, 1);
      await eventually(async () => expect(await store.useUp(key, 1)).toBe(true));
      expect(performance.now() - since).toBeGreaterThan(950);
      await expect(store.useUp(longer, 60)).resolves.toBe(false);
    });

    it('reports that it can be used', async () => {
      await expect((await make()).check()).resolves.toBeUndefined();
    });
  });
}

describeStore('in process', () => new InProcessOneTimeStore());

describe('the store in this process', () => {
  it('refuses new keys when it is full, still refuses used ones, and accepts new ones when old ones expire', async () => {
    jest.useFakeTimers({ now: 0 });
    try {
      const store = new InProcessOneTimeStore(3);
      for (const key of ['a', 'b', 'c']) await store.useUp(key, 60);
      const refusal: unknown = await store.useUp('d', 60).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(StoreUnavailableError);
      expect(refusal).toMatchObject({ code: 'temporarily_unavailable', status: 503, retryAfterSeconds: 5 });
      await expect(store.check()).rejects.toBeInstanceOf(StoreUnavailableError);
      await expect(store.useUp('a', 60)).resolves.toBe(false);

      jest.setSystemTime(59_999);
      await expect(store.useUp('a', 60)).resolves.toBe(false);
      jest.setSystemTime(60_000);
      await expect(store.useUp('d', 60)).resolves.toBe(true);
      await expect(store.useUp('a', 60)).resolves.toBe(true);
    } finally {
      jest.useRealTimers();
    }
  });

  // No sign-in calls `useUp` while readiness fails. If `check` ignored expired keys, a full store behind a load
  // balancer would stay "not ready" although all its keys expired long ago.
  it('is ready again when its keys expire, even if none was used since', async () => {
    jest.useFakeTimers({ now: 0 });
    try {
      const store = new InProcessOneTimeStore(1);
      await store.useUp('a', 60);
      jest.setSystemTime(60_000);
      await expect(store.check()).resolves.toBeUndefined();
    } finally {
      jest.useRealTimers();
    }
  });

  it('shares nothing with another one: it is for one process only', async () => {
    const key = anyKey();
    await expect(new InProcessOneTimeStore().useUp(key, 60)).resolves.toBe(true);
    await expect(new InProcessOneTimeStore().useUp(key, 60)).resolves.toBe(true);
  });
});

const redisIsInstalled = spawnSync('redis-server', ['--version']).error === undefined;
const withRedis = redisIsInstalled || process.env['CI'] ? describe : describe.skip;

withRedis(redisIsInstalled ? 'with a real Redis' : 'with a real Redis (skipped: redis-server is not installed)', () => {
  let redis: RedisServer | undefined;
  const connections: RedisConnection[] = [];
  const make = async (url = redis!.url): Promise<RedisOneTimeStore> => {
    const connection = await RedisConnection.open({ mode: 'single', nodes: [url] });
    connections.push(connection);
    return new RedisOneTimeStore(connection.client!);
  };

  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  const closeStores = async (): Promise<void> => {
    await Promise.all(connections.splice(0).map((connection) => connection.onApplicationShutdown()));
  };
  afterEach(closeStores);
  afterAll(async () => redis?.stop());

  describeStore('Redis', async () => make());

  it('is shared by all processes that use it', async () => {
    const [here, there, key] = [await make(), await make(), anyKey()];
    await expect(here.useUp(key, 60)).resolves.toBe(true);
    await expect(there.useUp(key, 60)).resolves.toBe(false);
    const contested = anyKey();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => (index % 2 ? here : there).useUp(contested, 60)),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  it('stops sign-ins when it is down, and works again when it is back', async () => {
    const own = await RedisServer.start();
    const store = await make(own.url);
    const key = anyKey();
    await expect(store.useUp(key, 60)).resolves.toBe(true);
    await own.stop();

    for (const attempt of [() => store.useUp(anyKey(), 60), () => store.check()]) {
      await expect(attempt()).rejects.toBeInstanceOf(StoreUnavailableError);
    }

    const back = await RedisServer.start(own.port);
    try {
      await eventually(() => store.check());
      await expect(store.useUp(anyKey(), 60)).resolves.toBe(true);
    } finally {
      await closeStores();
      await back.stop();
    }
  });

  it('was never reachable: the same, and the log does not contain the address', async () => {
    const port = await freePort();
    const store = await make(`redis://user:CANARY@127.0.0.1:${port}`);
    const refusal: unknown = await store.useUp(anyKey(), 60).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StoreUnavailableError);
    expect(String((refusal as Error).stack)).not.toContain('CANARY');
  });

  it('accepts connections and never responds: the same', async () => {
    const sockets = new Set<{ destroy(): unknown }>();
    const silent = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const store = await make(`redis://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    await expect(store.useUp(anyKey(), 60)).rejects.toBeInstanceOf(StoreUnavailableError);
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it('refuses the password: sign-ins stop', async () => {
    const own = await RedisServer.start(undefined, ['--requirepass', 'right']);
    try {
      await expect((await make(own.url.replace('//', '//:wrong@'))).useUp(anyKey(), 60)).rejects.toBeInstanceOf(
        StoreUnavailableError,
      );
      await expect((await make(own.url.replace('//', '//:right@'))).useUp(anyKey(), 60)).resolves.toBe(true);
    } finally {
      await closeStores();
      await own.stop();
    }
  });

  it('is full: sign-ins stop instead of accepting a replay, and readiness says so', async () => {
    const own = await RedisServer.start(undefined, ['--maxmemory', '1', '--maxmemory-policy', 'noeviction']);
    try {
      const store = await make(own.url);
      for (const attempt of [() => store.useUp(anyKey(), 60), () => store.check()]) {
        const refusal: unknown = await attempt().catch((error: unknown) => error);
        expect(refusal).toBeInstanceOf(StoreUnavailableError);
        expect(refusal).toMatchObject({ detail: 'Redis: OOM' });
      }
    } finally {
      await closeStores();
      await own.stop();
    }
  });
});

/** Our own Redis, without persistence. */
class RedisServer {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
  ) {}

  static async start(port?: number, options: readonly string[] = []): Promise<RedisServer> {
    const ownPort = port ?? (await freePort());
    const fixed = [
      '--save',
      '',
      '--appendonly',
      'no',
      '--port',
      String(ownPort),
      '--bind',
      '127.0.0.1',
      '--dir',
      '/tmp',
    ];
    const child = spawn('redis-server', [...fixed, ...options], { stdio: 'ignore' });
    await once(child, 'spawn');
    await eventually(async () => {
      const socket = connect(ownPort, '127.0.0.1');
      try {
        await once(socket, 'connect');
      } finally {
        socket.destroy();
      }
    });
    return new RedisServer(ownPort, child);
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }
}
