import type { KeyObject } from 'node:crypto';
import { type Application } from '@nocobase/server';
import { DataTypes, type TableModel, type Transaction } from '@nocobase/database';
import { deriveKey, open, seal } from '../../../src/core/sealed/index.js';
import { Complaints } from './complaints.js';
import type { SignInBy } from './sign-in-by.js';
import { LOG } from './texts.js';

const PURPOSE = 'nocobase-dingtalk-gateway/client-secrets/v1';

/** Which authenticator a secret belongs to, and who may have it: this NocoBase alone, or the gateway at these addresses. */
export interface SecretOwner {
  readonly id: unknown;
  readonly signInBy: SignInBy;
  readonly gatewayUrl: string;
  readonly gatewayInternalUrl: string;
}

/**
 * The Client Secrets, encrypted under NocoBase's own key, in a table that is no collection.
 *
 * An administrator who may define collections can still define one over any table, and change its content. Therefore each secret is
 * sealed together with its owner: it cannot be opened in another record, or for a gateway at another address. One that belongs to
 * this NocoBase can be opened for no gateway, whatever address the record contains. NocoBase's `encrypt` is not used: it is
 * AES-CBC, whose ciphertext can be cut up and recombined, and NocoBase decrypts it for other plugins, too.
 */
export class SecretVault {
  private readonly table: TableModel;
  private readonly complaints = new Complaints();

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

  async put(owner: SecretOwner, secret: string, transaction: Transaction | undefined): Promise<void> {
    const ciphertext = seal(this.key, secret, nameOf(owner));
    await this.table.upsert({ authenticatorId: owner.id, ciphertext }, { transaction });
  }

  async drop(authenticatorId: unknown, transaction: Transaction | undefined): Promise<void> {
    await this.table.destroy({ where: { authenticatorId }, transaction });
  }

  /** @returns empty if there is none, if it was stored for another owner, or if NocoBase's key has changed since */
  async read(owner: SecretOwner, transaction?: Transaction): Promise<string> {
    const row = await this.table.findOne({ where: { authenticatorId: owner.id }, transaction });
    if (row === null) return '';
    const ciphertext = String(row.get('ciphertext'));
    const name = nameOf(owner);
    const secret = open(this.key, ciphertext, name);
    if (secret !== undefined) {
      this.complaints.settle(String(owner.id));
      return secret;
    }
    if (this.complaints.isNew(String(owner.id), `${name} ${ciphertext}`)) {
      this.app.log.error(LOG.secretUnreadable.en, { authenticatorId: owner.id });
    }
    return '';
  }

  /** Available only after NocoBase has loaded its applications. */
  private get key(): KeyObject {
    return deriveKey(this.app.aesEncryptor.key, PURPOSE);
  }
}

/** Whether a secret sealed for one can be opened for the other. */
export function isSameOwner(one: SecretOwner, other: SecretOwner): boolean {
  return nameOf(one) === nameOf(other);
}

/** For a gateway the same as in version 0.1.0, which did not record who signs people in. */
function nameOf({ id, signInBy, gatewayUrl, gatewayInternalUrl }: SecretOwner): string {
  const addresses = signInBy === 'nocobase' ? ['', ''] : [gatewayUrl, gatewayInternalUrl];
  return JSON.stringify([String(id), ...addresses]);
}
