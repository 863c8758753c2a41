import { type Application } from '@nocobase/server';
import { DataTypes, Op, type TableModel } from '@nocobase/database';
import { isTaken } from './unique-violation.js';

/** A sign-in costs the database one statement here, and not two. */
const PRUNED_EVERY_MS = 60_000;

/**
 * Which tickets were used, and which states of sign-ins that NocoBase makes by itself. A table, and no cache: a primary key is atomic on any number of NocoBase's nodes and survives
 * a restart, while NocoBase's cache is the memory of one node unless Redis was set up. No collection, so no action of
 * NocoBase's leads there; whoever may define collections can lay one over it all the same, and then a used ticket still
 * needs the cookie of the browser that it was for. Only good ones are kept, and the old ones are taken away once a minute.
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

  /** Takes the old ones away. */
  async prune(): Promise<void> {
    this.prunedAt = Date.now();
    await this.table.destroy({ where: { expiresAt: { [Op.lt]: Math.floor(Date.now() / 1000) } } });
  }

  /**
   * @param expiresAt when every node refuses the ticket anyway, in seconds since 1970
   * @returns whether nobody used it before
   */
  async use(jti: string, expiresAt: number): Promise<boolean> {
    if (Date.now() - this.prunedAt > PRUNED_EVERY_MS) await this.prune();
    try {
      await this.table.create({ jti, expiresAt });
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      throw error;
    }
  }
}
