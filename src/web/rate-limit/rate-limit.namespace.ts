import { Namespace } from '../../config/index.js';
import type { RateLimits } from './rate-limit.options.js';

/** The rate limit for addresses. */
export const rateLimitConfig = new Namespace<RateLimits>('rateLimit');
