import { Namespace } from '../../config/index.js';
import type { RateLimits } from './rate-limit.options.js';

/** How often an address may ask. */
export const rateLimitConfig = new Namespace<RateLimits>('rateLimit');
