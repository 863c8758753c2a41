import { type Environment, fromEnvironment } from '../../config/index.js';
import { defaultsOf, section, wholeNumber } from '../../core/settings/index.js';
import type { RateLimits } from './rate-limit.options.js';

const rateLimit = section('auth_rate_limit', {
  /** A whole office comes from one address; DingTalk itself allows 20 sign-ins a second. */
  perAddress: wholeNumber(0, 1_000_000, { default: 1200 }),
});

export const rateLimitDefaults = defaultsOf(rateLimit);

export function readRateLimits(environment: Environment): RateLimits {
  return fromEnvironment(rateLimit, environment);
}
