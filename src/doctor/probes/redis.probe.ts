import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Settings } from '../../settings.js';
import { errorCode } from '../error-code.js';
import { attention, failed, type Finding, ok, type Probe } from '../probe.js';
import { text } from '../text.js';

const TIMEOUT_MS = 3000;
/** What the doctor writes is gone after this, whatever happens. */
const TTL_SECONDS = 5;

export const redisProbe: Probe<Settings> = {
  id: 'redis',
  title: text('Shared store (Redis)', '共享存储（Redis）'),
  run: async ({ auth: { redisUrl: url } }) => {
    if (url === undefined) {
      return ok(
        text(
          'no REDIS_URL: used states are kept in memory, which is right for one process only',
          '未设置 REDIS_URL：已用状态保存在内存中，只适用于单个进程',
        ),
      );
    }
    return tryOut(url);
  },
};

/** With a key of its own that nothing else looks at: whether the gateway can use a state up only once. */
async function tryOut(url: string): Promise<Finding> {
  let trouble = 'no connection';
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', (error: NodeJS.ErrnoException) => (trouble = codeOf(error)));
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
    const code = trouble === 'no connection' ? codeOf(error) : trouble;
    return failed(
      text(
        `does not work (${code}): every sign-in would end in "try again later"`,
        `无法使用（${code}）：所有登录都会以“请稍后再试”结束`,
      ),
      text(
        'Look at REDIS_URL (host, port, user, password, rediss:// for TLS), and whether Redis runs, is not a read-only replica and lets this machine in.',
        '请检查 REDIS_URL（主机、端口、用户、密码，TLS 用 rediss://），以及 Redis 是否在运行、不是只读副本、允许本机连接。',
      ),
    );
  } finally {
    redis.disconnect();
  }
}

/** The first word of a reply error (NOAUTH, WRONGPASS, READONLY) or Node's code; the rest may hold an address. */
function codeOf(error: unknown): string {
  const { name, message } = Object(error) as { name?: unknown; message?: unknown };
  return name === 'ReplyError' ? (/^[A-Z]{4,}/.exec(String(message))?.[0] ?? 'ReplyError') : errorCode(error);
}
