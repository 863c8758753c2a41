import { type Application } from '@nocobase/server';
import { DataTypes, type TableModel, type Transaction } from '@nocobase/database';

/**
 * The Client Secrets, encrypted with NocoBase's own key, in a table that is no collection: no action, association,
 * filter or export of NocoBase reaches it, not even as root.
 */
export class SecretVault {
  private readonly table: TableModel;

  constructor(private readonly app: Application) {
    const { db } = app;
    this.table = db.sequelize.define(
      'dingtalkSecrets',
      {
        authenticatorId: { type: DataTypes.BIGINT, primaryKey: true, field: 'authenticator_id' },
        ciphertext: { type: DataTypes.TEXT, allowNull: false },
      },
      { tableName: 'dingtalk_secrets', timestamps: false, ...(db.options.schema ? { schema: db.options.schema } : {}) },
    );
  }

  async put(authenticatorId: unknown, secret: string, transaction: Transaction | undefined): Promise<void> {
    const ciphertext = await this.app.aesEncryptor.encrypt(secret);
    await this.table.upsert({ authenticatorId, ciphertext }, { transaction });
  }

  async drop(authenticatorId: unknown, transaction: Transaction | undefined): Promise<void> {
    await this.table.destroy({ where: { authenticatorId }, transaction });
  }

  async has(authenticatorId: unknown, transaction: Transaction | undefined): Promise<boolean> {
    return (await this.table.findOne({ where: { authenticatorId }, transaction })) !== null;
  }

  /** @returns empty where there is none, or where NocoBase's key is another one since */
  async read(authenticatorId: unknown): Promise<string> {
    const row = await this.table.findOne({ where: { authenticatorId } });
    if (row === null) return '';
    try {
      return await this.app.aesEncryptor.decrypt(String(row.get('ciphertext')));
    } catch {
      this.app.log.error('dingtalk: a Client Secret cannot be decrypted, please enter it again', { authenticatorId });
      return '';
    }
  }
}
