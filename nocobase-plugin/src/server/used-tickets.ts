import { type Application } from '@nocobase/server';
import { DataTypes, Op, type TableModel } from '@nocobase/database';
import { isTaken } from './unique-violation.js';

/** So that a sign-in costs the database one statement here, not two. */
const PRUNED_EVERY_MS = 60_000;

/**
 * Used tickets, and used states of the sign-ins that NocoBase handles by itself. A table and not a cache: a primary key is atomic
 * on any number of NocoBase's nodes and survives a restart, while NocoBase's cache is the memory of one node unless Redis was set
 * up. No collection, so that NocoBase's actions cannot reach it; an administrator who may define collections can still define one
 * over it, but even then a used ticket needs the cookie of its browser. Only valid ones are stored, and expired ones are deleted
 * once a minute.
 */
export class UsedTickets {
  private readonly table: TableModel;
  private prunedAt = 0;

  constructor({ db }: Application) {
    this.table = db.sequelize.define(
      'dingtalkUsedTickets',
      {
        jti: { type: DataTypes.STRING(64), primaryKey: true },
        /** Seconds since 1970. */
        expiresAt: { type: DataTypes.BIGINT, allowNull: false, field: 'expires_at' },
      },
      {
        tableName: 'dingtalk_used_tickets',
        timestamps: false,
        ...(db.options.schema ? { schema: db.options.schema } : {}),
      },
    );
  }

  /** Deletes the expired ones. */
  async prune(): Promise<void> {
    this.prunedAt = Date.now();
    await this.table.destroy({ where: { expiresAt: { [Op.lt]: Math.floor(Date.now() / 1000) } } });
  }

  /**
   * @param expiresAt when every node refuses the ticket anyway, in seconds since 1970
   * @returns whether this is the first use
   */
  async use(jti: string, expiresAt: number): Promise<boolean> {
    if (Date.now() - this.prunedAt > PRUNED_EVERY_MS) await this.prune();
    try {
      // Half of the CPU time of `create`, which also reads the row back.
      await this.table.bulkCreate([{ jti, expiresAt }], { returning: false });
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      throw error;
    }
  }
}
