export { InProcessOneTimeStore } from './in-process.one-time-store.js';
export { type RedisClient, redisClient } from './redis.client.js';
export { readRedisSettings, type RedisSettings } from './redis.config.js';
export { RedisConnection } from './redis.connection.js';
export { redisErrorCode } from './redis-error-log.js';
export { SharedStoreModule } from './shared-store.module.js';
export { sharedStoreConfig } from './shared-store.namespace.js';
export type { SharedStoreOptions } from './shared-store.options.js';
