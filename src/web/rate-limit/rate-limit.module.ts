import { Module } from '@nestjs/common';
import { RateLimiter } from './rate-limiter.js';
import { ConfigurableModuleClass } from './rate-limit.options.js';
import { RefusedCodes } from './refused-codes.js';

/** How often an address may ask. `imports` provide RedisConnection, in which replicas count together. */
@Module({ providers: [RateLimiter, RefusedCodes], exports: [RateLimiter, RefusedCodes] })
export class RateLimitModule extends ConfigurableModuleClass {}
