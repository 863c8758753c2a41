import { LeaverTables } from './tables.js';

jest.mock('@nocobase/database', () => ({ DataTypes: { STRING: () => 'text' } }), { virtual: true });

it('Indexes keep the names that Sequelize gave them, unless those are longer than a database allows', () => {
  const named = (name: string): string => {
    const model = { _indexes: [{ name }] };
    const db = { options: {}, sequelize: { define: () => model }, collection: () => ({ model }) };
    expect(new LeaverTables({ db } as never).hints).toBe(model);
    return model._indexes[0]!.name;
  };
  const ofHints = 'dingtalk_leaver_hints_authenticator_done_at_heard_at';
  expect(named(ofHints)).toBe(ofHints);
  expect(named(`${'p'.repeat(11)}${ofHints}`)).toBe(`${'p'.repeat(11)}${ofHints}`);
  const shortened = named(`${'p'.repeat(12)}${ofHints}`);
  expect(shortened).toMatch(/^i_[\da-f]{32}$/);
  expect(named(`${'q'.repeat(12)}${ofHints}`)).not.toBe(shortened);
});

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
    _indexes: [],
    sync,
    findOne: async () => (rows.length === 0 ? null : { get: () => 0 }),
    create: async (row: object) => rows.push(row),
  };
  const db = { options: {}, sequelize: { define: () => model }, collection: () => ({ model }) };
  await new LeaverTables({ db } as never).create();
  expect(refusals).toBe(6 * 5);
  expect(rows).toEqual([{ id: 1, turn: 0, version: 0 }]);
});
