export { FailureLines } from './failure-lines.js';
export { NetworkBuckets, SHARES_OF_NETWORKS } from './network-buckets.js';
export { rateLimitDefaults, readRateLimits } from './rate-limit.config.js';
export { RateLimitedError } from './rate-limit.errors.js';
export { RateLimitModule } from './rate-limit.module.js';
export { rateLimitConfig } from './rate-limit.namespace.js';
export type { RateLimitOptions, RateLimits } from './rate-limit.options.js';
export { RateLimiter } from './rate-limiter.js';
export { RefusedCodes } from './refused-codes.js';
