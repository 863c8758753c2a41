import { randomUUID } from 'node:crypto';
import { OneTimeStore } from '../core/sign-in/index.js';
import { StoreUnavailableError } from '../core/sign-in/index.js';
import type { RedisClient } from './redis.client.js';
import { isReadOnly, redisErrorCode } from './redis-error-log.js';
import { DETAIL } from '../core/texts/index.js';

const KEY_PREFIX = 'sign-in-gateway:used:';
const CHECK_SECONDS = 5;

/** Shared by all replicas. */
export class RedisOneTimeStore extends OneTimeStore {
  constructor(private readonly redis: RedisClient) {
    super();
  }

  /** https://redis.io/docs/latest/commands/set/ : NX sets a key only if it does not exist, atomically. */
  override async useUp(key: string, ttlSeconds: number): Promise<boolean> {
    return (await this.ask(() => this.redis.set(KEY_PREFIX + key, '1', 'EX', ttlSeconds, 'NX'))) === 'OK';
  }

  /** Writes, as a sign-in does: a read-only or a full Redis answers PING. The key expires by itself. */
  override async check(): Promise<void> {
    await this.useUp(`check:${randomUUID()}`, CHECK_SECONDS);
  }

  private async ask<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await this.againIfReadOnly(command);
    } catch (error) {
      throw new StoreUnavailableError(DETAIL.store.redis(redisErrorCode(error)).en);
    }
  }

  /** Refused, so not executed: once more, on the connection that the driver opens now, unless that takes too long. */
  private async againIfReadOnly<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch (refusal) {
      if (!isReadOnly(refusal)) throw refusal;
      return command().catch(() => {
        throw refusal;
      });
    }
  }
}
