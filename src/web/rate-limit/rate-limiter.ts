import { Inject, Injectable, Optional } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { RedisConnection } from '../../shared-store/index.js';
import { Telemetry } from '../../telemetry/index.js';
import { NetworkBuckets, RateLimitedError, SHARES_OF_NETWORKS } from '../../core/limits/index.js';
import { RATE_LIMITS, type RateLimitOptions } from './rate-limit.options.js';

/**
 * Who asks. `holder`: whoever comes back with a transaction that we gave this browser; `anybody`: all others. Each has a
 * share of its own, so that a flood of those who hold nothing stops nobody who comes back from the provider.
 */
export type Share = 'anybody' | 'holder';

const WINDOW_SECONDS = 60;

/** How the networks around an address are called in keys and metrics, narrowest first. */
const NETWORKS = ['address', 'network56', 'network48'] as const;

/**
 * Counts the requests that start or finish a sign-in, by address and, for IPv6, by the networks around it; shared by all
 * replicas where there is a Redis. Without it, or while it is away, each process counts for itself: a limit must not
 * become an outage. There is no limit for all clients together: it would be one.
 */
@Injectable()
export class RateLimiter {
  private readonly limiters: Readonly<Record<Share, readonly (RateLimiterAbstract | undefined)[]>>;
  private readonly buckets: NetworkBuckets;

  constructor(
    @Inject(RATE_LIMITS) { perAddress, secret }: RateLimitOptions,
    redis: RedisConnection,
    @Optional() private readonly telemetry: Telemetry = Telemetry.off,
  ) {
    this.buckets = new NetworkBuckets(secret);
    const limiters = (share: Share) =>
      NETWORKS.map((network, width) => limiter(`${share}:${network}`, perAddress * SHARES_OF_NETWORKS[width]!, redis));
    this.limiters = { anybody: limiters('anybody'), holder: limiters('holder') };
  }

  /** @throws RateLimitedError */
  async count(ip: string | undefined, share: Share = 'anybody'): Promise<void> {
    // The narrowest first: one noisy client must not use up its neighbours' share.
    for (const [width, bucket] of this.buckets.of(ip).entries()) {
      await this.consume(this.limiters[share][width], bucket, width === 0 ? 'address' : 'network');
    }
  }

  private async consume(limiter: RateLimiterAbstract | undefined, key: string, scope: string): Promise<void> {
    try {
      await limiter?.consume(key);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      this.telemetry.count((metrics) => metrics.rateLimited(scope));
      throw new RateLimitedError(scope, Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
    }
  }
}

function limiter(name: string, points: number, { client }: RedisConnection): RateLimiterAbstract | undefined {
  if (points === 0) return undefined;
  const options = { keyPrefix: `sign-in-gateway:rate:${name}`, points, duration: WINDOW_SECONDS };
  const inProcess = new RateLimiterMemory(options);
  if (client === undefined) return inProcess;
  return new RateLimiterRedis({
    ...options,
    storeClient: client,
    insuranceLimiter: inProcess,
    rejectIfRedisNotReady: true,
  });
}
