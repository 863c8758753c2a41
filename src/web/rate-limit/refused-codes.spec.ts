import { Logger } from '@nestjs/common';
import { TestRedis } from '../../../test/support/redis.js';
import { RedisOfReplicas } from '../../../test/support/redis-replicas.js';
import { describeWith } from '../../../test/support/requirements.js';
import { RedisConnection } from '../../shared-store/redis.connection.js';
import { RateLimitedError } from '../../core/limits/index.js';
import { MAX_REFUSED, RefusedCodes } from '../../core/limits/index.js';
import { RefusedCodesService } from './refused-codes.service.js';

const OFFICE = '203.0.113.7';

class NotKnown extends Error {}

beforeAll(() => Logger.overrideLogger(false));
// An attempt waits eight seconds for its turn: on a machine that stops for longer, they must not pass.
beforeEach(() => void jest.spyOn(performance, 'now').mockReturnValue(0));
afterEach(() => void jest.restoreAllMocks());

const limited = (redis = new RedisConnection(undefined)): RefusedCodes =>
  new RefusedCodesService({ secret: 'a secret' }, redis);

/** A provider that responds a moment later. */
class Provider {
  reached = 0;
  running = 0;
  most = 0;
  readonly refuse = async (): Promise<never> => {
    await this.answer();
    throw new NotKnown();
  };
  readonly accept = async (): Promise<'in'> => {
    await this.answer();
    return 'in';
  };
  readonly fail = async (): Promise<never> => {
    await this.answer();
    throw new Error('out of order');
  };

  private async answer(): Promise<void> {
    this.reached += 1;
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    await new Promise((resolve) => setImmediate(resolve));
    this.running -= 1;
  }
}

async function attempt(codes: RefusedCodes, exchange: () => Promise<unknown>, ip = OFFICE): Promise<unknown> {
  return codes.guard(ip, exchange, (error) => error instanceof NotKnown).catch((error: unknown) => error);
}

const many = async (count: number, work: (index: number) => Promise<unknown>): Promise<unknown[]> =>
  Promise.all(Array.from({ length: count }, async (_, index) => work(index)));

function describeLimit(name: string, make: () => Promise<RefusedCodes>): void {
  describe(`refused codes (${name})`, () => {
    it('reach the provider thirty times for each minute and address, one by one', async () => {
      const [codes, provider] = [await make(), new Provider()];
      for (let i = 0; i < 100; i += 1) await attempt(codes, provider.refuse);
      expect(provider.reached).toBe(MAX_REFUSED);
      const refusal = await attempt(codes, provider.accept);
      expect(refusal).toBeInstanceOf(RateLimitedError);
      expect(refusal).toMatchObject({ code: 'rate_limited', status: 429 });
      const { retryAfterSeconds } = refusal as RateLimitedError;
      expect(retryAfterSeconds).toBeGreaterThan(20);
      expect(retryAfterSeconds).toBeLessThanOrEqual(60);
      expect(provider.reached).toBe(MAX_REFUSED);
    });

    it('reach it no more often if all arrive at the same time', async () => {
      const [codes, provider] = [await make(), new Provider()];
      const outcomes = await many(200, async () => attempt(codes, provider.refuse));
      expect(provider.reached).toBe(MAX_REFUSED);
      expect(outcomes.filter((one) => one instanceof NotKnown)).toHaveLength(MAX_REFUSED);
      expect(outcomes.filter((one) => one instanceof RateLimitedError)).toHaveLength(200 - MAX_REFUSED);
    });

    it('are all that counts: an office signs in at once, even if one person enters nonsense', async () => {
      const [codes, provider] = [await make(), new Provider()];
      for (let i = 0; i < 20; i += 1) await attempt(codes, provider.refuse);
      expect(await many(300, async () => attempt(codes, provider.accept))).toEqual(Array(300).fill('in'));
      expect(provider.most).toBeLessThanOrEqual(MAX_REFUSED - 20);
    });

    it('do not include other failures', async () => {
      const [codes, provider] = [await make(), new Provider()];
      for (let i = 0; i < 3 * MAX_REFUSED; i += 1) {
        expect(await attempt(codes, provider.fail)).toMatchObject({ message: 'out of order' });
      }
      expect(await attempt(codes, provider.accept)).toBe('in');
    });

    it('count only for their own address', async () => {
      const [codes, provider] = [await make(), new Provider()];
      for (let i = 0; i < 40; i += 1) await attempt(codes, provider.refuse);
      expect(await attempt(codes, provider.accept, '203.0.113.8')).toBe('in');
      expect(await attempt(codes, provider.accept, '2001:db8::1')).toBe('in');
      expect(await attempt(codes, provider.accept, '::ffff:203.0.113.7')).toBeInstanceOf(RateLimitedError);
    });

    it('are counted for the networks around an IPv6 address', async () => {
      const [codes, provider] = [await make(), new Provider()];
      for (let i = 0; i < 16; i += 1) {
        await many(20, async () => attempt(codes, provider.refuse, `2001:db8:9:${i.toString(16)}00::1`));
      }
      expect(provider.reached).toBe(4 * MAX_REFUSED);
      expect(await attempt(codes, provider.accept, '2001:db8:9:ff00::1')).toBeInstanceOf(RateLimitedError);
      expect(await attempt(codes, provider.accept, '2001:db8:a:ff00::1')).toBe('in');
    });
  });
}

describeLimit('in-process', async () => limited());

describe('the queue of waiting attempts', () => {
  it.each([
    ['address', () => '198.51.100.1'],
    ['network', (index: number) => `2001:db8:9:${(index % 600).toString(16)}::1`],
  ])('is not filled by one %s: an office still signs in', async (_what, from) => {
    const [codes, provider] = [limited(), new Provider()];
    let answer = (): void => undefined;
    const late = new Promise<never>((_resolve, reject) => (answer = () => reject(new NotKnown())));
    const crowd = many(600, async (index) => attempt(codes, async () => late, from(index)));
    // Until the crowd is in the queue.
    await new Promise((resolve) => setImmediate(resolve));

    expect(await many(120, async () => attempt(codes, provider.accept))).toEqual(Array(120).fill('in'));
    answer();
    expect((await crowd).filter((one) => !(one instanceof NotKnown || one instanceof RateLimitedError))).toEqual([]);
  });
});

describe('the minute of a refused code', () => {
  beforeEach(
    () => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] }),
  );
  afterEach(() => jest.useRealTimers());

  it('ends for each of them', async () => {
    const [codes, provider] = [limited(), new Provider()];
    for (let i = 0; i < MAX_REFUSED; i += 1) {
      await attempt(codes, provider.refuse);
      if (i === 0) jest.setSystemTime(Date.now() + 10_000);
    }
    expect(await attempt(codes, provider.accept)).toMatchObject({ retryAfterSeconds: 50 });
    jest.setSystemTime(Date.now() + 50_001);
    expect(await attempt(codes, provider.refuse)).toBeInstanceOf(NotKnown);
    expect(await attempt(codes, provider.accept)).toBeInstanceOf(RateLimitedError);
  });
});

describeWith('redis', 'Refused codes at several replicas', (program) => {
  const redis = new RedisOfReplicas(program);

  async function replica(url?: string): Promise<RefusedCodes> {
    return limited(await redis.connect(url));
  }

  describeLimit('Redis', async () => replica());

  it('are counted together, even if they arrive at the same time', async () => {
    const replicas = [await replica(), await replica(), await replica()];
    const provider = new Provider();
    await many(150, async (index) => attempt(replicas[index % 3]!, provider.refuse));
    expect(provider.reached).toBe(MAX_REFUSED);
  });

  it('let an office sign in at all replicas at once', async () => {
    const replicas = [await replica(), await replica(), await replica()];
    const provider = new Provider();
    const outcomes = await many(300, async (index) => attempt(replicas[index % 3]!, provider.accept));
    expect(outcomes).toEqual(Array(300).fill('in'));
  });

  it('leave keys that contain no address and expire by themselves', async () => {
    const codes = await replica();
    const provider = new Provider();
    await many(20, async (index) => attempt(codes, provider.refuse, `2001:db8:${index}::1`));
    const keys = await redis.watch.keys('*');
    expect(keys.length).toBeGreaterThan(20);
    for (const key of keys) {
      expect(key).toMatch(/^sign-in-gateway:codes:\{[012]:\d{1,5}\}:(running|refused)$/);
      const lifetime = await redis.watch.pttl(key);
      expect(lifetime).toBeGreaterThan(0);
      expect(lifetime).toBeLessThanOrEqual(60_000);
    }
  });

  it('of an attempt whose process died do not count forever', async () => {
    const [dying, other, provider] = [await replica(), await replica(), new Provider()];
    for (let i = 0; i < MAX_REFUSED; i += 1) void attempt(dying, async () => new Promise(() => undefined));
    for (let i = 0; i < 100 && (await redis.watch.keys('*running')).length === 0; i += 1) await redis.watch.ping();
    const [key] = await redis.watch.keys('*running');
    // Simulates their expiry.
    for (const id of await redis.watch.zrange(key!, '0', '-1')) {
      expect(Number(await redis.watch.zscore(key!, id))).toBeLessThanOrEqual(Date.now() + 20_000);
      await redis.watch.call('ZADD', key!, '1', id);
    }
    expect(await attempt(other, provider.accept)).toBe('in');
  });

  it('are counted by each replica for itself while Redis is down', async () => {
    const fragile = await TestRedis.start(program);
    const [codes, provider] = [await replica(fragile.url), new Provider()];
    await fragile.stop();
    await many(100, async () => attempt(codes, provider.refuse));
    expect(provider.reached).toBe(MAX_REFUSED);
    expect(await attempt(codes, provider.accept, '203.0.113.8')).toBe('in');
  });
});
