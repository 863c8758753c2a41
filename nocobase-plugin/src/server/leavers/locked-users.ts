import type { Application } from '@nocobase/server';
import { ROOT_USER_ID } from '../../../../src/core/accounts/index.js';
import { GatewayError } from '../../../../src/core/errors/index.js';
import { LOG } from '../texts.js';
import { codeOf } from '../why-no-answer.js';
import { LOCKS } from './locks-collection.js';
import type { LeaverTables } from './tables.js';

/** Every node knows of a lock within three of these at most, as one question may fail. */
const POLL_MS = 10_000;

/** Nobody can say yet who is locked. */
export class LocksUnreadableError extends GatewayError {
  constructor(detail: string, cause: unknown) {
    super('temporarily_unavailable', { detail, cause });
  }
}

/**
 * Who is locked, in this node's memory: a request costs a look into a set, and no statement. NocoBase's nodes do not tell each other
 * anything in the open product (`pubSubManager` has no adapter), so each asks every few seconds whether the locks have changed: one
 * row by its key. It does so while nobody was ever locked, too, or the first lock would be seen on one node only.
 *
 * Where the locks cannot be read at a start, requests of users and sign-ins are refused until they can be (`LocksUnreadableError`):
 * somebody who left must not come in because a table is broken, and where NocoBase's database does not answer, NocoBase does not
 * either. User 1 is never locked and comes in, to repair it. Once read, what was read last holds while later questions fail.
 */
export class LockedUsers {
  /** What ends on this node with somebody's lock, beside what is refused from now on. */
  onLocked: (userIds: ReadonlySet<number>) => void = () => undefined;
  private ids: ReadonlySet<number> = new Set();
  private version: number | undefined;
  private reading: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isFailing = false;

  constructor(
    private readonly app: Application,
    private readonly tables: LeaverTables,
  ) {}

  /** At once where the locks were read before, as they nearly always were. @throws LocksUnreadableError */
  async isLocked(userId: number): Promise<boolean> {
    if (userId === ROOT_USER_ID) return false;
    if (this.version === undefined) {
      await this.refresh().catch((error: unknown) => {
        throw new LocksUnreadableError(codeOf(error), error);
      });
    }
    return this.ids.has(userId);
  }

  /** Looks whether anything has changed. Whoever asks while it looks may be told what was before: who changes, asks twice. */
  async refresh(): Promise<void> {
    this.reading ??= this.read().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  /** After a change of this node's own: whatever began before it does not count. */
  async refreshAfterChange(): Promise<void> {
    await this.reading?.catch(() => undefined);
    await this.refresh();
  }

  /** An application that was stopped can be started again. */
  start(): void {
    if (this.timer !== undefined) return;
    const poll = async (): Promise<void> => {
      try {
        await this.refresh();
        this.isFailing = false;
      } catch (error) {
        if (!this.isFailing) this.app.log.error(LOG.locksUnreadable.en, { why: codeOf(error) });
        this.isFailing = true;
        if (this.version === undefined) await this.tables.create().catch(() => undefined);
      }
      if (this.timer === mine) this.timer = mine = setTimeout(() => void poll(), POLL_MS).unref();
    };
    let mine = setTimeout(() => void poll(), 0).unref();
    this.timer = mine;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private async read(): Promise<void> {
    // First the version: what is locked meanwhile is in the list then, and the next look finds a newer version.
    const version = await this.tables.version();
    // Without its row nobody would hear of a change.
    if (version === undefined) throw new Error('the tables of locks are not made yet');
    if (version === this.version) return;
    const rows = await this.app.db.getRepository(LOCKS).find({ filter: { undoneAt: null }, fields: ['userId'] });
    const ids = new Set(rows.map((row) => Number(row.get('userId'))));
    const changed = [...ids].filter((id) => !this.ids.has(id)).concat([...this.ids].filter((id) => !ids.has(id)));
    // NocoBase keeps the row of whoever is signed in, on each node and for ever: with the old `passwordChangeTz`, sessions from
    // before the lock would be good again after it.
    if (this.version !== undefined) for (const id of changed) await this.app.cache.del(`auth:${id}`);
    this.ids = ids;
    this.version = version;
    this.onLocked(ids);
  }
}
