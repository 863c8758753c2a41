import { randomUUID } from 'node:crypto';
import type { Settings } from '../../settings.js';
import { redisClient, redisErrorCode, type RedisSettings } from '../../shared-store/index.js';
import { attention, failed, type Finding, ok, type Probe } from '../probe.js';
import { text } from '../../core/texts/index.js';

const TIMEOUT_MS = 3000;
/** What the doctor writes is gone after this, whatever happens. */
const TTL_SECONDS = 5;

export const redisProbe: Probe<Settings> = {
  id: 'redis',
  title: text('Shared store (Redis)', '共享存储（Redis）'),
  run: async ({ redis }) => {
    if (redis === undefined) {
      return ok(
        text(
          'no REDIS_URL: used states are kept in memory, which is right for one process only',
          '未设置 REDIS_URL：已用状态保存在内存中，只适用于单个进程',
        ),
      );
    }
    return tryOut(redis);
  },
};

/** With a key of its own that nothing else looks at: whether the gateway can use a state up only once. */
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
    if (first === 'OK' && second === null && ttl > 0)
      return ok(text('answers; SET NX with a lifetime works', '有应答；带有效期的 SET NX 正常'));
    return attention(
      text('answers, but SET NX with a lifetime does not do what it should', '有应答，但带有效期的 SET NX 行为不正确'),
      text('Use a real Redis (or Valkey) of version 6.2 or newer.', '请使用 6.2 或更高版本的 Redis（或 Valkey）。'),
    );
  } catch (error) {
    const code = trouble === 'no connection' ? redisErrorCode(error) : trouble;
    return failed(
      text(
        `does not work (${code}): every sign-in would end in "try again later"`,
        `无法使用（${code}）：所有登录都会以“请稍后再试”结束`,
      ),
      text(
        'Look at REDIS_MODE and REDIS_URL (host, port, user, password, rediss:// for TLS), and whether Redis runs, is not a read-only replica and lets this machine in.',
        '请检查 REDIS_MODE 和 REDIS_URL（主机、端口、用户、密码，TLS 用 rediss://），以及 Redis 是否在运行、不是只读副本、允许本机连接。',
      ),
    );
  } finally {
    redis.disconnect();
  }
}
