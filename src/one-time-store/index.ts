export { InProcessOneTimeStore } from './in-process.one-time-store.js';
export { OneTimeStore } from './one-time-store.js';
export { OneTimeStoreModule } from './one-time-store.module.js';
export { RedisOneTimeStore } from './redis.one-time-store.js';
