export { InProcessOneTimeStore } from './in-process.one-time-store.js';
export { StoreUnavailableError } from './one-time-store.errors.js';
export { OneTimeStore } from './one-time-store.js';
export { redisClient } from './redis.client.js';
export { readRedisSettings, type RedisSettings } from './redis.config.js';
export { RedisConnection } from './redis.connection.js';
export { redisErrorCode } from './redis-error-log.js';
export { Seal } from './seal.js';
export { SharedStoreModule } from './shared-store.module.js';
