import { Module } from '@nestjs/common';
import { RateLimiter } from './rate-limiter.js';
import { ConfigurableModuleClass } from './rate-limit.options.js';
import { RefusedCodes } from '../../core/limits/index.js';
import { RefusedCodesService } from './refused-codes.service.js';

/** How often an address may ask. `imports` provide RedisConnection, in which replicas count together. */
@Module({
  providers: [RateLimiter, { provide: RefusedCodes, useClass: RefusedCodesService }],
  exports: [RateLimiter, RefusedCodes],
})
export class RateLimitModule extends ConfigurableModuleClass {}
