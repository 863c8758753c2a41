import { randomUUID } from 'node:crypto';
import { attention, failed, type Finding, ok, type Probe } from '../../core/doctor/index.js';
import type { Settings } from '../../settings.js';
import { redisClient, redisErrorCode, type RedisSettings } from '../../shared-store/index.js';
import { REDIS } from '../texts/gateway.js';

const TIMEOUT_MS = 3000;
/** The doctor's key expires after this time, whatever happens. */
const TTL_SECONDS = 5;

export const redisProbe: Probe<Settings> = {
  id: 'redis',
  title: REDIS.title,
  run: async ({ redis }) => {
    if (redis === undefined) {
      return ok(REDIS.none);
    }
    return tryOut(redis);
  },
};

/** Tests, with a key of its own, whether a state can be used up only once. */
async function tryOut(settings: RedisSettings): Promise<Finding> {
  let trouble = 'no connection';
  const redis = await redisClient(settings, {
    lazyConnect: true,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retry: () => null,
  });
  redis.on('error', (error: unknown) => (trouble = redisErrorCode(error)));
  const key = `sign-in-gateway:doctor:${randomUUID()}`;
  try {
    await redis.connect();
    await redis.ping();
    const first = await redis.set(key, '1', 'EX', TTL_SECONDS, 'NX');
    const second = await redis.set(key, '1', 'EX', TTL_SECONDS, 'NX');
    const ttl = await redis.ttl(key);
    await redis.del(key);
    if (first === 'OK' && second === null && ttl > 0) return ok(REDIS.works);
    return attention(REDIS.forgets, REDIS.takeRealOne);
  } catch (error) {
    const code = trouble === 'no connection' ? redisErrorCode(error) : trouble;
    return failed(REDIS.doesNotWork(code), REDIS.lookAtAddress);
  } finally {
    redis.disconnect();
  }
}
