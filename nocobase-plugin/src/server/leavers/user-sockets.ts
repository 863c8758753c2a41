import type { Application } from '@nocobase/server';
import { LRUCache } from 'lru-cache';
import type { LockedUsers } from './locked-users.js';

/** NocoBase does not report when a connection ends: the oldest are evicted. */
const MAX_CONNECTIONS = 50_000;

/**
 * What NocoBase sends to a user over WebSocket (in-app messages, workflow tasks) bypasses all its middleware: a connection is
 * assigned its user once, and keeps it. With an API key, or a session that is otherwise valid, it would keep it after the lock,
 * too. The connection itself stays, as anyone may have one, but no longer belongs to a user.
 */
export class UserSockets {
  private readonly users = new LRUCache<string, number>({ max: MAX_CONNECTIONS });

  constructor(
    private readonly app: Pick<Application, 'on' | 'emit'>,
    private readonly locked: Pick<LockedUsers, 'isLocked' | 'onLocked'>,
    /** If that cannot be determined; as with a request. */
    private readonly isLockedIfUnknown = true,
  ) {}

  watch(): void {
    this.app.on('ws:authorized', async ({ clientId, userId }) => {
      const id = Number(userId);
      this.users.set(clientId, id);
      if (await this.locked.isLocked(id).catch(() => this.isLockedIfUnknown)) this.part(clientId);
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
