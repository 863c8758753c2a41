import { Inject, Injectable, Optional } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { type LimiterOf, RateLimiter, WINDOW_SECONDS } from '../../core/limits/index.js';
import { RedisConnection } from '../../shared-store/index.js';
import { Telemetry } from '../../telemetry/index.js';
import { RATE_LIMITS, type RateLimitOptions } from './rate-limit.options.js';

/**
 * The rate limit for addresses (`core/limits`), shared by all replicas if there is a Redis. Without it, or while it is
 * down, each process counts for itself: a limit must not become an outage.
 */
@Injectable()
export class RateLimiterService extends RateLimiter {
  constructor(
    @Inject(RATE_LIMITS) limits: RateLimitOptions,
    redis: RedisConnection,
    @Optional() telemetry: Telemetry = Telemetry.off,
  ) {
    super(limits, limitersIn(redis), telemetry);
  }
}

function limitersIn({ client }: RedisConnection): LimiterOf {
  return (name, points) => {
    const options = { keyPrefix: `sign-in-gateway:rate:${name}`, points, duration: WINDOW_SECONDS };
    const inProcess = new RateLimiterMemory(options);
    if (client === undefined) return inProcess;
    return new RateLimiterRedis({
      ...options,
      storeClient: client,
      insuranceLimiter: inProcess,
      rejectIfRedisNotReady: true,
    });
  };
}
