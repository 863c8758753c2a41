import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type RedisClient, redisClient } from './redis.client.js';
import type { RedisSettings } from './redis.config.js';
import { RedisErrorLog } from './redis-error-log.js';

/** Longer than any healthy Redis takes, short enough that a person does not stare at a blank page. */
const TIMEOUT_MS = 1000;

/** The process's one connection to Redis; `client` is undefined if none is configured. */
export class RedisConnection implements OnApplicationShutdown {
  constructor(readonly client: RedisClient | undefined) {}

  static async open(redis: RedisSettings | undefined): Promise<RedisConnection> {
    return new RedisConnection(redis === undefined ? undefined : await connect(redis));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client?.quit().catch(() => this.client?.disconnect());
  }
}

async function connect(redis: RedisSettings): Promise<RedisClient> {
  const client = await redisClient(redis, {
    commandTimeout: TIMEOUT_MS,
    connectTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 1,
    retry: (times) => Math.min(times * 200, 2000),
  });
  const logger = new Logger('Redis');
  // Without a listener ioredis prints errors itself; the address may contain a password and is not logged.
  client.on('error', new RedisErrorLog((what) => logger.warn(what)).tell);
  return client;
}
