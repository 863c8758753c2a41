export { rateLimitDefaults, readRateLimits } from './rate-limit.config.js';
export { RateLimitModule } from './rate-limit.module.js';
export { rateLimitConfig } from './rate-limit.namespace.js';
export type { RateLimitOptions, RateLimits } from './rate-limit.options.js';
export { RateLimiterService } from './rate-limiter.service.js';
export { RefusedCodesService } from './refused-codes.service.js';
