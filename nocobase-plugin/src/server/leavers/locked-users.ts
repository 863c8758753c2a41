import type { Application } from '@nocobase/server';
import { ROOT_USER_ID } from '../../../../src/core/accounts/index.js';
import { GatewayError } from '../../../../src/core/errors/index.js';
import { LOG } from '../texts.js';
import { codeOf } from '../why-no-answer.js';
import { LOCKS } from './locks-collection.js';
import type { LeaverTables } from './tables.js';

/** Every node knows of a lock after at most three of these intervals, since one query may fail. */
const POLL_MS = 10_000;

/** It is not yet known who is locked. */
export class LocksUnreadableError extends GatewayError {
  constructor(detail: string, cause: unknown) {
    super('temporarily_unavailable', { detail, cause });
  }
}

/**
 * The locked users, in this node's memory: a request costs a lookup in a set, and no statement. NocoBase's nodes do not notify each
 * other in the open-source edition (`pubSubManager` has no adapter), so each node polls every few seconds whether the locks have
 * changed: one row by its key. It does so even if nobody was ever locked, or the first lock would take effect on one node only.
 *
 * While the locks cannot be read after a start, requests of users and sign-ins are refused (`LocksUnreadableError`): a person who
 * left must not get in because a table is broken, and if NocoBase's database does not answer, neither does NocoBase. User 1 is
 * never locked and can sign in, to repair it. Once the locks have been read, the last result stays valid while later queries fail.
 */
export class LockedUsers {
  /** What else a lock ends on this node, beside refusing requests from now on. */
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

  /** Immediate if the locks were read before, as they nearly always were. @throws LocksUnreadableError */
  async isLocked(userId: number): Promise<boolean> {
    if (userId === ROOT_USER_ID) return false;
    if (this.version === undefined) {
      await this.refresh().catch((error: unknown) => {
        throw new LocksUnreadableError(codeOf(error), error);
      });
    }
    return this.ids.has(userId);
  }

  /** Checks for changes. Callers during a check may get its older result: a writer uses `refreshAfterChange`. */
  async refresh(): Promise<void> {
    this.reading ??= this.read().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  /** After a change by this node: a check that began before it is not sufficient. */
  async refreshAfterChange(): Promise<void> {
    await this.reading?.catch(() => undefined);
    await this.refresh();
  }

  /** A stopped application can be started again. @param mayCreate the tables, where they are missing */
  start(mayCreate = true): void {
    if (this.timer !== undefined) return;
    const poll = async (): Promise<void> => {
      try {
        await this.refresh();
        this.isFailing = false;
      } catch (error) {
        if (!this.isFailing) this.app.log.error(LOG.locksUnreadable.en, { why: codeOf(error) });
        this.isFailing = true;
        if (mayCreate && this.version === undefined) await this.tables.create().catch(() => undefined);
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
    // The version first: users locked meanwhile are in the list then, and the next check finds a newer version.
    const version = await this.tables.version();
    // Without its row no node would learn of a change.
    if (version === undefined) throw new Error('the tables of locks are not made yet');
    if (version === this.version) return;
    const rows = await this.app.db.getRepository(LOCKS).find({ filter: { undoneAt: null }, fields: ['userId'] });
    const ids = new Set(rows.map((row) => Number(row.get('userId'))));
    const changed = [...ids].filter((id) => !this.ids.has(id)).concat([...this.ids].filter((id) => !ids.has(id)));
    // NocoBase caches the record of each signed-in user, on every node and without expiry: with the old `passwordChangeTz`,
    // sessions from before the lock would be valid again after it.
    if (this.version !== undefined) for (const id of changed) await this.app.cache.del(`auth:${id}`);
    this.ids = ids;
    this.version = version;
    this.onLocked(ids);
  }
}
