import { eventually } from '../../../test/support/eventually.js';
import { TestRedis } from '../../../test/support/redis.js';
import { describeWith } from '../../../test/support/requirements.js';
import { RedisConnection } from '../../shared-store/redis.connection.js';
import { RedisLeaverMemory } from './redis.leaver-memory.js';

describeWith('redis', 'What is stored about leavers in Redis', (program) => {
  it('cannot be written while Redis is full, and the log names that', async () => {
    const redis = await TestRedis.start(program, { more: ['--maxmemory', '1', '--maxmemory-policy', 'noeviction'] });
    const connection = await RedisConnection.open({ mode: 'single', nodes: [redis.url] });
    try {
      await eventually(async () => connection.client!.ping());
      const memory = new RedisLeaverMemory(connection.client!, 'scope');
      const alone = memory.left('key', 1);
      const transaction = memory.ended('key', 1);
      for (const attempt of [alone, transaction]) {
        await expect(attempt).rejects.toMatchObject({ code: 'temporarily_unavailable', detail: 'Redis: OOM' });
      }
    } finally {
      await connection.onApplicationShutdown();
      await redis.remove();
    }
  });
});
