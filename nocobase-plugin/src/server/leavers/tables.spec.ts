import { LeaverTables } from './tables.js';

jest.mock('@nocobase/database', () => ({ DataTypes: { STRING: () => 'text' } }), { virtual: true });

it('Tables are created if several nodes start to create them at the same time', async () => {
  let refusals = 0;
  const sync = async (): Promise<void> => {
    // As PostgreSQL does for a table, and for each of its indexes, that another node creates at the same moment.
    if (refusals % 5 !== 4) {
      refusals += 1;
      throw new Error('relation already exists');
    }
    refusals += 1;
  };
  const rows: object[] = [];
  const model = {
    sync,
    findOne: async () => (rows.length === 0 ? null : { get: () => 0 }),
    create: async (row: object) => rows.push(row),
  };
  const db = { options: {}, sequelize: { define: () => model }, collection: () => ({ model }) };
  await new LeaverTables({ db } as never).create();
  expect(refusals).toBe(6 * 5);
  expect(rows).toEqual([{ id: 1, turn: 0, version: 0 }]);
});
