import { randomUUID } from 'node:crypto';
import type { Application } from '@nocobase/server';
import type { ExternalIdentity } from '../../../../src/core/accounts/index.js';
import { findAll } from '../authenticators.js';
import { DatabaseLeaverBook } from './database-leaver-book.js';
import { LockedUsers } from './locked-users.js';
import { Locks } from './locks.js';
import { Reports } from './reports.js';
import { LeaverTables } from './tables.js';
import { UserSockets } from './user-sockets.js';

/** As many as a gateway is told of. */
const MAX_BOOKS = 100;

/** All that this NocoBase keeps of people who left, and the book of each authenticator. */
export class Leavers {
  readonly tables: LeaverTables;
  readonly locked: LockedUsers;
  readonly locks: Locks;
  readonly reports: Reports;
  /** Somebody has signed in of whom no userid is known: whoever looks in this process may ask for it. @returns whether somebody does */
  onMet: (authenticator: string, unionId: string) => boolean = () => false;
  private readonly books = new Map<string, DatabaseLeaverBook>();
  /** Of this process and application, among those that look. */
  private readonly holder = randomUUID();

  constructor(readonly app: Application) {
    this.tables = new LeaverTables(app);
    this.locked = new LockedUsers(app, this.tables);
    this.locks = new Locks(app, this.tables, this.locked);
    this.reports = new Reports(this.tables);
  }

  /** From the application's start to its stop; and what becomes of people whom NocoBase forgets. */
  watch(): void {
    const { app, locked, locks, tables } = this;
    locks.guard();
    new UserSockets(app, locked).watch();
    app.on('afterStart', async () => {
      await tables.create();
      locked.start();
    });
    app.on('beforeStop', async () => locked.stop());
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
    // Where a gateway looks, it reads what is noted.
    if (isUnknown && !this.onMet(authenticator, subject)) await this.of(authenticator).met(userId);
  }

  of(authenticator: string): DatabaseLeaverBook {
    const known = this.books.get(authenticator);
    if (known !== undefined) return known;
    // Of authenticators that were renamed.
    if (this.books.size >= MAX_BOOKS) this.books.clear();
    const { app, holder, locks, reports, tables } = this;
    const book = new DatabaseLeaverBook(authenticator, {
      app,
      tables,
      locks,
      reports,
      holder,
      authenticator: async () => (await findAll(app.db)).find(({ name }) => name === authenticator),
    });
    this.books.set(authenticator, book);
    return book;
  }
}
