export { readRateLimits } from './rate-limit.config.js';
export { RateLimitedError } from './rate-limit.errors.js';
export { RateLimitModule } from './rate-limit.module.js';
export { RateLimiter, type RateLimitOptions, type RateLimits } from './rate-limiter.js';
