import { type Counter, uncounted } from '../observed/index.js';
import { NetworkBuckets, SHARES_OF_NETWORKS } from './network-buckets.js';
import { RateLimitedError } from './rate-limit.errors.js';
import type { LimitCounts } from './refused-codes.js';

/**
 * Who asks. `holder`: whoever comes back with a transaction that we gave this browser; `stranger`: whoever claims to be the provider
 * and is refused; `anybody`: all others. Each has a share of its own, so that a flood of those who hold nothing stops nobody who
 * comes back from the provider.
 */
export type Share = 'anybody' | 'holder' | 'stranger';

export const WINDOW_SECONDS = 60;

/** How the networks around an address are called in keys and metrics, narrowest first. */
const NETWORKS = ['address', 'network56', 'network48'] as const;

/** Counts under a key, as the limiters of `rate-limiter-flexible` do: rejects with `msBeforeNext` when there were too many. */
export interface KeyedLimiter {
  consume(key: string): Promise<unknown>;
}

/** @param points requests in `WINDOW_SECONDS` under one key */
export type LimiterOf = (name: string, points: number) => KeyedLimiter;

export interface RequestLimits {
  /** Requests per minute; 0 switches the limit off. */
  readonly perAddress: number;
  /** The same at all replicas that count together: see NetworkBuckets. */
  readonly secret: string;
}

/**
 * Counts the requests that start or finish a sign-in, by address and, for IPv6, by the networks around it. There is no limit
 * for all clients together: it would be an outage that anybody could cause.
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
    // The narrowest first: one noisy client must not use up its neighbours' share.
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
