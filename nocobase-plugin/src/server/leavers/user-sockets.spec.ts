import { EventEmitter } from 'node:events';
import { UserSockets } from './user-sockets.js';

describe("NocoBase's WebSocket", () => {
  /** As in `@nocobase/server` and its plugin-auth: a connection belongs to a user by its tag. */
  function nocobase(isLockedIfUnknown?: boolean) {
    const app = new EventEmitter();
    const tags = new Map<string, number>();
    app.on('ws:removeTag', ({ clientId }: { clientId: string }) => tags.delete(clientId));
    const locked = {
      answer: async (_userId: number): Promise<boolean> => false,
      isLocked: async (userId: number): Promise<boolean> => locked.answer(userId),
      onLocked: (_userIds: ReadonlySet<number>): void => undefined,
    };
    new UserSockets(app, locked, isLockedIfUnknown).watch();
    const authorize = async (clientId: string, userId: number): Promise<void> => {
      tags.set(clientId, userId);
      app.emit('ws:authorized', { clientId, userId });
      await new Promise(setImmediate);
    };
    return { tags, locked, authorize };
  }

  it('sends nothing more to a locked user on an existing connection', async () => {
    const { tags, locked, authorize } = nocobase();
    await authorize('a', 7);
    await authorize('b', 7);
    await authorize('c', 8);
    expect([...tags]).toEqual([
      ['a', 7],
      ['b', 7],
      ['c', 8],
    ]);
    locked.onLocked(new Set([7, 9]));
    expect([...tags]).toEqual([['c', 8]]);
  });

  it('gives a locked user no connection with any token, nor any user while the locks are unknown', async () => {
    const { tags, locked, authorize } = nocobase();
    locked.answer = async (userId) => {
      if (userId === 8) throw new Error('unreadable');
      return userId === 7;
    };
    await authorize('a', 7);
    await authorize('b', 8);
    await authorize('c', 9);
    expect([...tags]).toEqual([['c', 9]]);
  });

  it('leaves them theirs where the plugin is not loaded and the locks are unknown', async () => {
    const { tags, locked, authorize } = nocobase(false);
    locked.answer = async () => Promise.reject(new Error('unreadable'));
    await authorize('a', 7);
    expect([...tags]).toEqual([['a', 7]]);
  });
});
