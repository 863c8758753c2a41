import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Application } from '@nocobase/server';
import { DataTypes, type TableModel } from '@nocobase/database';
import { isTaken } from '../unique-violation.js';
import { locksCollection } from './locks-collection.js';

/** Names of authenticators (`AUTHENTICATOR_NAME`), ids from DingTalk. */
const NAME = DataTypes.STRING(128);

const nullable = (type: object, field: string) => ({ type, field });
const needed = (type: object, field: string) => ({ type, field, allowNull: false });

/** Key of the only row of `turns`. */
const ONLY = 1;

/**
 * If several nodes start at the same time, PostgreSQL refuses all but one ("CREATE TABLE IF NOT EXISTS" is not atomic there), and
 * again for each index of the table.
 */
const ATTEMPTS = 6;
const PAUSE_MS = 50;

/**
 * PostgreSQL truncates longer names (NAMEDATALEN - 1), MariaDB and MySQL refuse more than 64 characters. `sync` looks for an index
 * by its name: it would not find a truncated one, and fail when it creates it again.
 */
const MAX_NAME_LENGTH = 63;

/**
 * A prefix of NocoBase's tables (`DB_TABLE_PREFIX`, or a sub-app's) can make the names too long that Sequelize derives from the
 * table's. Names that fit are left as they are, since existing databases have them. An index that PostgreSQL has truncated
 * remains, unused, beside its successor.
 */
function withNamesThatFit(table: TableModel): TableModel {
  for (const index of table._indexes) {
    if (index.name.length <= MAX_NAME_LENGTH) continue;
    index.name = `i_${createHash('sha256').update(index.name).digest('hex').slice(0, 32)}`;
  }
  return table;
}

async function untilDone(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await delay(PAUSE_MS * attempt * (1 + Math.random()));
    }
  }
}

/**
 * What is stored about people who left. Tables rather than collections, as with `UsedTickets`: NocoBase's actions cannot reach
 * them. They contain ids and codes only, no names and no numbers. The locks are a collection, so that workflows can react
 * (`locks-collection.ts`).
 */
export class LeaverTables {
  /** For a binding (`usersAuthenticators`, with the same key): the person's identity at DingTalk, as last reported. */
  readonly members: TableModel;
  /** Hints that are or were processed: a repeated one is a duplicate. */
  readonly hints: TableModel;
  /** What a watch has to remember, and the leases between several nodes. */
  readonly marks: TableModel;
  /** What administrators read. */
  readonly reports: TableModel;
  /** One row: `turn` serializes the writers of locks, `version` tells every node that they have changed. */
  readonly turns: TableModel;
  private readonly locks: { sync(): Promise<unknown> };

  constructor({ db }: Pick<Application, 'db'>) {
    const schema = db.options.schema ? { schema: db.options.schema } : {};
    const define = (name: string, columns: object, indexes: readonly (readonly string[])[] = []): TableModel =>
      withNamesThatFit(
        db.sequelize.define(`dingtalkLeaver_${name}`, columns, {
          tableName: `dingtalk_leaver_${name}`,
          timestamps: false,
          indexes: indexes.map((fields) => ({ fields: [...fields] })),
          ...schema,
        }),
      );
    const ofAuthenticator = { authenticator: { type: NAME, primaryKey: true } };
    this.members = define(
      'members',
      {
        ...ofAuthenticator,
        userId: { type: DataTypes.BIGINT, field: 'user_id', primaryKey: true },
        unionId: needed(DataTypes.STRING(255), 'union_id'),
        userid: nullable(NAME, 'userid'),
        corpId: nullable(NAME, 'corp_id'),
        seenAt: needed(DataTypes.BIGINT, 'seen_at'),
        /** When the query was sent whose answer was that they left; none if the answer was not that. */
        leftAt: nullable(DataTypes.BIGINT, 'left_at'),
        /** Since when the brake has held them. */
        pausedAt: nullable(DataTypes.BIGINT, 'paused_at'),
        /** When an administrator released them. */
        approvedAt: nullable(DataTypes.BIGINT, 'approved_at'),
      },
      [['authenticator', 'userid'], ['authenticator', 'seen_at'], ['user_id']],
    );
    this.hints = define(
      'hints',
      {
        ...ofAuthenticator,
        /** SHA-256 of its id: a database may compare case-insensitively. */
        key: { type: DataTypes.STRING(64), field: 'hint_key', primaryKey: true },
        hint: needed(DataTypes.TEXT, 'hint'),
        heardAt: needed(DataTypes.BIGINT, 'heard_at'),
        doneAt: nullable(DataTypes.BIGINT, 'done_at'),
      },
      [['authenticator', 'done_at', 'heard_at']],
    );
    this.marks = define('marks', {
      ...ofAuthenticator,
      name: { type: NAME, field: 'mark_name', primaryKey: true },
      value: needed(DataTypes.TEXT, 'mark_value'),
      /** Of a lease: when it expires. */
      endsAt: nullable(DataTypes.BIGINT, 'ends_at'),
    });
    this.reports = define(
      'reports',
      {
        id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
        userId: needed(DataTypes.BIGINT, 'user_id'),
        authenticator: nullable(NAME, 'authenticator'),
        kind: needed(DataTypes.STRING(32), 'kind'),
        why: nullable(DataTypes.STRING(32), 'why'),
        detail: nullable(DataTypes.STRING(200), 'detail'),
        source: nullable(DataTypes.STRING(32), 'source'),
        evidence: nullable(DataTypes.TEXT, 'evidence'),
        at: needed(DataTypes.BIGINT, 'reported_at'),
        since: needed(DataTypes.BIGINT, 'since'),
        byUserId: nullable(DataTypes.BIGINT, 'by_user_id'),
      },
      [['user_id'], ['reported_at']],
    );
    this.turns = define('turns', {
      id: { type: DataTypes.INTEGER, primaryKey: true },
      turn: needed(DataTypes.BIGINT, 'turn'),
      version: needed(DataTypes.BIGINT, 'version'),
    });
    this.locks = db.collection(locksCollection).model;
  }

  /** NocoBase creates tables when a plugin is installed, enabled or upgraded. Replacing its files is none of these. */
  async create(): Promise<void> {
    for (const table of [this.members, this.hints, this.marks, this.reports, this.turns, this.locks]) {
      await untilDone(async () => table.sync());
    }
    if ((await this.version()) !== undefined) return;
    await this.turns.create({ id: ONLY, turn: 0, version: 0 }).catch((error: unknown) => {
      if (!isTaken(error)) throw error;
    });
  }

  /** @returns undefined if the tables are new */
  async version(): Promise<number | undefined> {
    const row = await this.turns.findOne({ where: { id: ONLY } });
    return row === null ? undefined : Number(row.get('version'));
  }

  get only(): { readonly id: number } {
    return { id: ONLY };
  }
}
