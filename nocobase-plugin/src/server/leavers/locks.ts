import type { Model, Transaction } from '@nocobase/database';
import type { Application } from '@nocobase/server';
import { ROOT_USER_ID } from '../../../../src/core/accounts/index.js';
import type { BoundPerson, Evidence, Origin } from '../../../../src/core/leavers/index.js';
import { isRecord } from '../is-record.js';
import { endLatest, endOlder, type RunningSessions, runningSessions } from '../running-sessions.js';
import { DETAIL, SWITCH } from '../texts.js';
import type { LockedUsers } from './locked-users.js';
import { LOCKS } from './locks-collection.js';
import type { LeaverTables } from './tables.js';

/** A lock that is in force. */
export interface Lock {
  readonly id: number;
  readonly userId: number;
  readonly origin: Exclude<BoundPerson['lock'], 'none'>;
  /** When DingTalk was asked whose answer is its evidence; undefined for a lock made by hand. */
  readonly askedAt: number | undefined;
}

/** Why a user is locked. */
export type NewLock =
  | { readonly origin: 'ours'; readonly authenticator: string; readonly evidence: Evidence; readonly source: Origin }
  | { readonly origin: 'by_hand'; readonly byUserId: number | undefined };

/** The transaction for a change of locks, and what to do once it is committed. */
export interface Turn {
  readonly transaction: Transaction;
  /** Runs after the commit. */
  readonly after: (work: () => Promise<void>) => void;
  /** Notifies every node that the locks have changed. */
  readonly changed: () => void;
}

/**
 * The only writer of locks. A writer excludes all others on all nodes of a NocoBase (`inTurn`), so that a user has only one lock
 * and the brake counts correctly. Everything is kept: a removed lock stays as a record.
 */
export class Locks {
  /** Serialized in this process too: each writer would hold a connection while it waits for another node. */
  private turn: Promise<unknown> = Promise.resolve();
  /** Our own transactions: NocoBase's actions and workflows cannot change locks. */
  private readonly transactions = new WeakSet<Transaction>();

  constructor(
    private readonly app: Application,
    private readonly tables: LeaverTables,
    private readonly locked: LockedUsers,
  ) {}

  /** Refuses writes by anything else, by whatever way NocoBase offers. */
  guard(): void {
    for (const event of [
      'beforeCreate',
      'beforeUpdate',
      'beforeDestroy',
      'beforeBulkCreate',
      'beforeBulkUpdate',
      'beforeBulkDestroy',
    ]) {
      this.app.db.on(`${LOCKS}.${event}`, async (first, second) => {
        // For the bulk events, the options come first.
        const { transaction } = { ...(first as { transaction?: Transaction }), ...second };
        if (transaction === undefined || !this.transactions.has(transaction)) throw new LocksAreOursError();
      });
    }
  }

  /** @param work reads and writes only in its transaction */
  async inTurn<T>(work: (turn: Turn) => Promise<T>): Promise<T> {
    const mine = this.turn.catch(() => undefined).then(async () => this.alone(work));
    this.turn = mine;
    return mine;
  }

  private async alone<T>(work: (turn: Turn) => Promise<T>): Promise<T> {
    const { only: where, turns } = this.tables;
    const later: (() => Promise<void>)[] = [];
    let hasChanged = false;
    const result = await this.app.db.sequelize.transaction(async (transaction) => {
      // Before anything is read: another writer waits here, and then reads what we have written.
      await turns.increment('turn', { by: 1, where, transaction });
      this.transactions.add(transaction);
      const after = (one: () => Promise<void>): void => void later.push(one);
      const done = await work({ transaction, after, changed: () => (hasChanged = true) });
      if (hasChanged) await turns.increment('version', { by: 1, where, transaction });
      return done;
    });
    try {
      if (hasChanged) await this.locked.refreshAfterChange();
    } finally {
      for (const one of later) await one();
    }
    return result;
  }

  async ofUsers(userIds: readonly number[], transaction?: Transaction): Promise<ReadonlyMap<number, Lock>> {
    // With some databases an empty list does not filter.
    if (userIds.length === 0) return new Map();
    const rows = await this.app.db.getRepository(LOCKS).find({
      filter: { undoneAt: null, userId: { $in: [...userIds] } },
      fields: ['id', 'userId', 'origin', 'evidence', 'lockedAt'],
      transaction,
    });
    return new Map(rows.map((row) => [Number(row.get('userId')), lockIn(row)]));
  }

  /** Users whom the watch locked at an authenticator since then, including those unlocked meanwhile. */
  async countOurs(authenticator: string, since: number, transaction: Transaction): Promise<number> {
    const filter = { origin: 'ours', authenticator, lockedAt: { $gte: new Date(since) } };
    return this.app.db.getRepository(LOCKS).count({ filter, transaction });
  }

  /** @returns whether this changed anything */
  async lock(userId: number, lock: NewLock, turn: Turn): Promise<boolean> {
    if (userId === ROOT_USER_ID) throw new RangeError(DETAIL.firstUser.en);
    const { transaction } = turn;
    const ours = lock.origin === 'ours';
    const held = (await this.ofUsers([userId], transaction)).get(userId);
    if (held?.origin === 'by_hand' || (held !== undefined && ours)) return false;
    // An administrator who locks a user by hand whom the watch has locked wants the lock to stay.
    if (held !== undefined) await this.undo(held, lock.origin === 'by_hand' ? lock.byUserId : undefined, transaction);
    await this.app.db.getRepository(LOCKS).create({
      values: {
        userId,
        origin: lock.origin,
        source: ours ? lock.source : null,
        authenticator: ours ? lock.authenticator : null,
        evidence: ours ? lock.evidence : null,
        lockedAt: new Date(),
        lockedById: ours ? null : (lock.byUserId ?? null),
      },
      transaction,
    });
    // The brake no longer holds this user anywhere; otherwise it would stay on until an administrator presses Go on.
    await this.tables.members.update({ pausedAt: null }, { where: { userId }, transaction });
    await this.endSessions(userId, turn);
    turn.changed();
    return true;
  }

  /** Sessions from the time of the lock stay invalid: another node may have issued one within some seconds after it. */
  async unlock(lock: Lock, byUserId: number | undefined, turn: Turn): Promise<void> {
    const { transaction } = turn;
    const leftAt = lock.origin === 'by_hand' ? await this.leftBy(lock.userId, transaction) : undefined;
    await this.undo(lock, byUserId, transaction, leftAt);
    await this.endSessions(lock.userId, turn);
    turn.changed();
  }

  /** @param leftAt for a lock made by hand: the authenticator where the user's departure was known by now */
  private async undo(
    { id }: Lock,
    byUserId: number | undefined,
    transaction: Transaction,
    leftAt?: string,
  ): Promise<void> {
    await this.app.db.getRepository(LOCKS).update({
      filter: { id },
      values: { undoneAt: new Date(), undoneById: byUserId ?? null, ...(leftAt && { authenticator: leftAt }) },
      whitelist: ['undoneAt', 'undoneById', 'authenticator'],
      transaction,
    });
  }

  /**
   * Whether an administrator has removed a lock since then while a departure was known: the nightly check does not overrule that
   * decision. Such locks name an authenticator, ours from the beginning, one made by hand since it was undone. A lock made and undone
   * by hand before any departure says nothing about a later one.
   */
  async wasUndoneByHand(userId: number, since: number, transaction: Transaction): Promise<boolean> {
    const decided = { undoneById: { $ne: null }, undoneAt: { $gt: new Date(since) } };
    const filter = { userId, authenticator: { $ne: null }, ...decided };
    return (await this.app.db.getRepository(LOCKS).count({ filter, transaction })) > 0;
  }

  /** @returns an authenticator at which the person who is bound now has left, by DingTalk's latest answer */
  private async leftBy(userId: number, transaction: Transaction): Promise<string | undefined> {
    const known = await this.tables.members.findAll({ where: { userId }, transaction });
    const left = known.filter((row) => row.get('leftAt') !== null);
    if (left.length === 0) return undefined;
    const fields = ['authenticator', 'userId', 'uuid'];
    const filter = { userId };
    const bound = await this.app.db.getRepository('usersAuthenticators').find({ filter, fields, transaction });
    const subjects = new Map(bound.map((row) => [row.get('authenticator'), row.get('uuid')]));
    const found = left.find((row) => subjects.get(row.get('authenticator')) === row.get('unionId'));
    return found === undefined ? undefined : String(found.get('authenticator'));
  }

  /** Removes the locks of deleted users. */
  async forget(userId: number, transaction: Transaction | undefined): Promise<void> {
    const remove = async (within: Transaction): Promise<void> => {
      this.transactions.add(within);
      await this.app.db.getRepository(LOCKS).destroy({ filter: { userId }, transaction: within });
    };
    if (transaction === undefined) await this.app.db.sequelize.transaction(remove);
    else await remove(transaction);
  }

  private async endSessions(userId: number, { transaction, after }: Turn): Promise<void> {
    const sessions = await runningSessions(this.app, userId, transaction);
    await endOlder(this.app, sessions, transaction);
    after(async () => this.endNow(sessions));
  }

  /** NocoBase updates its cache of users before the transaction ends; a read meanwhile caches the old record. */
  private async endNow(sessions: RunningSessions): Promise<void> {
    await endLatest(this.app, sessions);
    await this.app.cache.del(`auth:${sessions.userId}`);
  }
}

/** NocoBase shows `message` to the user who tried it. */
export class LocksAreOursError extends Error {
  readonly status = 403;
  readonly logLevel = 'debug';

  constructor() {
    super(SWITCH.locksAreOurs.en);
  }
}

export function lockIn(row: Model): Lock {
  const origin = row.get('origin') === 'ours' ? 'ours' : 'by_hand';
  return { id: Number(row.get('id')), userId: Number(row.get('userId')), origin, askedAt: askedAtIn(row) };
}

/** By the clock of the gateway, which may be ahead: not later than the lock itself. */
function askedAtIn(row: Model): number | undefined {
  const evidence = evidenceIn(row);
  if (evidence === null) return undefined;
  const lockedAt = new Date(row.get('lockedAt') as Date | string).getTime();
  return Math.min(Number(Reflect.get(evidence, 'askedAt')) || lockedAt, lockedAt);
}

/** Some databases return JSON as text. */
export function evidenceIn(row: Model): object | null {
  const value = row.get('evidence');
  const read: unknown = typeof value === 'string' && value !== '' ? JSON.parse(value) : value;
  return isRecord(read) ? read : null;
}
