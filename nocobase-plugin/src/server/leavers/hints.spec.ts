import type { Hint } from '../../../../src/core/leavers/index.js';
import { Hints } from './hints.js';
import type { LeaverTables } from './tables.js';

jest.mock('@nocobase/database', () => ({ Op: { in: 'in', lt: 'lt' } }), { virtual: true });

describe('Hints', () => {
  /** A table with the same key as ours; a statement is written completely or not at all. */
  function table() {
    const keys = new Set<string>();
    const statements: number[] = [];
    const bulkCreate = async (rows: readonly { readonly key: string }[]): Promise<void> => {
      statements.push(rows.length);
      const fresh = new Set(rows.map(({ key }) => key));
      if (fresh.size < rows.length || [...fresh].some((key) => keys.has(key))) {
        throw Object.assign(new Error('taken'), { name: 'SequelizeUniqueConstraintError' });
      }
      for (const key of fresh) keys.add(key);
    };
    const hints = { bulkCreate, destroy: async () => 0 };
    return { statements, keys, hints: new Hints({ hints } as unknown as LeaverTables, 'ours') };
  }

  const hint = (id: string): Hint => ({ id, kind: 'ask', origin: 'administrator', userId: 1, at: 1 });
  const many = (count: number): Hint[] => Array.from({ length: count }, (_, index) => hint(`go on ${index}`));

  it('of many people are stored with a few statements', async () => {
    const { hints, statements } = table();
    const all = many(1201);
    expect(await hints.note(all)).toEqual(all);
    expect(statements).toEqual([500, 500, 201]);
  });

  it('that are partly known are stored except for those', async () => {
    const { hints, keys } = table();
    await hints.note([hint('a')]);
    expect(await hints.note(['a', 'b', 'b', 'c'].map(hint))).toEqual(['b', 'c'].map(hint));
    expect(await hints.note([hint('c')])).toEqual([]);
    expect(keys.size).toBe(3);
  });
});
