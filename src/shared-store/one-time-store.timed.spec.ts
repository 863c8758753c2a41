import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import { freePort } from '../../test/support/free-port.js';
import { TestRedis } from '../../test/support/redis.js';
import { describeWith } from '../../test/support/requirements.js';
import { StoreUnavailableError } from '../core/sign-in/index.js';
import { RedisConnection } from './redis.connection.js';
import { RedisOneTimeStore } from './redis.one-time-store.js';

/** The longest that people wait for a failing Redis, plus a margin for this machine. */
const PATIENCE_MS = 3500;

beforeAll(() => Logger.overrideLogger(false));

describe('A one-time store refuses within three seconds', () => {
  let connection: RedisConnection | undefined;

  afterEach(() => connection?.client?.disconnect());

  async function storeAt(url: string): Promise<RedisOneTimeStore> {
    connection = await RedisConnection.open({ mode: 'single', nodes: [url] });
    return new RedisOneTimeStore(connection.client!);
  }

  /** @returns milliseconds */
  async function refusedAfter(work: Promise<unknown>): Promise<number> {
    const started = performance.now();
    await expect(work).rejects.toBeInstanceOf(StoreUnavailableError);
    return performance.now() - started;
  }

  it('if Redis was never reachable', async () => {
    const store = await storeAt(`redis://127.0.0.1:${await freePort()}`);
    expect(await refusedAfter(store.useUp('some-key', 60))).toBeLessThan(PATIENCE_MS);
  });

  it('if a server accepts connections and never responds', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => void sockets.add(socket.on('error', () => undefined))).listen(
      0,
      '127.0.0.1',
    );
    await once(silent, 'listening');
    const store = await storeAt(`redis://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    expect(await refusedAfter(store.useUp('some-key', 60))).toBeLessThan(PATIENCE_MS);
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  describeWith('redis', 'where Redis', (program) => {
    it('went down', async () => {
      const redis = await TestRedis.start(program);
      const store = await storeAt(redis.url);
      await expect(store.useUp('some-key', 60)).resolves.toBe(true);
      await redis.stop();
      expect(await refusedAfter(store.useUp('another-key', 60))).toBeLessThan(PATIENCE_MS);
      expect(await refusedAfter(store.check())).toBeLessThan(PATIENCE_MS);
    });
  });
});
