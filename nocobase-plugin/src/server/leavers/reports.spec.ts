import type { LeaverTables } from './tables.js';
import { Reports } from './reports.js';

jest.mock('@nocobase/database', () => ({ Op: { in: 'in', lt: 'lt', lte: 'lte' } }), { virtual: true });

interface Row {
  readonly id: number;
  readonly kind: string;
}

describe('Reports', () => {
  it('about people of whom nothing is known leave room for the others', async () => {
    const rows: Row[] = [];
    const modelOf = (row: Row): object => ({ get: (name: keyof Row) => row[name] });
    const of = (kind?: string): Row[] => rows.filter((row) => kind === undefined || row.kind === kind);
    const reports = {
      findAll: async ({ where, offset }: { where: { kind?: string; userId?: number }; offset?: number }) =>
        where.userId === undefined
          ? of(where.kind)
              .toReversed()
              .slice(offset, (offset ?? 0) + 1)
              .map(modelOf)
          : [],
      create: async ({ kind }: Row) => void rows.push({ id: rows.length + 1, kind }),
      destroy: async ({ where }: { where: { kind?: string; id?: { lte: number } } }) => {
        const gone = new Set(of(where.kind).filter(({ id }) => where.id !== undefined && id <= where.id.lte));
        rows.splice(0, rows.length, ...rows.filter((row) => !gone.has(row)));
      },
    };
    const kept = new Reports({ reports } as unknown as LeaverTables);
    for (let userId = 1; userId <= 100; userId++) await kept.write({ userId, kind: 'locked' });
    // The application's scope at DingTalk was reduced.
    for (let userId = 1; userId <= 10_100; userId++) await kept.write({ userId, kind: 'unclear', why: 'out_of_scope' });
    expect(of('locked')).toHaveLength(100);
    expect(of('unclear').length).toBeLessThanOrEqual(5100);
    expect(of('unclear').length).toBeGreaterThanOrEqual(5000);
  });
});
