import { type DynamicModule, Module } from '@nestjs/common';
import { InProcessOneTimeStore } from './in-process.one-time-store.js';
import { OneTimeStore } from './one-time-store.js';
import type { RedisSettings } from './redis.config.js';
import { RedisConnection } from './redis.connection.js';
import { RedisOneTimeStore } from './redis.one-time-store.js';

/** What replicas share: Redis where there is one, else the memory of this process, which is right for one replica. */
@Module({})
export class SharedStoreModule {
  static forRoot(redis: RedisSettings | undefined): DynamicModule {
    return {
      module: SharedStoreModule,
      providers: [
        { provide: RedisConnection, useFactory: async () => RedisConnection.open(redis) },
        {
          provide: OneTimeStore,
          inject: [RedisConnection],
          useFactory: ({ client }: RedisConnection): OneTimeStore =>
            client === undefined ? new InProcessOneTimeStore() : new RedisOneTimeStore(client),
        },
      ],
      exports: [OneTimeStore, RedisConnection],
    };
  }
}
