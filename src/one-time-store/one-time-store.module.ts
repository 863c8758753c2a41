import { type DynamicModule, Module } from '@nestjs/common';
import { InProcessOneTimeStore } from './in-process.one-time-store.js';
import { OneTimeStore } from './one-time-store.js';
import { RedisOneTimeStore } from './redis.one-time-store.js';

@Module({})
export class OneTimeStoreModule {
  /** @param redisUrl without it the store lives in this process: right for one replica */
  static forRoot(redisUrl: string | undefined): DynamicModule {
    return {
      module: OneTimeStoreModule,
      providers: [
        {
          provide: OneTimeStore,
          useFactory: () => (redisUrl === undefined ? new InProcessOneTimeStore() : new RedisOneTimeStore(redisUrl)),
        },
      ],
      exports: [OneTimeStore],
    };
  }
}
