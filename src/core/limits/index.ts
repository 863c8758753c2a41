export { AttemptLog, BUSY, FREE, InProcessAttemptLog, type Leave, REFUSED_FOR_MS } from './attempt-log.js';
export { FailureLines } from './failure-lines.js';
export { NetworkBuckets, SHARES_OF_NETWORKS } from './network-buckets.js';
export { isInsideAddress, isTrustedPeer, plainAddress } from './proxies.js';
export { RateLimitedError } from './rate-limit.errors.js';
export { type LimitCounts, MAX_REFUSED, RefusedCodes } from './refused-codes.js';
