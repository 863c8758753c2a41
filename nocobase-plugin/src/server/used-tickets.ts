import { type Application } from '@nocobase/server';
import { DataTypes, Op, type TableModel } from '@nocobase/database';
import { isTaken } from './unique-violation.js';

/**
 * Which tickets were used. A table, and no cache: a primary key is atomic on any number of NocoBase's nodes and survives
 * a restart, while NocoBase's cache is the memory of one node unless Redis was set up. No collection, so no action of
 * NocoBase's leads there; whoever may define collections can lay one over it all the same, and then a used ticket still
 * needs the cookie of the browser that it was for. Only good tickets are kept, each use takes the old ones away.
 */
export class UsedTickets {
  private readonly table: TableModel;

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

  /**
   * @param expiresAt when every node refuses the ticket anyway, in seconds since 1970
   * @returns whether nobody used it before
   */
  async use(jti: string, expiresAt: number): Promise<boolean> {
    await this.table.destroy({ where: { expiresAt: { [Op.lt]: Math.floor(Date.now() / 1000) } } });
    try {
      await this.table.create({ jti, expiresAt });
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      throw error;
    }
  }
}
