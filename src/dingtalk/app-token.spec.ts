import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { Redis } from 'ioredis';
import { freePort } from '../../test/support/free-port.js';
import { TestRedis } from '../../test/support/redis.js';
import { describeWith } from '../../test/support/requirements.js';
import { RedisConnection } from '../shared-store/redis.connection.js';
import { UpstreamHttpClient, withTimeBudget } from '../core/upstream/index.js';
import { UpstreamModule } from '../upstream/index.js';
import { AppTokens } from '../core/dingtalk/app-tokens.js';
import { AppTokenStore } from './app-token.store.js';
import { DingTalkApiClient } from '../core/dingtalk/dingtalk-api.client.js';
import { StaleAppTokenError } from '../core/dingtalk/dingtalk.errors.js';
import { type DingTalkOptions, withCallbackUrl } from './dingtalk.options.js';

const CLIENT_ID = 'canary-client-id';
const CLIENT_SECRET = 'canary-client-secret';
const LIFETIME_SECONDS = 7200;

/** DingTalk's `oauth2/accessToken`, and nothing else. */
class TokenDesk {
  /** Every body that was sent. */
  readonly asked: unknown[] = [];
  lifetimeSeconds = LIFETIME_SECONDS;
  delayMs = 0;
  /** Statuses to respond with first. */
  readonly failures: number[] = [];
  /** DingTalk returns the same token while it is valid. */
  current = 'canary-token-1';
  private readonly server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      this.asked.push(JSON.parse(body));
      const [status = 200] = this.failures.splice(0, 1);
      const answer = { accessToken: this.current, expireIn: this.lifetimeSeconds };
      setTimeout(() => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      }, this.delayMs);
    });
  });

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

const itself = async (token: string): Promise<string> => token;

describe('the access token of the application', () => {
  let desk: TokenDesk;
  let modules: TestingModule[];
  let connections: RedisConnection[];

  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(async () => {
    [modules, connections] = [[], []];
    desk = await new TokenDesk().start();
  });
  afterEach(async () => {
    jest.useRealTimers();
    await Promise.all(connections.map(async (connection) => connection.onApplicationShutdown()));
    await Promise.all([desk.stop(), ...modules.map(async (module) => module.close())]);
  });

  /** One replica. */
  async function replica(redisUrl?: string, options: Partial<DingTalkOptions> = {}) {
    const all: DingTalkOptions = {
      publicUrl: 'https://gateway.invalid',
      authenticator: 'dingtalk',
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      identity: 'member',
      corpIds: [],
      loginUrl: desk.url,
      apiUrl: desk.url,
      oapiUrl: desk.url,
      timeoutMs: 5000,
      ...options,
    };
    const module = await Test.createTestingModule({ imports: [UpstreamModule] }).compile();
    const connection = await RedisConnection.open(
      redisUrl === undefined ? undefined : { mode: 'single', nodes: [redisUrl] },
    );
    modules.push(module);
    connections.push(connection);
    const api = new DingTalkApiClient(module.get(UpstreamHttpClient), withCallbackUrl(all));
    return new AppTokens(api, new AppTokenStore(connection, all));
  }

  it('is requested once by fifty simultaneous callers, and shared with all later ones', async () => {
    desk.delayMs = 100;
    const tokens = await replica();
    const used = await Promise.all(Array.from({ length: 50 }, async () => tokens.use(itself)));
    expect(new Set(used)).toEqual(new Set(['canary-token-1']));
    await tokens.use(itself);
    expect(desk.asked).toEqual([{ appKey: CLIENT_ID, appSecret: CLIENT_SECRET }]);
  });

  it('is requested again by the next caller after a failure, which all waiting callers get', async () => {
    desk.failures.push(500);
    const tokens = await replica();
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, async () => tokens.use(itself)));
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'rejected'));
    await expect(tokens.use(itself)).resolves.toBe('canary-token-1');
    expect(desk.asked).toHaveLength(2);
  });

  it('is retried within one use if DingTalk is briefly down', async () => {
    desk.failures.push(503, 504);
    const tokens = await replica();
    await expect(tokens.use(itself)).resolves.toBe('canary-token-1');
    expect(desk.asked).toHaveLength(3);
  });

  it('is renewed some minutes before it expires, and no sooner', async () => {
    jest.useFakeTimers({
      doNotFake: ['setTimeout', 'setImmediate', 'setInterval', 'nextTick', 'performance', 'queueMicrotask'],
    });
    const tokens = await replica();
    await tokens.use(itself);
    desk.current = 'canary-token-2';
    jest.setSystemTime(Date.now() + (LIFETIME_SECONDS - 300) * 1000);
    await expect(tokens.use(itself)).resolves.toBe('canary-token-1');
    jest.setSystemTime(Date.now() + 200_000);
    await expect(tokens.use(itself)).resolves.toBe('canary-token-2');
    expect(desk.asked).toHaveLength(2);
  });

  it('works, requested each time, if its lifetime is shorter than that', async () => {
    desk.lifetimeSeconds = 60;
    const tokens = await replica();
    await tokens.use(itself);
    await expect(tokens.use(itself)).resolves.toBe('canary-token-1');
    expect(desk.asked).toHaveLength(2);
  });

  it('is dropped when DingTalk no longer accepts it, and the work is retried once with a new one', async () => {
    const tokens = await replica();
    await tokens.use(itself);
    desk.current = 'canary-token-2';
    const tried: string[] = [];
    const done = tokens.use(async (token) => {
      tried.push(token);
      if (token === 'canary-token-1') throw new StaleAppTokenError();
      return 'done';
    });
    await expect(done).resolves.toBe('done');
    expect(tried).toEqual(['canary-token-1', 'canary-token-2']);
    expect(desk.asked).toHaveLength(2);
  });

  it('is replaced only once: if DingTalk refuses every token, the retries end', async () => {
    const tokens = await replica();
    let tries = 0;
    const refused = tokens.use(async () => {
      tries += 1;
      throw new StaleAppTokenError();
    });
    await expect(refused).rejects.toBeInstanceOf(StaleAppTokenError);
    expect(tries).toBe(2);
    expect(desk.asked).toHaveLength(2);
  });

  it('is kept, and the work not retried, after any other failure', async () => {
    const tokens = await replica();
    let tries = 0;
    const failed = tokens.use(async () => {
      tries += 1;
      throw new TypeError('another');
    });
    await expect(failed).rejects.toThrow(TypeError);
    await tokens.use(itself);
    expect([tries, desk.asked.length]).toEqual([1, 1]);
  });

  it('is replaced by one request when fifty callers find out at the same time that it is invalid', async () => {
    const tokens = await replica();
    await tokens.use(itself);
    desk.current = 'canary-token-2';
    desk.delayMs = 50;
    const done = await Promise.all(
      Array.from({ length: 50 }, async () =>
        tokens.use(async (token) => {
          if (token === 'canary-token-1') throw new StaleAppTokenError();
          return token;
        }),
      ),
    );
    expect(new Set(done)).toEqual(new Set(['canary-token-2']));
    expect(desk.asked).toHaveLength(2);
  });

  it('is not dropped by a late caller who refers to the previous one', async () => {
    const tokens = await replica();
    let release = (): void => undefined;
    const late = tokens.use(async (token) => {
      if (token !== 'canary-token-1') return token;
      await new Promise<void>((resolve) => (release = resolve));
      throw new StaleAppTokenError();
    });
    while (desk.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await tokens.use(itself);
    desk.current = 'canary-token-2';
    const early = tokens.use(async (token) => {
      if (token === 'canary-token-1') throw new StaleAppTokenError();
      return token;
    });
    await early;
    release();
    await expect(late).resolves.toBe('canary-token-2');
    expect(desk.asked).toHaveLength(2);
  });

  // The shared request has its own time budget.
  it('is not refused to a caller with time left because the first caller had none', async () => {
    desk.delayMs = 300;
    const tokens = await replica();
    const hurried = withTimeBudget(100, async () => tokens.use(itself));
    const patient = withTimeBudget(10_000, async () => tokens.use(itself));
    const [, second] = await Promise.allSettled([hurried, patient]);
    expect(second).toEqual({ status: 'fulfilled', value: 'canary-token-1' });
  });

  it('works if Redis was never reachable', async () => {
    const tokens = await replica(`redis://127.0.0.1:${await freePort()}`);
    await expect(tokens.use(itself)).resolves.toBe('canary-token-1');
    // It is in memory, so Redis, which may be slow, is not called again.
    const commands = jest.spyOn(connections.at(-1)!.client!, 'sendCommand');
    await expect(tokens.use(itself)).resolves.toBe('canary-token-1');
    expect(commands).not.toHaveBeenCalled();
    expect(desk.asked).toHaveLength(1);
  });

  describeWith('redis', 'shared through Redis', (program) => {
    let server: TestRedis;
    let watch: Redis;

    beforeAll(async () => {
      server = await TestRedis.start(program);
      watch = new Redis(server.url);
      watch.on('error', () => undefined);
    });
    beforeEach(async () => watch.flushall());
    afterAll(async () => {
      watch?.disconnect();
      await server?.stop();
    });

    /** Every key and value. */
    async function contents(): Promise<string[]> {
      const keys = await watch.keys('*');
      return [...keys, ...(await Promise.all(keys.map(async (key) => String(await watch.get(key)))))];
    }

    it('is requested by the first replica only', async () => {
      const [one, other] = [await replica(server.url), await replica(server.url)];
      await one.use(itself);
      desk.current = 'canary-token-2';
      await expect(other.use(itself)).resolves.toBe('canary-token-1');
      expect(desk.asked).toHaveLength(1);
    });

    it('is still there after a restart of the replica', async () => {
      await (await replica(server.url)).use(itself);
      await expect((await replica(server.url)).use(itself)).resolves.toBe('canary-token-1');
      expect(desk.asked).toHaveLength(1);
    });

    it('is stored sealed: no token, no id and no secret in any key or value', async () => {
      await (await replica(server.url)).use(itself);
      const all = await contents();
      expect(all).toHaveLength(2);
      const text = all.flatMap((part) => [
        part,
        ...part.split('.').map((piece) => Buffer.from(piece, 'base64url').toString('latin1')),
      ]);
      for (const part of text) {
        expect(part).not.toContain('canary');
        expect(part).not.toContain(Buffer.from('canary-token-1').toString('base64url').slice(0, 12));
      }
    });

    it('expires there by itself when it must no longer be used', async () => {
      await (await replica(server.url)).use(itself);
      const [key] = await watch.keys('*');
      const lifetime = await watch.pttl(key!);
      expect(lifetime).toBeGreaterThan((LIFETIME_SECONDS - 400) * 1000);
      expect(lifetime).toBeLessThanOrEqual((LIFETIME_SECONDS - 200) * 1000);
    });

    it.each([
      ['another application', { clientId: 'another-client' }],
      ['another secret', { clientSecret: 'another-secret' }],
    ])('is not given to %s', async (_name, options) => {
      await (await replica(server.url)).use(itself);
      desk.current = 'canary-token-2';
      await expect((await replica(server.url, options)).use(itself)).resolves.toBe('canary-token-2');
      expect(desk.asked).toHaveLength(2);
    });

    it.each(['', 'rubbish', '{"value":"planted","usableUntil":9999999999999}', 'a.b.c.d.e', '.'.repeat(4)])(
      'is requested if something else (%j) was written in its place',
      async (planted) => {
        await (await replica(server.url)).use(itself);
        const [key] = await watch.keys('*');
        await watch.set(key!, planted);
        await expect((await replica(server.url)).use(itself)).resolves.toBe('canary-token-1');
        expect(desk.asked).toHaveLength(2);
      },
    );

    it('is requested if the sealed text of another application was copied in its place', async () => {
      await (await replica(server.url)).use(itself);
      const [own] = await watch.keys('*');
      desk.current = 'planted';
      await (await replica(server.url, { clientSecret: 'another-secret' })).use(itself);
      const other = (await watch.keys('*')).find((key) => key !== own)!;
      await watch.set(own!, (await watch.get(other))!);
      desk.current = 'canary-token-3';
      await expect((await replica(server.url)).use(itself)).resolves.toBe('canary-token-3');
    });

    it('is dropped for all replicas when DingTalk no longer accepts it', async () => {
      const [one, other] = [await replica(server.url), await replica(server.url)];
      await Promise.all([one, other].map(async (tokens) => tokens.use(itself)));
      desk.current = 'canary-token-2';
      const before = desk.asked.length;
      const stale = async (token: string): Promise<string> => {
        if (token === 'canary-token-1') throw new StaleAppTokenError();
        return token;
      };
      await expect(one.use(stale)).resolves.toBe('canary-token-2');
      await expect((await replica(server.url)).use(stale)).resolves.toBe('canary-token-2');
      expect(desk.asked).toHaveLength(before + 1);
      await expect(other.use(stale)).resolves.toBe('canary-token-2');
    });

    // If `forget` deleted whatever is stored, each replica in turn would discard what the previous one has just
    // obtained.
    it('is requested once when every replica finds out in turn that the old one is invalid', async () => {
      const replicas = await Promise.all([1, 2, 3, 4].map(async () => replica(server.url)));
      for (const tokens of replicas) await tokens.use(itself);
      desk.current = 'canary-token-2';
      for (const tokens of replicas) {
        await tokens.use(async (token) => {
          if (token === 'canary-token-1') throw new StaleAppTokenError();
          return token;
        });
      }
      expect(desk.asked).toHaveLength(2);
    });

    it('keeps working when Redis goes down', async () => {
      const fragile = await TestRedis.start(program);
      try {
        const tokens = await replica(fragile.url);
        await tokens.use(itself);
        await fragile.stop();
        const commands = jest.spyOn(connections.at(-1)!.client!, 'sendCommand');
        await expect(tokens.use(itself)).resolves.toBe('canary-token-1');
        expect(commands).not.toHaveBeenCalled();
        desk.current = 'canary-token-2';
        const renewed = tokens.use(async (token) => {
          if (token === 'canary-token-1') throw new StaleAppTokenError();
          return token;
        });
        await expect(renewed).resolves.toBe('canary-token-2');
      } finally {
        await fragile.stop();
      }
    });

    it('is available in bounded time if Redis hangs', async () => {
      const hanging = await TestRedis.start(program);
      const control = new Redis(hanging.url);
      try {
        const tokens = await replica(hanging.url);
        await connections.at(-1)!.client!.ping();
        await control.call('CLIENT', 'PAUSE', '60000', 'ALL');
        // Redis responds long after this test would have failed.
        await expect(tokens.use(itself)).resolves.toBe('canary-token-1');
      } finally {
        control.disconnect();
        await hanging.stop();
      }
    });
  });
});
