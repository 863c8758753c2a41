import { type Environment, readEnvironment, WholeNumber } from '../../config/index.js';
import type { RateLimits } from './rate-limit.options.js';

class RateLimitEnvironment {
  /** A whole office comes from one address; DingTalk itself allows 20 sign-ins a second. */
  @WholeNumber(0, 1_000_000)
  AUTH_RATE_LIMIT_PER_ADDRESS: number = 1200;
}

export function readRateLimits(environment: Environment): RateLimits {
  return { perAddress: readEnvironment(RateLimitEnvironment, environment).AUTH_RATE_LIMIT_PER_ADDRESS };
}
