import type { Finding } from '../core/doctor/index.js';
import { redisClient, type RedisClient, redisErrorCode, type RedisSettings } from '../shared-store/index.js';

const TIMEOUT_MS = 3000;

/**
 * Uses a connection of its own, which is not opened a second time.
 *
 * @param inTrouble given what `redisErrorCode` says about a failure, or about why there is no connection
 */
export async function triedRedis(
  settings: RedisSettings,
  work: (redis: RedisClient) => Promise<Finding>,
  inTrouble: (code: string) => Finding,
): Promise<Finding> {
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
    return inTrouble(trouble ?? redisErrorCode(error));
  } finally {
    redis.disconnect();
  }
}
