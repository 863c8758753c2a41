import { OneTimeStore } from '../core/sign-in/index.js';
import { StoreUnavailableError } from '../core/sign-in/index.js';
import type { RedisClient } from './redis.client.js';
import { DETAIL } from '../core/texts/index.js';

const KEY_PREFIX = 'sign-in-gateway:used:';

/** Shared by all replicas. */
export class RedisOneTimeStore extends OneTimeStore {
  constructor(private readonly redis: RedisClient) {
    super();
  }

  /** https://redis.io/docs/latest/commands/set/ : NX sets a key only if it does not exist, atomically. */
  override async useUp(key: string, ttlSeconds: number): Promise<boolean> {
    return (await this.ask(() => this.redis.set(KEY_PREFIX + key, '1', 'EX', ttlSeconds, 'NX'))) === 'OK';
  }

  override async check(): Promise<void> {
    await this.ask(() => this.redis.ping());
  }

  private async ask<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch (error) {
      throw new StoreUnavailableError(DETAIL.store.redis(error instanceof Error ? error.name : 'failed').en);
    }
  }
}
