import type { Application } from '@nocobase/server';
import { LRUCache } from 'lru-cache';
import type { LockedUsers } from './locked-users.js';

/** NocoBase does not say when a connection ends: the oldest are forgotten. */
const MAX_CONNECTIONS = 50_000;

/**
 * What NocoBase sends to a user over WebSocket (messages in the app, tasks of workflows) passes by all its middleware: a connection
 * is given its user once, and keeps it. One with an API key or a session that is good otherwise would keep it after the lock, too.
 * The connection itself stays, as anybody has one; it is nobody's then.
 */
export class UserSockets {
  private readonly users = new LRUCache<string, number>({ max: MAX_CONNECTIONS });

  constructor(
    private readonly app: Pick<Application, 'on' | 'emit'>,
    private readonly locked: Pick<LockedUsers, 'isLocked' | 'onLocked'>,
  ) {}

  watch(): void {
    this.app.on('ws:authorized', async ({ clientId, userId }) => {
      const id = Number(userId);
      this.users.set(clientId, id);
      // Whether they are cannot be said: as with a request.
      if (await this.locked.isLocked(id).catch(() => true)) this.part(clientId);
    });
    this.locked.onLocked = (userIds) => {
      if (userIds.size === 0) return;
      const theirs = [...this.users.entries()].filter(([, userId]) => userIds.has(userId));
      for (const [clientId] of theirs) this.part(clientId);
    };
  }

  private part(clientId: string): void {
    this.users.delete(clientId);
    this.app.emit('ws:removeTag', { clientId, tagKey: 'userId' });
  }
}
