import { STREAM_TOLD_FOR_MS } from '../../../../src/core/organization-events/index.js';
import { Marks } from './marks.js';
import type { LeaverTables } from './tables.js';

jest.mock('@nocobase/database', () => ({ Op: { lt: 'lt', or: 'or' } }), { virtual: true });

const DAY = 86_400_000;

interface Row {
  readonly name: string;
  readonly endsAt: number | null;
}

describe('The state of the connections of several processes', () => {
  let now = Date.UTC(2026, 8, 30);
  beforeEach(() => jest.spyOn(Date, 'now').mockImplementation(() => now));
  afterEach(() => jest.restoreAllMocks());

  function setUp() {
    const rows = new Map<string, Row>();
    const marks = {
      upsert: async (row: Row) => rows.set(row.name, row),
      findAll: async () => [...rows.values()].map((row) => ({ get: (name: string) => Reflect.get(row, name) })),
      destroy: async ({ where: { endsAt } }: { where: { endsAt: { lt: number } } }) => {
        for (const [name, row] of rows) if (row.endsAt !== null && row.endsAt < endsAt.lt) rows.delete(name);
      },
    };
    const book = new Marks({ marks } as unknown as LeaverTables, 'dingtalk');
    return { rows, book, stream: async () => (await book.told()).stream };
  }

  it('is connected if any of them is, whichever reported last', async () => {
    const { book, stream } = setUp();
    expect(await stream()).toBeUndefined();
    await book.tell({ stream: 'connected' }, 'one');
    await book.tell({ stream: 'disconnected' }, 'two');
    expect(await stream()).toBe('connected');
    await book.tell({ stream: 'disconnected' }, 'one');
    expect(await stream()).toBe('disconnected');
  });

  it('expires if a process reports nothing more, and is deleted later', async () => {
    const { rows, book, stream } = setUp();
    await book.tell({ stream: 'connected' }, 'killed');
    now += STREAM_TOLD_FOR_MS;
    expect(await stream()).toBeUndefined();
    await book.write('records', '17');
    await book.tell({ stream: 'disconnected' }, 'new');
    expect([rows.size, await stream()]).toEqual([3, 'disconnected']);
    now += DAY + 1;
    await book.tell({ stream: 'connected' }, 'new');
    expect([...rows.keys()]).toEqual(['mark records', 'state stream new']);
  });
});
