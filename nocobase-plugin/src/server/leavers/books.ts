import { randomUUID } from 'node:crypto';
import type { Model } from '@nocobase/database';
import type { Application } from '@nocobase/server';
import type { ExternalIdentity } from '../../../../src/core/accounts/index.js';
import { AUTH_TYPE } from '../../../../src/core/plugin-protocol/index.js';
import { findAll } from '../authenticators.js';
import { isRecord } from '../is-record.js';
import { LOG } from '../texts.js';
import { codeOf } from '../why-no-answer.js';
import { DatabaseLeaverBook } from './database-leaver-book.js';
import { LockedUsers } from './locked-users.js';
import { Locks } from './locks.js';
import { Reports } from './reports.js';
import { LeaverTables } from './tables.js';
import { UserSockets } from './user-sockets.js';

function clientIdIn(row: Model): unknown {
  const options: unknown = row.get('options');
  return isRecord(options) ? (options['clientId'] ?? '') : '';
}

/** The number of authenticators that a gateway may have. */
const MAX_BOOKS = 100;

/** Everything that this NocoBase stores about people who left, and the book of each authenticator. */
export class Leavers {
  readonly tables: LeaverTables;
  readonly locked: LockedUsers;
  readonly locks: Locks;
  readonly reports: Reports;
  /** A person without a known userid has signed in: a watch in this process may look it up. @returns whether one does */
  onMet: (authenticator: string, unionId: string) => boolean = () => false;
  private readonly books = new Map<string, DatabaseLeaverBook>();
  /** Identifies this process and application among those that watch. */
  private readonly holder = randomUUID();

  constructor(readonly app: Application) {
    this.tables = new LeaverTables(app);
    this.locked = new LockedUsers(app, this.tables);
    this.locks = new Locks(app, this.tables, this.locked);
    this.reports = new Reports(this.tables);
  }

  /** Runs from the application's start to its stop; also handles people whose users are deleted. */
  watch(): void {
    const { app, locked, locks, tables } = this;
    locks.guard();
    new UserSockets(app, locked).watch();
    app.on('afterStart', async () => {
      // An error would stop NocoBase from starting. Without the tables only user 1 can sign in; reading them tries to create them
      // again.
      await tables.create().catch((error: unknown) => {
        app.log.error(LOG.locksUnreadable.en, { why: codeOf(error) });
      });
      locked.start();
    });
    app.on('beforeStop', async () => locked.stop());
    app.db.on('authenticators.beforeSave', async (row, { transaction }) => {
      if (row.isNewRecord || !row.changed('options')) return;
      const filter = { id: row.get('id') };
      const stored = await app.db.getRepository('authenticators').findOne({ filter, transaction });
      if (stored === null || stored.get('authType') !== AUTH_TYPE || clientIdIn(stored) === clientIdIn(row)) return;
      await this.of(String(stored.get('name'))).members.forgetApplication(transaction);
    });
    app.db.on('users.afterDestroy', async (user, { transaction }) => {
      const userId = Number(user.get('id'));
      await locks.forget(userId, transaction);
      await tables.members.destroy({ where: { userId }, transaction });
    });
  }

  async signedIn(
    authenticator: string,
    userId: number,
    { subject, memberId, organization }: Pick<ExternalIdentity, 'subject' | 'memberId' | 'organization'>,
  ): Promise<void> {
    const { members } = this.of(authenticator);
    const isUnknown = await members.signedIn({ userId, unionId: subject }, memberId, organization);
    // If a gateway watches, it reads the hint from the book.
    if (isUnknown && !this.onMet(authenticator, subject)) await this.of(authenticator).met(userId);
  }

  of(authenticator: string): DatabaseLeaverBook {
    const known = this.books.get(authenticator);
    if (known !== undefined) return known;
    // Authenticators may have been renamed.
    if (this.books.size >= MAX_BOOKS) this.books.clear();
    const { app, holder, locks, reports, tables } = this;
    const book = new DatabaseLeaverBook(authenticator, {
      app,
      tables,
      locks,
      reports,
      holder,
      membersOf: (other) => this.of(other).members,
      authenticator: async () => (await findAll(app.db)).find(({ name }) => name === authenticator),
    });
    this.books.set(authenticator, book);
    return book;
  }
}
