import { type Environment, fromEnvironment } from '../../config/index.js';
import { defaultsOf, REQUESTS_PER_MINUTE, section, wholeNumber } from '../../core/settings/index.js';
import type { RateLimits } from './rate-limit.options.js';

const rateLimit = section('auth_rate_limit', {
  perAddress: wholeNumber(0, 1_000_000, { default: REQUESTS_PER_MINUTE }),
});

export const rateLimitDefaults = defaultsOf(rateLimit);

export function readRateLimits(environment: Environment): RateLimits {
  return fromEnvironment(rateLimit, environment);
}
