import { type Counter, uncounted } from '../observed/index.js';
import { NetworkBuckets, SHARES_OF_NETWORKS } from './network-buckets.js';
import { RateLimitedError } from './rate-limit.errors.js';
import type { LimitCounts } from './refused-codes.js';

/**
 * Who sends the request. `holder`: a browser that returns with a transaction that we gave it; `stranger`: a caller that
 * claims to be the provider and is refused; `anybody`: all others. Each has its own quota, so that a flood of requests
 * without transactions does not stop people who return from the provider.
 */
export type Share = 'anybody' | 'holder' | 'stranger';

export const WINDOW_SECONDS = 60;

/** Names of the networks around an address in keys and metrics, narrowest first. */
const NETWORKS = ['address', 'network56', 'network48'] as const;

/** Counts by key, like the limiters of `rate-limiter-flexible`: rejects with `msBeforeNext` if there were too many. */
export interface KeyedLimiter {
  consume(key: string): Promise<unknown>;
}

/** @param points requests allowed in `WINDOW_SECONDS` for one key */
export type LimiterOf = (name: string, points: number) => KeyedLimiter;

export interface RequestLimits {
  /** Requests per minute; 0 disables the limit. */
  readonly perAddress: number;
  /** The same at all replicas that count together: see NetworkBuckets. */
  readonly secret: string;
}

/**
 * Counts requests that start or finish a sign-in, by address and, for IPv6, by the networks around it. There is no
 * global limit: it would let anyone cause an outage.
 */
export class RateLimiter {
  private readonly limiters: Readonly<Record<Share, readonly (KeyedLimiter | undefined)[]>>;
  private readonly buckets: NetworkBuckets;

  constructor(
    { perAddress, secret }: RequestLimits,
    limiterOf: LimiterOf,
    private readonly counter: Counter<LimitCounts> = uncounted,
  ) {
    this.buckets = new NetworkBuckets(secret);
    const limiters = (share: Share): readonly (KeyedLimiter | undefined)[] =>
      NETWORKS.map((network, width) =>
        perAddress === 0 ? undefined : limiterOf(`${share}:${network}`, perAddress * SHARES_OF_NETWORKS[width]!),
      );
    this.limiters = { anybody: limiters('anybody'), holder: limiters('holder'), stranger: limiters('stranger') };
  }

  /** @throws RateLimitedError */
  async count(ip: string | undefined, share: Share = 'anybody'): Promise<void> {
    // Narrowest first: one noisy client must not use up its neighbours' quota.
    for (const [width, bucket] of this.buckets.of(ip).entries()) {
      await this.consume(this.limiters[share][width], bucket, width === 0 ? 'address' : 'network');
    }
  }

  private async consume(limiter: KeyedLimiter | undefined, key: string, scope: string): Promise<void> {
    try {
      await limiter?.consume(key);
    } catch (refusal) {
      const waitMs: unknown = Reflect.get(Object(refusal) as object, 'msBeforeNext');
      if (typeof waitMs !== 'number') throw refusal;
      this.counter.count((counts) => counts.rateLimited(scope));
      throw new RateLimitedError(scope, Math.max(1, Math.ceil(waitMs / 1000)));
    }
  }
}
