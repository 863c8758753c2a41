import { Redis } from 'ioredis';
import { personKey } from '../src/leavers/stock/leaver-memory.js';
import { RedisLeaverMemory } from '../src/leavers/stock/redis.leaver-memory.js';
import { startRedis } from './harness/redis.js';

/** Assumed lengths of DingTalk's ids. */
const UNION_ID_LENGTH = 28;
const USERID_LENGTH = 20;
const PEOPLE = 100_000;
const AT_ONCE = 1000;

/** What Redis needs to notice people who leave, in stock mode: bytes for each linked person. */
const redis = await startRedis();
if (redis === undefined) throw new Error('redis-server is not installed');
const client = new Redis(redis.url);
try {
  const memory = new RedisLeaverMemory(client, 'one');
  const before = await usedMemory(client);
  for (let first = 1; first <= PEOPLE; first += AT_ONCE) {
    await memory.seen(
      Array.from({ length: AT_ONCE }, (_, at) => {
        const userId = first + at;
        const unionId = String(userId).padStart(UNION_ID_LENGTH, 'u');
        return {
          key: personKey({ userId, unionId }),
          userid: String(userId).padStart(USERID_LENGTH, '0'),
          seenAt: Date.now(),
        };
      }),
    );
  }
  const used = (await usedMemory(client)) - before;
  console.log(`${PEOPLE} people: ${(used / 1e6).toFixed(1)} MB, ${Math.round(used / PEOPLE)} bytes each`);
} finally {
  client.disconnect();
  await redis.stop();
}

async function usedMemory(redisClient: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redisClient.info('memory'))?.[1]);
}
