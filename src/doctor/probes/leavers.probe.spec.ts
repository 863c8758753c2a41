import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { TestRedis } from '../../../test/support/redis.js';
import { describeWith } from '../../../test/support/requirements.js';
import { LeaverMemories, MAX_PEOPLE } from '../../leavers/index.js';
import type { StockContext } from '../doctor-context.js';
import { KEPT } from '../texts/leavers.js';
import { keptProbe } from './leavers.probe.js';

const SCOPE = { url: 'http://nocobase.example', app: 'main', authenticator: 'dingtalk' };

async function setUp() {
  const stateFolder = mkdtempSync(join(tmpdir(), 'leavers-'));
  const context = {
    settings: { auth: { stateFolder } },
    authenticator: { nocobase: SCOPE },
  } as unknown as StockContext;
  const told: string[] = [];
  const memory = new LeaverMemories(undefined, stateFolder, (authenticator) => told.push(authenticator)).of(SCOPE);
  const meet = async (from: number, to: number) =>
    memory.seen(
      Array.from({ length: to - from }, (_, at) => ({
        key: `${from + at}:union`,
        userid: `user-${from + at}`,
        seenAt: 1,
      })),
    );
  const another = () => new LeaverMemories(undefined, stateFolder).of(SCOPE);
  return { told, memory, another, meet, probe: async () => keptProbe.run(context) };
}

describe('What a gateway without Redis keeps about people', () => {
  it('has room for a large company; of more people, the log and the doctor speak, once each', async () => {
    const { told, memory, meet, probe } = await setUp();
    await meet(0, 100_001);
    expect([told, (await probe()).status]).toEqual([[], 'ok']);
    expect(await memory.known(['100000:union'])).toMatchObject([{ userid: 'user-100000' }]);
    await meet(100_001, MAX_PEOPLE + 1);
    await meet(MAX_PEOPLE + 1, MAX_PEOPLE + 2);
    expect(told).toEqual(['dingtalk']);
    expect(await memory.known([`${MAX_PEOPLE}:union`])).toMatchObject([{ userid: undefined }]);
    const report = await probe();
    expect([report.status, JSON.stringify(report)]).toEqual(['attention', expect.stringContaining('REDIS_URL')]);
  }, 60_000);

  it('is read back from its file, also what changed after it was written', async () => {
    const { memory, another, meet } = await setUp();
    await meet(0, 3);
    await memory.left('1:union', 5);
    await memory.hold('1:union');
    await memory.setMark('a "mark"', 'value');
    const read = another();
    const [, person] = await read.known(['0:union', '1:union']);
    expect(person).toEqual({ userid: 'user-1', seenAt: 1, leftAt: 5, endedFor: 0 });
    expect([await read.held(9), await read.mark('a "mark"'), await read.keyOf('user-2')]).toEqual([
      ['1:union'],
      'value',
      '2:union',
    ]);
  });
});

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
