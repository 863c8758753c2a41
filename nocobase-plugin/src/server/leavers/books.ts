import { randomUUID } from 'node:crypto';
import type { Application } from '@nocobase/server';
import { findAll } from '../authenticators.js';
import { DatabaseLeaverBook } from './database-leaver-book.js';
import { LockedUsers } from './locked-users.js';
import { Locks } from './locks.js';
import { Reports } from './reports.js';
import { LeaverTables } from './tables.js';

/** As many as a gateway is told of. */
const MAX_BOOKS = 100;

/** All that this NocoBase keeps of people who left, and the book of each authenticator. */
export class Leavers {
  readonly tables: LeaverTables;
  readonly locked: LockedUsers;
  readonly locks: Locks;
  readonly reports: Reports;
  /** Where somebody in this process looks at an authenticator. */
  onWake: (authenticator: string) => void = () => undefined;
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
      wake: (name) => this.onWake(name),
      authenticator: async () => (await findAll(app.db)).find(({ name }) => name === authenticator),
    });
    this.books.set(authenticator, book);
    return book;
  }
}
