import { randomUUID } from 'node:crypto';
import { attention, failed, type Finding, ok, type Probe } from '../../core/doctor/index.js';
import type { Settings } from '../../settings.js';
import type { RedisClient } from '../../shared-store/index.js';
import { REDIS } from '../texts/gateway.js';
import { triedRedis } from '../tried-redis.js';

/** The doctor's key expires after this time, whatever happens. */
const TTL_SECONDS = 5;

export const redisProbe: Probe<Settings> = {
  id: 'redis',
  title: REDIS.title,
  run: async ({ redis }) => {
    if (redis === undefined) {
      return ok(REDIS.none);
    }
    return triedRedis(redis, tryOut, (code) => failed(REDIS.doesNotWork(code), REDIS.lookAtAddress));
  },
};

/** Tests, with a key of its own, whether a state can be used up only once. */
async function tryOut(redis: RedisClient): Promise<Finding> {
  const key = `sign-in-gateway:doctor:${randomUUID()}`;
  await redis.ping();
  const first = await redis.set(key, '1', 'EX', TTL_SECONDS, 'NX');
  const second = await redis.set(key, '1', 'EX', TTL_SECONDS, 'NX');
  const ttl = await redis.ttl(key);
  await redis.del(key);
  if (first === 'OK' && second === null && ttl > 0) return ok(REDIS.works);
  return attention(REDIS.forgets, REDIS.takeRealOne);
}
