import { Redis } from 'ioredis';
import { TestRedis } from '../../../test/support/redis.js';
import { describeWith } from '../../../test/support/requirements.js';
import type { StockContext } from '../doctor-context.js';
import { KEPT } from '../texts/leavers.js';
import { keptProbe } from './leavers.probe.js';

describeWith('redis', 'The probe of what is kept about leavers, with Redis,', (program) => {
  let redis: TestRedis | undefined;

  afterEach(async () => redis?.remove());

  const findingAt = async (url: string) =>
    keptProbe.run({ settings: { redis: { mode: 'single', nodes: [url] }, auth: {} } } as unknown as StockContext);

  it('is content with one that writes to disk, and leaves nothing there', async () => {
    redis = await TestRedis.start(program, { keeps: true, more: ['--save', ''] });
    expect(await findingAt(redis.url)).toMatchObject({ status: 'ok', detail: KEPT.inRedis });
    const client = new Redis(redis.url);
    expect(await client.dbsize()).toBe(0);
    // Snapshots are enough: they lose minutes, not everything.
    await client.config('SET', 'appendonly', 'no');
    await client.config('SET', 'save', '3600 1');
    expect(await findingAt(redis.url)).toMatchObject({ status: 'ok' });
    client.disconnect();
  });

  it('fails with one that is older than 6.2, and says what is missing and who must act', async () => {
    redis = await TestRedis.start(program, { keeps: true, more: ['--rename-command', 'ZMSCORE', ''] });
    expect(await findingAt(redis.url)).toMatchObject({
      status: 'failed',
      detail: KEPT.inOldRedis,
      fix: KEPT.updateRedis,
    });
  });

  it('warns about one that writes nothing to disk', async () => {
    redis = await TestRedis.start(program);
    expect(await findingAt(redis.url)).toMatchObject({
      status: 'attention',
      detail: KEPT.inVolatileRedis,
      fix: KEPT.letRedisPersist,
    });
  });

  it('says nothing about the disk if Redis does not tell', async () => {
    redis = await TestRedis.start(program, { more: ['--rename-command', 'CONFIG', ''] });
    expect(await findingAt(redis.url)).toMatchObject({ status: 'ok', detail: KEPT.inRedis });
  });

  it('fails with one that does not answer, and names the cause', async () => {
    redis = await TestRedis.start(program, { more: ['--requirepass', 'right'] });
    expect(await findingAt(redis.url)).toMatchObject({ status: 'failed', detail: KEPT.notInRedis('NOAUTH') });
  });
});
