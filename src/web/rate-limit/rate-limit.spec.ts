import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { TestRedis } from '../../../test/support/redis.js';
import { RedisOfReplicas } from '../../../test/support/redis-replicas.js';
import { describeWith } from '../../../test/support/requirements.js';
import { RedisConnection } from '../../shared-store/redis.connection.js';
import { countedNetworks } from '../../core/limits/client-address.js';
import { RateLimitedError, type RateLimiter, type Share } from '../../core/limits/index.js';
import type { RateLimits } from './rate-limit.options.js';
import { RateLimiterService } from './rate-limiter.service.js';

const WINDOW_SECONDS = 60;
const OFFICE = '203.0.113.7';
const OFF: RateLimits = { perAddress: 0 };

const countedAddress = (ip: string | undefined): string => countedNetworks(ip)[0];

beforeAll(() => Logger.overrideLogger(false));

const limiter = (limits: Partial<RateLimits>, redis = new RedisConnection(undefined)): RateLimiter =>
  new RateLimiterService({ ...OFF, ...limits, secret: 'a secret' }, redis);

/** `true` for an accepted request, else the refusal. */
async function outcome(limits: RateLimiter, ip: string | undefined, share: Share = 'anybody') {
  return limits.count(ip, share).then(
    () => true as const,
    (error: unknown) => {
      if (error instanceof RateLimitedError) return error;
      throw error;
    },
  );
}

async function letThrough(limits: RateLimiter, times: number, ip: string | undefined = OFFICE): Promise<number> {
  let count = 0;
  for (let i = 0; i < times; i += 1) if ((await outcome(limits, ip)) === true) count += 1;
  return count;
}

describe('the address that a request counts for', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:cb00:7107', '203.0.113.7'],
    ['64:ff9b::cb00:7107', '203.0.113.7'],
    ['64:ff9b::203.0.113.7', '203.0.113.7'],
    ['64:ff9b:1:abcd::cb00:7107', '203.0.113.7'],
    ['::ffff:0:203.0.113.7', '203.0.113.7'],
    ['[64:ff9b::cb00:7107]:4711', '203.0.113.7'],
  ])('is the IPv4 address that %s contains', (ip, address) => {
    expect(countedAddress(ip)).toBe(address);
  });

  it('distinguishes IPv4 neighbours', () => {
    expect(countedAddress('203.0.113.7')).not.toBe(countedAddress('203.0.113.8'));
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'],
    ['2001:db8:1:2::1', '2001:0DB8:0001:0002:0000:0000:0000:0009'],
    ['2001:db8::1', '2001:db8:0:0:abcd::'],
    ['::1', '::2'],
    ['fe80::1%eth0', 'fe80::2%eth1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('is the same for %s and %s: one /64', (one, other) => {
    expect(countedAddress(one)).toBe(countedAddress(other));
    expect(countedAddress(one)).not.toBe('unknown');
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['2001:db8:1::', '2001:db8:0:1::'],
    ['2001:db8::', '2001:db8:8000::'],
    ['1::', '::1:0:0:0:0'],
    ['64:ff9b::cb00:7107', '64:ff9b::cb00:7108'],
    ['64:ff9c::cb00:7107', '203.0.113.7'],
  ])('differs for %s and %s', (one, other) => {
    expect(countedAddress(one)).not.toBe(countedAddress(other));
  });

  it.each([
    undefined,
    '',
    ' ',
    'unknown',
    'localhost',
    '203.0.113.7, 198.51.100.1',
    '999.1.1.1',
    '2001:db8::1::2',
    '__proto__',
    '203.0.113.7\r\nSET x',
    'a'.repeat(300),
  ])('is one bucket for all invalid ones: %p', (ip) => {
    expect(countedAddress(ip)).toBe('unknown');
  });

  it.each([
    ['203.0.113.7:443', '203.0.113.7'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
  ])('is that of %s without the port that a load balancer added', (written, address) => {
    expect(countedAddress(written)).toBe(countedAddress(address));
    expect(countedAddress(written)).not.toBe('unknown');
  });

  it('includes, for IPv6, the networks around it: /64, /56 and /48', () => {
    expect(countedNetworks('2001:db8:1:abcd::1')).toEqual([
      '2001:db8:1:abcd/64',
      '2001:db8:1:ab00/56',
      '2001:db8:1/48',
    ]);
    const common = (one: string, other: string): number =>
      countedNetworks(one).filter((network) => countedNetworks(other).includes(network)).length;
    expect(common('2001:db8:1:ab01::1', '2001:db8:1:ab02::1')).toBe(2);
    expect(common('2001:db8:1:ab01::1', '2001:db8:1:ac01::1')).toBe(1);
    expect(common('2001:db8:1:ab01::1', '2001:db8:2:ab01::1')).toBe(0);
    expect(countedNetworks(OFFICE)).toEqual([OFFICE]);
    expect(countedNetworks('nothing')).toEqual(['unknown']);
  });

  it('is the same in every notation of IPv4: no second quota for the same machine', () => {
    for (const ip of ['203.0.113.07', '0xcb.0.113.7', '3405803783']) {
      expect([countedAddress(OFFICE), 'unknown']).toContain(countedAddress(ip));
    }
  });
});

/** @param make returns a limiter that has counted nothing yet */
function describeLimiter(name: string, make: (limits: Partial<RateLimits>) => Promise<RateLimiter>): void {
  describe(`the rate limit (${name})`, () => {
    it('accepts as many requests as configured, then says how long to wait', async () => {
      const limits = await make({ perAddress: 3 });
      expect(await letThrough(limits, 10)).toBe(3);
      const refusal = await outcome(limits, OFFICE);
      expect(refusal).toMatchObject({ code: 'rate_limited', status: 429 });
      const { retryAfterSeconds } = refusal as RateLimitedError;
      expect(Number.isInteger(retryAfterSeconds)).toBe(true);
      expect(retryAfterSeconds).toBeGreaterThanOrEqual(1);
      expect(retryAfterSeconds).toBeGreaterThan(WINDOW_SECONDS - 20);
      expect(retryAfterSeconds).toBeLessThanOrEqual(WINDOW_SECONDS);
    });

    it('is exact for simultaneous requests', async () => {
      const limits = await make({ perAddress: 20 });
      const outcomes = await Promise.all(Array.from({ length: 100 }, async () => outcome(limits, OFFICE)));
      expect(outcomes.filter((one) => one === true)).toHaveLength(20);
    });

    it('counts addresses separately', async () => {
      const limits = await make({ perAddress: 1 });
      expect(await letThrough(limits, 2, '198.51.100.1')).toBe(1);
      expect(await letThrough(limits, 2, '198.51.100.2')).toBe(1);
    });

    it('gives a whole /64 one quota', async () => {
      const limits = await make({ perAddress: 5 });
      const machines = Array.from({ length: 20 }, (_, i) => `2001:db8:77:1::${(i + 1).toString(16)}`);
      const outcomes = await Promise.all(machines.map(async (ip) => outcome(limits, ip)));
      expect(outcomes.filter((one) => one === true)).toHaveLength(5);
    });

    it('is off if it is 0', async () => {
      expect(await letThrough(await make(OFF), 300)).toBe(300);
    });

    it('gives a /56 twice as much as a /64, and a /48 twice as much as that, however many /64 there are', async () => {
      const limits = await make({ perAddress: 3 });
      const from = async (networks: readonly string[]): Promise<number> => {
        let through = 0;
        for (const network of networks) through += await letThrough(limits, 4, `${network}::1`);
        return through;
      };
      const numbered = (prefix: string, count: number) =>
        Array.from({ length: count }, (_, i) => `${prefix}${i.toString(16).padStart(2, '0')}`);
      expect(await from(numbered('2001:db8:5:aa', 20))).toBe(6);
      expect(await from(numbered('2001:db8:5:bb', 20))).toBe(6);
      expect(await from(numbered('2001:db8:5:cc', 20))).toBe(0);
      // Another customer, and a client with IPv4.
      expect(await from(['2001:db8:6:aa'])).toBe(3);
      expect(await letThrough(limits, 4)).toBe(3);
    });

    it('does not let one noisy /64 use up the quota of its neighbours', async () => {
      const limits = await make({ perAddress: 3 });
      expect(await letThrough(limits, 100, '2001:db8:7:1::1')).toBe(3);
      expect(await letThrough(limits, 100, '2001:db8:7:2::1')).toBe(3);
      expect(await letThrough(limits, 100, '2001:db8:7:100::1')).toBe(3);
    });

    it.each([[OFFICE], ['2001:db8:8:1::1']])('has a separate quota for a holder of a transaction at %s', async (ip) => {
      const limits = await make({ perAddress: 3 });
      expect(await letThrough(limits, 100, ip)).toBe(3);
      const outcomes = [];
      for (let i = 0; i < 5; i += 1) outcomes.push((await outcome(limits, ip, 'holder')) === true);
      expect(outcomes).toEqual([true, true, true, false, false]);
    });
  });
}

describeLimiter('in-process', async (limits) => limiter(limits));

describe('the window of the rate limit', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('opens again after a minute, not before', async () => {
    const limits = limiter({ perAddress: 1 });
    expect(await letThrough(limits, 2)).toBe(1);
    await jest.advanceTimersByTimeAsync((WINDOW_SECONDS - 2) * 1000);
    expect(await outcome(limits, OFFICE)).toMatchObject({ retryAfterSeconds: 2 });
    await jest.advanceTimersByTimeAsync(3000);
    expect(await outcome(limits, OFFICE)).toBe(true);
  });
});

// With a hash that anyone can compute, the owner of a /48 would find a /64 in the victim's bucket.
it('gives no one a way to find an address that uses up another client’s quota', async () => {
  const bucketOf = (address: string): number => createHash('sha256').update(address).digest().readUInt32BE(0) % 65_536;
  const victim = bucketOf(countedAddress(OFFICE));
  const own = Array.from(
    { length: 4 * 65_536 },
    (_, i) => `2001:db8:${(i >> 16).toString(16)}:${(i & 0xffff).toString(16)}::1`,
  );
  const attacker = own.find((ip) => bucketOf(countedAddress(ip)) === victim);
  const limits = limiter({ perAddress: 10 });
  if (attacker !== undefined) await letThrough(limits, 11, attacker);
  expect(await outcome(limits, OFFICE)).toBe(true);
});

describeWith('redis', 'The rate limit of several replicas', (program) => {
  const redis = new RedisOfReplicas(program);

  async function replica(limits: Partial<RateLimits>, url?: string): Promise<RateLimiter> {
    return limiter(limits, await redis.connect(url));
  }

  describeLimiter('Redis', async (limits) => replica(limits));

  it('is one for both replicas: switching between them gains nothing', async () => {
    const replicas = await Promise.all([replica({ perAddress: 10 }), replica({ perAddress: 10 })]);
    const outcomes = await Promise.all(Array.from({ length: 60 }, async (_, i) => outcome(replicas[i % 2]!, OFFICE)));
    expect(outcomes.filter((one) => one === true)).toHaveLength(10);
  });

  it('leaves keys that contain no address, are bounded, and expire by themselves', async () => {
    const limits = await replica({ perAddress: 5 });
    const many = Array.from({ length: 500 }, (_, i) => `198.18.${i >> 8}.${i & 255}`);
    await Promise.all([OFFICE, '2001:db8:1:2::1', 'x'.repeat(10_000), ...many].map(async (ip) => outcome(limits, ip)));

    const keys = await redis.watch.keys('*');
    expect(keys.length).toBeGreaterThan(400);
    for (const key of keys) {
      expect(key).toMatch(/^sign-in-gateway:rate:anybody:(address|network56|network48):\d{1,5}$/);
      const bucket = Number(/:(\d+)$/.exec(key)![1]);
      expect(bucket).toBeLessThan(65_536);
    }
    const lifetimes = await Promise.all(keys.map(async (key) => redis.watch.pttl(key)));
    expect(Math.min(...lifetimes)).toBeGreaterThan(0);
    expect(Math.max(...lifetimes)).toBeLessThanOrEqual(WINDOW_SECONDS * 1000);
  });

  describe('while Redis is failing', () => {
    let fragile: TestRedis;
    beforeEach(async () => {
      fragile = await TestRedis.start(program);
    });
    afterEach(async () => fragile.stop());

    it('refuses no honest client, counts in the process, and shares again when Redis is back', async () => {
      const [one, other] = [
        await replica({ perAddress: 6 }, fragile.url),
        await replica({ perAddress: 6 }, fragile.url),
      ];
      expect([await letThrough(one, 2), await letThrough(other, 2)]).toEqual([2, 2]);

      await fragile.stop();
      expect([await outcome(one, OFFICE), await outcome(other, OFFICE)]).toEqual([true, true]);
      // Each process counts for itself now: still bounded.
      expect(await letThrough(one, 50)).toBeLessThan(7);

      await fragile.startAgain();
      const back = new Redis(fragile.url);
      try {
        for (let i = 0; i < 40 && (await back.dbsize()) === 0; i += 1) {
          await delay(150);
          await outcome(one, '198.51.100.1');
        }
        expect(await back.dbsize()).toBeGreaterThan(0);
        await redis.latest.client!.ping();
        await back.flushall();
        expect((await letThrough(one, 20)) + (await letThrough(other, 20))).toBe(6);
      } finally {
        back.disconnect();
      }
    });

    it('falls back while commands are pending', async () => {
      const limits = await replica({ perAddress: 1000 }, fragile.url);
      const running = Array.from({ length: 100 }, async () => outcome(limits, OFFICE));
      await Promise.all([fragile.stop(), ...running]);
      expect(await Promise.all(running)).toEqual(running.map(() => true));
    });

    it('refuses no client if Redis is full', async () => {
      const limits = await replica({ perAddress: 5 }, fragile.url);
      const control = new Redis(fragile.url);
      await control.config('SET', 'maxmemory', '1');
      control.disconnect();
      expect(await letThrough(limits, 8)).toBe(5);
    });

    it('refuses no client, and holds no request forever, if Redis hangs', async () => {
      const limits = await replica({ perAddress: 1000 }, fragile.url);
      const control = new Redis(fragile.url);
      // Redis responds long after this test would have failed.
      await control.call('CLIENT', 'PAUSE', '60000', 'ALL');
      control.disconnect();
      expect(await outcome(limits, OFFICE)).toBe(true);
    });
  });
});
