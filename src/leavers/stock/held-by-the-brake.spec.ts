import type { BoundUser, BoundUsers } from '../../nocobase-client/index.js';
import { InProcessLeaverMemory } from './in-process.leaver-memory.js';
import { StockLeaverBook } from './stock-leaver-book.js';

const HOUR = 3_600_000;

/** Users 2 to `size + 1`, all of them seen; writes to NocoBase are collected in `ended`. */
async function setUp(size: number) {
  const time = { now: Date.UTC(2026, 8, 30, 12) };
  const bound = new Map<number, BoundUser>();
  const roles = new Map<number, readonly string[]>();
  const ended: number[] = [];
  for (let userId = 2; userId < size + 2; userId++) bound.set(userId, { userId, subject: `person-${userId}` });
  const users = {
    page: async (after: number, count: number) =>
      [...bound.values()].filter(({ userId }) => userId > after).slice(0, count),
    bySubjects: async (subjects: readonly string[]) =>
      [...bound.values()].filter(({ subject }) => subjects.includes(subject)),
    byUser: async (userId: number) => [...bound.values()].filter((one) => one.userId === userId),
    held: async (userId: number) => ({
      roles: bound.has(userId) ? (roles.get(userId) ?? ['member']) : undefined,
      elsewhere: [],
    }),
    endSessions: async (userId: number) => void ended.push(userId),
  } satisfies { [Name in keyof BoundUsers]: BoundUsers[Name] } as unknown as BoundUsers;
  const book = new StockLeaverBook(users, new InProcessLeaverMemory(), {
    mode: 'lock',
    protectedRoles: ['admin'],
    memoryOf: () => undefined,
    now: () => time.now,
  });
  const seen = [...bound.values()].map(({ userId, subject: unionId }) => ({
    bindingId: String(userId),
    unionId,
    userid: `id-${userId}`,
    corpId: undefined,
    seenAt: time.now - HOUR,
  }));
  await book.here(seen);
  const leaves = async (userId: number) => {
    const [person] = await book.byUserid(`id-${userId}`);
    return person && book.left(person, { code: 60121, userid: `id-${userId}`, askedAt: time.now });
  };
  const returns = async (userId: number) => book.here([{ ...seen[userId - 2]!, seenAt: time.now }]);
  const allow = async (userIds: readonly number[]) =>
    book.allow((await Promise.all(userIds.map(async (one) => book.byUser(one)))).flat());
  return { time, bound, roles, ended, book, leaves, returns, allow };
}

describe('The brake of a stock NocoBase', () => {
  it('holds everyone until an administrator continues', async () => {
    const { leaves, time, ended } = await setUp(40);
    for (let userId = 2; userId < 12; userId++) expect(await leaves(userId)).toBe('locked');
    expect(await leaves(12)).toBe('paused');
    time.now += 2 * HOUR;
    expect(await leaves(13)).toBe('paused');
    expect(ended).toHaveLength(10);
  });

  it('holds everyone beyond ten in a small company, however many hours pass', async () => {
    const { leaves, allow, time, ended } = await setUp(24);
    const all = Array.from({ length: 24 }, (_none, at) => at + 2);
    for (const userId of all) await leaves(userId);
    expect(ended).toHaveLength(10);
    for (let night = 0; night < 3; night++) {
      time.now += 24 * HOUR;
      for (const userId of all) await leaves(userId);
    }
    expect(ended).toHaveLength(10);
    // Half of all within an hour: the others wait for another confirmation.
    await allow(all.slice(10));
    for (const userId of all.slice(10)) await leaves(userId);
    expect(ended).toHaveLength(22);
    await allow([]);
    time.now += 2 * HOUR;
    for (const userId of all.slice(22)) expect(await leaves(userId)).toBe('paused');
    await allow(all.slice(22));
    for (const userId of all.slice(22)) expect(await leaves(userId)).toBe('locked');
  });

  it('holds the last one, too, until an administrator continues or they are back', async () => {
    const { leaves, returns, allow, time } = await setUp(40);
    for (let userId = 2; userId < 14; userId++) await leaves(userId);
    time.now += 2 * HOUR;
    await returns(13);
    time.now += 1000;
    expect(await leaves(12)).toBe('paused');
    expect(await leaves(13)).toBe('paused');
    await returns(13);
    await allow([12]);
    expect(await leaves(12)).toBe('locked');
    time.now += 1000;
    expect(await leaves(13)).toBe('locked');
  });

  it('does not hold everyone forever because of a user who was deleted in the meantime', async () => {
    const { leaves, time, bound } = await setUp(40);
    for (let userId = 2; userId < 13; userId++) await leaves(userId);
    bound.delete(12);
    time.now += 2 * HOUR;
    expect(await leaves(13)).toBe('locked');
  });

  it('nor because of a user whose account became protected in the meantime', async () => {
    const { leaves, time, roles } = await setUp(40);
    for (let userId = 2; userId < 13; userId++) await leaves(userId);
    roles.set(12, ['admin']);
    time.now += 2 * HOUR;
    expect(await leaves(12)).toBe('protected');
    expect(await leaves(13)).toBe('locked');
  });
});
