import { Module } from '@nestjs/common';
import { InProcessOneTimeStore } from './in-process.one-time-store.js';
import { OneTimeStore } from '../core/sign-in/index.js';
import { RedisConnection } from './redis.connection.js';
import { RedisOneTimeStore } from './redis.one-time-store.js';
import { ConfigurableModuleClass, SHARED_STORE_OPTIONS, type SharedStoreOptions } from './shared-store.options.js';

/** What replicas share: Redis if configured, else the memory of this process, for a single replica. */
@Module({
  providers: [
    {
      provide: RedisConnection,
      inject: [SHARED_STORE_OPTIONS],
      useFactory: async ({ redis }: SharedStoreOptions) => RedisConnection.open(redis),
    },
    {
      provide: OneTimeStore,
      inject: [RedisConnection],
      useFactory: ({ client }: RedisConnection): OneTimeStore =>
        client === undefined ? new InProcessOneTimeStore() : new RedisOneTimeStore(client),
    },
  ],
  exports: [OneTimeStore, RedisConnection],
})
export class SharedStoreModule extends ConfigurableModuleClass {}
