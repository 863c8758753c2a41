import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';

/** Longer than any healthy Redis takes, short enough that a person does not stare at a blank page. */
const TIMEOUT_MS = 1000;

export const REDIS_URL = Symbol('REDIS_URL');

/** The process's one connection to Redis; `client` is undefined where none is configured. */
@Injectable()
export class RedisConnection implements OnApplicationShutdown {
  readonly client: Redis | undefined;

  constructor(@Inject(REDIS_URL) url: string | null) {
    this.client = url === null ? undefined : connect(url);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client?.quit().catch(() => this.client?.disconnect());
  }
}

function connect(url: string): Redis {
  const client = new Redis(url, {
    commandTimeout: TIMEOUT_MS,
    connectTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 1,
    retryStrategy: (times) => Math.min(times * 200, 2000),
  });
  const logger = new Logger('Redis');
  // Without a listener ioredis prints by itself; the address may hold a password and is not logged.
  client.on('error', (error: NodeJS.ErrnoException) => logger.warn(error.code ?? error.name));
  return client;
}
