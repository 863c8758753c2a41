import { Module } from '@nestjs/common';
import { RateLimiterService } from './rate-limiter.service.js';
import { ConfigurableModuleClass } from './rate-limit.options.js';
import { RateLimiter, RefusedCodes } from '../../core/limits/index.js';
import { RefusedCodesService } from './refused-codes.service.js';

/** The rate limit for addresses. `imports` provide RedisConnection, in which replicas count together. */
@Module({
  providers: [
    { provide: RateLimiter, useClass: RateLimiterService },
    { provide: RefusedCodes, useClass: RefusedCodesService },
  ],
  exports: [RateLimiter, RefusedCodes],
})
export class RateLimitModule extends ConfigurableModuleClass {}
