import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Redis } from 'ioredis';
import { FileLeaverMemory } from '../src/leavers/stock/file.leaver-memory.js';
import { type LeaverMemory, personKey } from '../src/leavers/stock/leaver-memory.js';
import { RedisLeaverMemory } from '../src/leavers/stock/redis.leaver-memory.js';
import { startRedis } from './harness/redis.js';

/** Assumed lengths of DingTalk's ids. */
const UNION_ID_LENGTH = 28;
const USERID_LENGTH = 20;
const PEOPLE = 100_000;
const AT_ONCE = 10_000;

// What a gateway in stock mode needs to notice people who leave: bytes for each linked person.
await inFile();
await inRedis();

async function inFile(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heap = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const folder = mkdtempSync(join(tmpdir(), 'leaver-memory-'));
  try {
    const file = join(folder, 'leavers.json');
    const memory = new FileLeaverMemory(file);
    const before = heap();
    await meet(memory);
    print('in memory, without Redis', heap() - before);
    print('in the file', statSync(file).size);
    const started = process.cpuUsage();
    await memory.left(keyOf(1), Date.now());
    const { user, system } = process.cpuUsage(started);
    console.log(`each change of it: ${Math.round((user + system) / 1000)} ms of CPU time`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function inRedis(): Promise<void> {
  const redis = await startRedis();
  if (redis === undefined) throw new Error('redis-server is not installed');
  const client = new Redis(redis.url);
  const used = async (): Promise<number> => Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]);
  try {
    const before = await used();
    await meet(new RedisLeaverMemory(client, 'one'));
    print('in Redis', (await used()) - before);
  } finally {
    client.disconnect();
    await redis.stop();
  }
}

async function meet(memory: LeaverMemory): Promise<void> {
  for (let first = 1; first <= PEOPLE; first += AT_ONCE) {
    const seen = (_: unknown, at: number) => ({
      key: keyOf(first + at),
      userid: String(first + at).padStart(USERID_LENGTH, '0'),
      seenAt: Date.now(),
    });
    await memory.seen(Array.from({ length: AT_ONCE }, seen));
  }
}

function keyOf(userId: number): string {
  return personKey({ userId, unionId: String(userId).padStart(UNION_ID_LENGTH, 'u') });
}

function print(where: string, bytes: number): void {
  console.log(`${PEOPLE} people ${where}: ${(bytes / 1e6).toFixed(1)} MB, ${Math.round(bytes / PEOPLE)} bytes each`);
}
