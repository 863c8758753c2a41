export { AttemptLog, BUSY, FREE, InProcessAttemptLog, type Leave, REFUSED_FOR_MS } from './attempt-log.js';
export { countedNetworks } from './client-address.js';
export { FailureLines } from './failure-lines.js';
export { NetworkBuckets, SHARES_OF_NETWORKS } from './network-buckets.js';
export { isInsideAddress, plainAddress } from './peer-address.js';
export {
  type KeyedLimiter,
  type LimiterOf,
  RateLimiter,
  type RequestLimits,
  type Share,
  WINDOW_SECONDS,
} from './rate-limiter.js';
export { RateLimitedError } from './rate-limit.errors.js';
export { type LimitCounts, MAX_REFUSED, RefusedCodes } from './refused-codes.js';
