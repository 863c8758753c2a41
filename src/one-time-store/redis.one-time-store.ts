import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { OneTimeStore } from './one-time-store.js';
import { StoreUnavailableError } from './one-time-store.errors.js';

const KEY_PREFIX = 'sign-in-gateway:used:';
/** Longer than any healthy Redis takes, short enough that a person does not stare at a blank page. */
const COMMAND_TIMEOUT_MS = 2000;

/** Shared by all replicas. */
export class RedisOneTimeStore extends OneTimeStore implements OnApplicationShutdown {
  private readonly redis: Redis;

  constructor(url: string) {
    super();
    this.redis = new Redis(url, {
      commandTimeout: COMMAND_TIMEOUT_MS,
      connectTimeout: COMMAND_TIMEOUT_MS,
      maxRetriesPerRequest: 1,
      retryStrategy: (times) => Math.min(times * 200, 2000),
    });
    const logger = new Logger(RedisOneTimeStore.name);
    // Without a listener ioredis prints by itself; the address may hold a password and is not logged.
    this.redis.on('error', (error: NodeJS.ErrnoException) => logger.warn(`Redis: ${error.code ?? error.name}`));
  }

  /** https://redis.io/docs/latest/commands/set/ : NX sets only a key that is not there, in one step. */
  override async useUp(key: string, ttlSeconds: number): Promise<boolean> {
    return (await this.ask(() => this.redis.set(KEY_PREFIX + key, '1', 'EX', ttlSeconds, 'NX'))) === 'OK';
  }

  override async check(): Promise<void> {
    await this.ask(() => this.redis.ping());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.redis.quit().catch(() => this.redis.disconnect());
  }

  private async ask<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch (error) {
      throw new StoreUnavailableError(`Redis: ${error instanceof Error ? error.name : 'failed'}`);
    }
  }
}
