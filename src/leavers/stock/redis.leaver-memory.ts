import { z } from 'zod';
import { BRAKE_WINDOW_MS, type Hint, ORIGINS } from '../../core/leavers/index.js';
import { StoreUnavailableError } from '../../core/sign-in/index.js';
import { DETAIL } from '../../core/texts/index.js';
import { type RedisClient, redisErrorCode } from '../../shared-store/index.js';
import { type Known, LeaverMemory, MAX_HINTS, REMEMBERED_MS, type Reserved, type Seen } from './leaver-memory.js';

const id = z.string().min(1).max(128);
const storedHint = z.object({
  id,
  kind: z.enum(['left', 'joined', 'ask']),
  origin: z.enum(ORIGINS),
  userid: id.optional(),
  userId: z.int().optional(),
  at: z.number().nonnegative(),
});

/** Atomic: renewed by its holder, or acquired if it is free. */
const LEASE = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/**
 * Shared by all replicas. Times are the scores of sorted sets and only grow (`ZADD GT`, Redis 6.2), so no script is
 * needed when several replicas write about one person. https://redis.io/docs/latest/commands/zadd/
 */
export class RedisLeaverMemory extends LeaverMemory {
  override readonly isDurable = true;
  /** In one slot of a cluster. */
  private readonly prefix: string;

  /** @param scope a NocoBase and one of its authenticators */
  constructor(
    private readonly redis: RedisClient,
    scope: string,
  ) {
    super();
    this.prefix = `sign-in-gateway:leavers:{${scope}}:`;
  }

  override async known(keys: readonly string[]): Promise<readonly Known[]> {
    if (keys.length === 0) return [];
    return this.ask(async () => {
      const [userids, seen, left, ended] = await Promise.all([
        this.redis.hmget(this.of('userids'), ...keys),
        this.redis.zmscore(this.of('seen'), ...keys),
        this.redis.zmscore(this.of('left'), ...keys),
        this.redis.zmscore(this.of('ended'), ...keys),
      ]);
      return keys.map((_key, at) => ({
        userid: userids[at] ?? undefined,
        seenAt: Number(seen[at] ?? 0),
        leftAt: Number(left[at] ?? 0),
        endedFor: Number(ended[at] ?? 0),
      }));
    });
  }

  override async keyOf(userid: string): Promise<string | undefined> {
    return this.ask(async () => (await this.redis.hget(this.of('keys'), userid)) ?? undefined);
  }

  override async seenLast(count: number): Promise<readonly string[]> {
    return this.ask(() => this.redis.zrevrange(this.of('seen'), 0, count - 1));
  }

  override async seen(people: readonly Seen[]): Promise<readonly string[]> {
    const known = await this.known(people.map(({ key }) => key));
    const news = people
      .map((one, at) => ({ ...one, before: known[at]! }))
      .filter(({ seenAt, before }) => seenAt >= before.seenAt);
    if (news.length === 0) return [];
    return this.ask(async () => {
      const batch = this.redis.multi();
      batch.hset(this.of('userids'), Object.fromEntries(news.map(({ key, userid }) => [key, userid])));
      batch.hset(this.of('keys'), Object.fromEntries(news.map(({ key, userid }) => [userid, key])));
      batch.zadd(this.of('seen'), 'GT', ...news.flatMap(({ key, seenAt }) => [seenAt, key]));
      const back = news.filter(({ seenAt, before: { leftAt } }) => leftAt > 0 && leftAt <= seenAt);
      if (back.length > 0) batch.zrem(this.of('held'), ...back.map(({ key }) => key));
      await done(batch.exec());
      const returned: string[] = [];
      for (const { key, seenAt, before } of news) {
        if (before.endedFor === 0 || before.endedFor > seenAt) continue;
        // Only the replica that removes it reports it.
        if ((await this.redis.zrem(this.of('ended'), key)) === 1) returned.push(key);
      }
      return returned;
    });
  }

  /** Limited by Redis itself, which then refuses to write. */
  override async isFull(): Promise<boolean> {
    return Promise.resolve(false);
  }

  override async left(key: string, askedAt: number): Promise<void> {
    await this.ask(() => this.redis.zadd(this.of('left'), 'GT', askedAt, key));
  }

  override async reserve(key: string, now: number): Promise<Reserved> {
    return this.ask(async () => {
      const batch = this.redis.multi();
      batch.zremrangebyscore(this.of('lately'), '-inf', now - BRAKE_WINDOW_MS);
      batch.zadd(this.of('lately'), now, key);
      batch.zcard(this.of('lately'));
      batch.zcard(this.of('held'));
      batch.zscore(this.of('held'), key);
      const [, , lately, held, score] = await done(batch.exec());
      const isHeld = score !== null;
      return { lately: Number(lately) - 1, waiting: Number(held) - Number(isHeld), isHeld };
    });
  }

  override async release(key: string): Promise<void> {
    await this.ask(() => this.redis.zrem(this.of('lately'), key));
  }

  override async ended(key: string, askedAt: number): Promise<void> {
    await this.ask(async () => {
      const batch = this.redis.multi();
      batch.zadd(this.of('ended'), 'GT', askedAt, key);
      batch.zrem(this.of('held'), key);
      await done(batch.exec());
    });
  }

  override async hold(key: string): Promise<void> {
    await this.ask(() => this.redis.zadd(this.of('held'), 0, key));
  }

  override async held(count: number): Promise<readonly string[]> {
    return this.ask(() => this.redis.zrange(this.of('held'), 0, String(count - 1)));
  }

  override async letGo(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.ask(() => this.redis.zrem(this.of('held'), ...keys));
  }

  override async note(hints: readonly Hint[], now: number): Promise<readonly Hint[]> {
    if (hints.length === 0) return [];
    return this.ask(async () => {
      await this.redis.zremrangebyscore(this.of('done'), '-inf', now - REMEMBERED_MS);
      const waiting = await this.redis.zcard(this.of('due'));
      if (waiting + hints.length > MAX_HINTS) throw new StoreUnavailableError(DETAIL.store.full.en);
      const known = await this.redis.zmscore(this.of('done'), ...hints.map((one) => one.id));
      const unknown = hints.filter((_hint, at) => known[at] === null || known[at] === undefined);
      if (unknown.length === 0) return [];
      // Both or neither: a hint without its place in the queue would be neither new nor processed.
      const batch = this.redis.multi();
      for (const one of unknown) {
        batch.hsetnx(this.of('hints'), one.id, JSON.stringify(one));
        batch.zadd(this.of('due'), 'NX', one.at, one.id);
      }
      const answers = await done(batch.exec());
      return unknown.filter((_hint, at) => Number(answers[2 * at]) === 1);
    });
  }

  override async waiting(limit: number): Promise<readonly Hint[]> {
    return this.ask(async () => {
      const ids = await this.redis.zrange(this.of('due'), 0, String(limit - 1));
      if (ids.length === 0) return [];
      const texts = await this.redis.hmget(this.of('hints'), ...ids);
      return texts.flatMap((text): Hint[] => {
        const read = storedHint.safeParse(text === null ? undefined : parsed(text));
        if (!read.success) return [];
        const { userid, userId, ...rest } = read.data;
        return [{ ...rest, ...(userid === undefined ? {} : { userid }), ...(userId === undefined ? {} : { userId }) }];
      });
    });
  }

  override async done(ids: readonly string[], now: number): Promise<void> {
    if (ids.length === 0) return;
    await this.ask(async () => {
      const batch = this.redis.multi();
      batch.zadd(this.of('done'), ...ids.flatMap((one) => [now, one]));
      batch.zremrangebyrank(this.of('done'), 0, -MAX_HINTS - 1);
      batch.zrem(this.of('due'), ...ids);
      batch.hdel(this.of('hints'), ...ids);
      await done(batch.exec());
    });
  }

  override async mark(name: string): Promise<string | undefined> {
    return this.ask(async () => (await this.redis.hget(this.of('marks'), name)) ?? undefined);
  }

  override async setMark(name: string, value: string): Promise<void> {
    await this.ask(() => this.redis.hset(this.of('marks'), name, value));
  }

  override async lease(name: string, holder: string, forMs: number): Promise<boolean> {
    return this.ask(
      async () => (await this.redis.eval(LEASE, 1, this.of(`lease:${name}`), holder, String(forMs))) === 1,
    );
  }

  private of(name: string): string {
    return this.prefix + name;
  }

  private async ask<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      throw new StoreUnavailableError(DETAIL.store.redis(redisErrorCode(error)).en);
    }
  }
}

/** A transaction resolves even if one of its commands failed; that is treated as a failure. */
async function done(running: Promise<[error: Error | null, result: unknown][] | null>): Promise<readonly unknown[]> {
  const answers = await running;
  const failure = answers === null ? new Error('aborted') : answers.find(([error]) => error !== null)?.[0];
  if (answers === null || (failure !== undefined && failure !== null)) throw failure ?? new Error('aborted');
  return answers.map(([, result]) => result);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
