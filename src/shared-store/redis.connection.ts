import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { RedisErrorLog } from './redis-error-log.js';

/** Longer than any healthy Redis takes, short enough that a person does not stare at a blank page. */
const TIMEOUT_MS = 1000;

/** The process's one connection to Redis; `client` is undefined where none is configured. */
export class RedisConnection implements OnApplicationShutdown {
  constructor(readonly client: Redis | undefined) {}

  /** The driver is loaded only where there is a Redis. */
  static async open(url: string | undefined): Promise<RedisConnection> {
    return new RedisConnection(url === undefined ? undefined : await connect(url));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client?.quit().catch(() => this.client?.disconnect());
  }
}

async function connect(url: string): Promise<Redis> {
  const { Redis } = await import('ioredis');
  const client = new Redis(url, {
    commandTimeout: TIMEOUT_MS,
    connectTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 1,
    retryStrategy: (times) => Math.min(times * 200, 2000),
  });
  const logger = new Logger('Redis');
  // Without a listener ioredis prints by itself; the address may hold a password and is not logged.
  client.on('error', new RedisErrorLog((what) => logger.warn(what)).tell);
  return client;
}
