import type { Database, HookOptions, Model } from '@nocobase/database';
import { AUTH_TYPE } from '../../../src/core/plugin-protocol/index.js';
import { AUTHENTICATOR_NAME } from '../../../src/core/settings/index.js';
import { clientIdOf } from './client-id.js';
import { isRecord } from './is-record.js';
import { PACKAGE } from './names.js';
import { withoutWrongOfOtherWay } from './other-way.js';
import type { SecretSlips } from './secret-slip.js';
import { isSameOwner, type SecretOwner, type SecretVault } from './secret-vault.js';
import { settings, writtenSettings } from './settings.js';
import { isByGateway } from './sign-in-by.js';
import { holdsVariable } from './variables.js';

/** NocoBase shows `message` to the administrator who saves. */
export class InvalidSettingsError extends Error {
  readonly status = 400;
  readonly code = 'DINGTALK_SETTINGS_INVALID';
}

/** A secret to store, or `null` to delete the stored one. */
type SecretChange = string | null;

/**
 * Checks every record of type DingTalk that is written, by whatever way: the settings must be valid, and the Client Secret goes
 * into the vault and never into the record.
 */
export class AuthenticatorRows {
  private readonly changes = new WeakMap<Model, SecretChange>();

  constructor(
    private readonly db: Database,
    private readonly vault: SecretVault,
    private readonly slips: SecretSlips,
  ) {}

  watch(): void {
    const { db, vault } = this;
    db.on('authenticators.beforeSave', async (row, options) => this.beforeSave(row, options));
    db.on('authenticators.afterSave', async (row, options) => this.afterSave(row, options));
    db.on('authenticators.afterDestroy', async (row, options) => vault.drop(row.get('id'), options.transaction));
  }

  private async beforeSave(row: Model, options: HookOptions): Promise<void> {
    const stored = row.isNewRecord ? null : await this.stored(row, options);
    if (row.get('authType') !== AUTH_TYPE) {
      if (stored?.get('authType') === AUTH_TYPE) this.changes.set(row, null);
      this.giveBack(row, options);
      return;
    }
    // The name appears in the gateway's addresses, and in the answer to the gateway beside those of others.
    const isNamed = row.isNewRecord || row.changed('name') || row.changed('authType');
    if (isNamed && !AUTHENTICATOR_NAME.test(String(row.get('name')))) {
      throw new InvalidSettingsError(wording('settings.name', options));
    }
    if (!row.isNewRecord && !row.changed('options') && !row.changed('authType')) return;
    const all = row.get('options') ?? {};
    if (!isRecord(all)) throw new InvalidSettingsError(wording('settings.object', options));
    const { clientSecret, ...given } = withoutWrongOfOtherWay(all);
    const { clientId: _mayHoldSome, ...others } = given;
    if (holdsVariable(others)) throw new InvalidSettingsError(wording('settings.variable', options));
    const read = writtenSettings.safeParse(given);
    if (!read.success)
      throw new InvalidSettingsError(wording(read.error.issues[0]?.message ?? 'settings.object', options));
    const clientId = await clientIdOf(read.data.clientId, this.db, options.transaction);
    if ('problem' in clientId) throw new InvalidSettingsError(wording(clientId.problem, options, clientId.name));
    const owner: SecretOwner = { ...read.data, id: row.get('id') };
    const change = this.secretIn(clientSecret, options) ?? (await this.changeOfOwner(owner, stored, options));
    if (change !== undefined) this.changes.set(row, change);
    const isKept = change === undefined && (await this.vault.read(owner, options.transaction)) !== '';
    row.set('options', { ...read.data, hasClientSecret: isKept || typeof change === 'string' });
  }

  /**
   * What happens to a stored secret that is not entered again. Anyone who changes which gateway receives it has to know it;
   * otherwise it could be stolen by entering one's own gateway. NocoBase itself sends it only to DingTalk, and may take it over.
   *
   * @returns undefined if its owner stays the same
   */
  private async changeOfOwner(
    owner: SecretOwner,
    stored: Model | null,
    { transaction }: HookOptions,
  ): Promise<SecretChange | undefined> {
    const before = settings.safeParse(stored?.get('options') ?? {}).data;
    if (stored?.get('authType') !== AUTH_TYPE || before === undefined) return null;
    const former: SecretOwner = { ...before, id: owner.id };
    if (isSameOwner(former, owner)) return undefined;
    return isByGateway(owner) ? null : (await this.vault.read(former, transaction)) || null;
  }

  private async afterSave(row: Model, { transaction }: HookOptions): Promise<void> {
    const change = this.changes.get(row);
    if (change === undefined) return;
    this.changes.delete(row);
    if (change === null) await this.vault.drop(row.get('id'), transaction);
    else await this.vault.put({ ...settings.parse(row.get('options')), id: row.get('id') }, change, transaction);
  }

  /** @returns undefined if none was given: an empty form field keeps the stored one */
  private secretIn(given: unknown, options: HookOptions): string | undefined {
    if (given === undefined || given === null || given === '') return undefined;
    const secret = typeof given === 'string' ? (this.slips.redeem(given)?.trim() ?? '') : '';
    if (secret === '' || secret.length > 1024)
      throw new InvalidSettingsError(wording('settings.clientSecret', options));
    if (holdsVariable(secret)) throw new InvalidSettingsError(wording('settings.variableInSecret', options));
    return secret;
  }

  /** Other types of authenticators store their secrets in their own way: they get back what was taken out of the request. */
  private giveBack(row: Model, options: HookOptions): void {
    const found = row.get('options');
    const slip = isRecord(found) ? found['clientSecret'] : found;
    if (typeof slip !== 'string') return;
    const text = this.slips.redeem(slip);
    if (text === undefined) throw new InvalidSettingsError(wording('settings.clientSecret', options));
    if (text !== slip) row.set('options', isRecord(found) ? { ...found, clientSecret: text } : text);
  }

  private async stored(row: Model, { transaction }: HookOptions): Promise<Model | null> {
    return this.db.getRepository('authenticators').findOne({ filter: { id: row.get('id') }, transaction });
  }
}

/** @param name of a variable, if the message has a placeholder for one */
function wording(key: string, { context }: HookOptions, name = ''): string {
  return context?.t?.(key, { ns: PACKAGE, name }) ?? key;
}
