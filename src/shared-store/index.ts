export { InProcessOneTimeStore } from './in-process.one-time-store.js';
export { StoreUnavailableError } from './one-time-store.errors.js';
export { OneTimeStore } from './one-time-store.js';
export { RedisConnection } from './redis.connection.js';
export { Seal } from './seal.js';
export { SharedStoreModule } from './shared-store.module.js';
