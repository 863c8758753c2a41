import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { RATE_LIMITS, RateLimiter, type RateLimitOptions } from './rate-limiter.js';
import { RefusedCodes } from './refused-codes.js';

@Module({})
export class RateLimitModule {
  /** @param imports the SharedStoreModule that counts are kept in */
  static forRoot(limits: RateLimitOptions, imports: NonNullable<ModuleMetadata['imports']>): DynamicModule {
    return {
      module: RateLimitModule,
      imports,
      providers: [RateLimiter, RefusedCodes, { provide: RATE_LIMITS, useValue: limits }],
      exports: [RateLimiter, RefusedCodes],
    };
  }
}
