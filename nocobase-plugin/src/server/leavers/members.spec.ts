import type { Application } from '@nocobase/server';
import { BoundMembers } from './members.js';
import type { LeaverTables } from './tables.js';

jest.mock('@nocobase/database', () => ({ Op: { gt: 'gt', in: 'in', ne: 'ne' } }), { virtual: true });

describe('People whom the brake holds', () => {
  /** @param bound those whose binding still exists */
  function held(userIds: readonly number[], bound: readonly number[]) {
    const holding = new Set(userIds);
    let statements = 0;
    const row = (userId: number) => ({ get: (name: string) => (name === 'userId' ? userId : `union-${userId}`) });
    const members = {
      count: async () => holding.size,
      findAll: async ({ where, limit }: { where: { userId: { gt: number } }; limit: number }) => {
        statements += 1;
        return [...holding]
          .filter((id) => id > where.userId.gt)
          .slice(0, limit)
          .map(row);
      },
      update: async (_values: object, { where }: { where: { userId: { in: number[] } } }) => {
        for (const id of where.userId.in) holding.delete(id);
      },
    };
    const find = async ({ filter }: { filter: { userId: { $in: number[] } } }) =>
      filter.userId.$in
        .filter((id) => bound.includes(id))
        .map((id) => ({ get: (name: string) => (name === 'userId' ? id : `union-${id}`) }));
    const app = { db: { getRepository: () => ({ find }) } } as unknown as Application;
    const book = new BoundMembers(app, { members } as unknown as LeaverTables, 'dingtalk');
    return { count: async () => book.countPaused(), statements: () => statements };
  }

  const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

  it('are none if the bindings of all of them are gone, however many they were', async () => {
    const { count } = held(numbers(2, 352), []);
    expect(await count()).toBe(0);
  });

  it('are checked one page at a time, until those without a binding no longer count', async () => {
    const gone = numbers(152, 202);
    const all = numbers(2, 302);
    const { count, statements } = held(
      all,
      all.filter((id) => !gone.includes(id)),
    );
    expect([await count(), statements()]).toEqual([300, 1]);
    expect([await count(), statements()]).toEqual([250, 2]);
    expect(await count()).toBe(250);
  });
});
