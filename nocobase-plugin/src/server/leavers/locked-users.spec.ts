import type { Application } from '@nocobase/server';
import { LockedUsers } from './locked-users.js';
import type { LeaverTables } from './tables.js';

describe("The locked users in a node's memory", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function node() {
    const book = { version: 1 as number | undefined, locked: [7], made: 0 };
    const tables = {
      version: async () => {
        if (book.made === 0) throw new Error('no such table');
        return book.version;
      },
      create: async () => void (book.made += 1),
    };
    const rows = () => book.locked.map((userId) => ({ get: () => userId }));
    const app = {
      db: { getRepository: () => ({ find: async () => rows() }) },
      cache: { del: async () => undefined },
      log: { error: () => undefined },
    };
    const locked = new LockedUsers(app as unknown as Application, tables as unknown as LeaverTables);
    const lock = (userId: number): void => {
      book.locked.push(userId);
      book.version = (book.version ?? 0) + 1;
    };
    return { book, locked, lock };
  }

  it('are loaded again when the application was stopped and started', async () => {
    const { book, locked, lock } = node();
    book.made = 1;
    locked.start();
    await jest.advanceTimersByTimeAsync(1);
    locked.stop();
    lock(8);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await locked.isLocked(8)).toBe(false);
    locked.start();
    await jest.advanceTimersByTimeAsync(1);
    expect(await locked.isLocked(8)).toBe(true);
    lock(9);
    await jest.advanceTimersByTimeAsync(10_001);
    expect(await locked.isLocked(9)).toBe(true);
    locked.stop();
  });

  it('let only user 1 in while the tables cannot be created, which is retried', async () => {
    const { book, locked } = node();
    await expect(locked.isLocked(8)).rejects.toThrow('no answer');
    expect(await locked.isLocked(1)).toBe(false);
    locked.start();
    await jest.advanceTimersByTimeAsync(10_002);
    expect(book.made).toBe(1);
    expect([await locked.isLocked(7), await locked.isLocked(8)]).toEqual([true, false]);
    locked.stop();
  });

  it('are unknown if the row is missing by which nodes learn of changes', async () => {
    const { book, locked } = node();
    book.made = 1;
    book.version = undefined;
    await expect(locked.isLocked(8)).rejects.toThrow('no answer');
  });
});
