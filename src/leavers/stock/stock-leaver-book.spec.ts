import { MissingRightError } from '../../core/accounts/index.js';
import type { BoundPerson, Conclusion, LeaverMode } from '../../core/leavers/index.js';
import type { BoundUser, BoundUsers } from '../../nocobase-client/index.js';
import { InProcessLeaverMemory } from './in-process.leaver-memory.js';
import type { LeaverMemory } from './leaver-memory.js';
import { StockLeaverBook } from './stock-leaver-book.js';

const NOW = 1_790_000_000_000;

/** A NocoBase with this many people, who are bound at `dingtalk`. */
class Users {
  readonly ended: number[] = [];
  readonly roles = new Map<number, string[]>();
  readonly elsewhere = new Map<number, { authenticator: string; subject: string }[]>();
  refusal: Error | undefined;

  constructor(public bound: readonly BoundUser[]) {}

  asBoundUsers(): BoundUsers {
    const of: Pick<BoundUsers, 'page' | 'bySubjects' | 'byUser' | 'held' | 'endSessions'> = {
      page: async (after, size) => this.bound.filter(({ userId }) => userId > after).slice(0, Math.min(size, 7)),
      bySubjects: async (subjects) => this.bound.filter(({ subject }) => subjects.includes(subject)),
      byUser: async (userId) => this.bound.filter((one) => one.userId === userId),
      held: async (userId) => ({
        roles: this.roles.get(userId) ?? ['member'],
        elsewhere: this.elsewhere.get(userId) ?? [],
      }),
      endSessions: async (userId) => {
        if (this.refusal !== undefined) throw this.refusal;
        this.ended.push(userId);
      },
    };
    return of as BoundUsers;
  }
}

const crowd = (count: number): BoundUser[] =>
  Array.from({ length: count }, (_none, at) => ({ userId: at + 2, subject: `union-${at + 2}` }));

function bookOf(users: Users, mode: LeaverMode = 'lock', others: Record<string, LeaverMemory> = {}) {
  const memory = new InProcessLeaverMemory();
  const memoryOf = (name: string) => others[name];
  const options = { mode, protectedRoles: ['root', 'admin'], memoryOf, now: () => NOW };
  return { memory, book: new StockLeaverBook(users.asBoundUsers(), memory, options) };
}

const evidence = (userid: string, askedAt = NOW) => ({ code: 60121, userid, askedAt });

async function leave(book: StockLeaverBook, userId: number, askedAt = NOW): Promise<Conclusion> {
  const [person] = await book.byUser(userId);
  return book.left(person!, evidence(`u${userId}`, askedAt));
}

const seen = (userId: number, seenAt: number, userid = `u${userId}`) => ({
  bindingId: String(userId),
  unionId: `union-${userId}`,
  userid,
  corpId: undefined,
  seenAt,
});

describe('The book of leavers at a stock NocoBase', () => {
  it('ends the sessions of those who left, once, and of no one else', async () => {
    const users = new Users(crowd(3));
    const { book } = bookOf(users);
    expect([await leave(book, 2), await leave(book, 2, NOW + 1), users.ended]).toEqual([
      'locked',
      'already_locked',
      [2],
    ]);
    expect((await book.byUser(2))[0]).toMatchObject({ hasLeft: true, lock: 'ours' });
    expect((await book.byUser(3))[0]).toMatchObject({ hasLeft: false, lock: 'none' });
  });

  it('ends no sessions if only a report is wanted', async () => {
    const users = new Users(crowd(3));
    expect([await leave(bookOf(users, 'report').book, 2), users.ended]).toEqual(['reported', []]);
  });

  it('uses the later of two answers about a return, whatever their order', async () => {
    const users = new Users(crowd(3));
    const { book } = bookOf(users);
    await book.here([seen(2, NOW + 5)]);
    expect(await leave(book, 2, NOW + 4)).toBe('gone');
    expect(await leave(book, 2, NOW + 6)).toBe('locked');
    expect(await book.here([seen(2, NOW + 5)])).toEqual([]);
    expect(await book.here([seen(2, NOW + 7, 'another')])).toEqual([{ userId: 2, unionId: 'union-2' }]);
    expect(await book.here([seen(2, NOW + 8, 'another')])).toEqual([]);
    expect(await book.byUserid('another')).toMatchObject([{ userId: 2, lock: 'none', hasLeft: false }]);
    expect(await book.byUserid('u2')).toEqual([]);
  });

  it.each([
    [1, ['member']],
    [2, ['member', 'admin']],
  ])('never touches a protected account: user %d, roles %j', async (userId, roles) => {
    const users = new Users([{ userId, subject: `union-${userId}` }, ...crowd(5).slice(1)]);
    users.roles.set(userId, roles);
    expect([await leave(bookOf(users).book, userId), users.ended]).toEqual(['protected', []]);
  });

  it('waits for every organization; an unknown one never reports a leaving', async () => {
    const users = new Users(crowd(3));
    const other = new InProcessLeaverMemory();
    users.elsewhere.set(2, [{ authenticator: 'branch', subject: 'union-b' }]);
    users.elsewhere.set(3, [{ authenticator: 'unknown', subject: 'union-u' }]);
    const { book } = bookOf(users, 'lock', { branch: other });
    expect([await leave(book, 2), await leave(book, 3)]).toEqual(['elsewhere', 'elsewhere']);
    await other.left('2:union-b', NOW);
    expect([await leave(book, 2, NOW + 1), users.ended]).toEqual(['locked', [2]]);
  });

  it('brakes after ten in an hour, and lets an administrator continue with those who wait, not with others', async () => {
    const users = new Users(crowd(100));
    const { book } = bookOf(users);
    const came: Conclusion[] = [];
    for (let userId = 2; userId < 14; userId += 1) came.push(await leave(book, userId));
    expect(came).toEqual([...Array<Conclusion>(10).fill('locked'), 'paused', 'paused']);
    const waiting: BoundPerson[] = [...(await book.byUser(12)), ...(await book.byUser(13))];
    book.allow(waiting);
    expect([await leave(book, 12), await leave(book, 13), await leave(book, 14)]).toEqual([
      'locked',
      'locked',
      'paused',
    ]);
    expect(users.ended).toHaveLength(12);
  });

  it('refuses more than half, even if approved', async () => {
    const users = new Users(crowd(22));
    const { book } = bookOf(users);
    const allowed: BoundPerson[] = [];
    for (const { userId } of users.bound) allowed.push(...(await book.byUser(userId)));
    book.allow(allowed);
    const came: Conclusion[] = [];
    for (const { userId } of users.bound.slice(0, 13)) came.push(await leave(book, userId));
    expect(came.filter((one) => one === 'locked')).toHaveLength(11);
    expect(came.slice(-2)).toEqual(['refused', 'refused']);
  });

  it('counts everyone, however small the pages are', async () => {
    expect(await bookOf(new Users(crowd(100))).book.count()).toBe(100);
  });

  it('names the missing right, and does not count people who were not locked', async () => {
    const users = new Users(crowd(100));
    const { book } = bookOf(users);
    users.refusal = new MissingRightError('users:update', 'passwordChangeTz', undefined);
    for (let userId = 2; userId < 20; userId += 1) await expect(leave(book, userId)).rejects.toThrow(MissingRightError);
    users.refusal = undefined;
    expect(await leave(book, 2)).toBe('locked');
  });

  it('proposes the people seen last as witnesses, and no one who left or is the person', async () => {
    const users = new Users(crowd(6));
    const { book } = bookOf(users);
    await book.here([2, 3, 4, 5].map((userId) => seen(userId, NOW + userId)));
    await leave(book, 5, NOW + 100);
    expect((await book.witnesses('union-4', 3)).map(({ userId }) => userId)).toEqual([3, 2]);
  });
});
