import { redisClient, type RedisClient, redisErrorCode, type RedisSettings } from '../shared-store/index.js';

const TIMEOUT_MS = 3000;

/** `code` is what `redisErrorCode` says about it, or about why there is no connection. */
export class RedisTrouble extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/**
 * Uses a connection of its own, which is not opened a second time.
 *
 * @throws RedisTrouble
 */
export async function triedRedis<T>(settings: RedisSettings, work: (redis: RedisClient) => Promise<T>): Promise<T> {
  let trouble: string | undefined;
  const redis = await redisClient(settings, {
    lazyConnect: true,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retry: () => null,
  });
  redis.on('error', (error: unknown) => (trouble = redisErrorCode(error)));
  try {
    await redis.connect();
    return await work(redis);
  } catch (error) {
    throw new RedisTrouble(trouble ?? redisErrorCode(error));
  } finally {
    redis.disconnect();
  }
}
