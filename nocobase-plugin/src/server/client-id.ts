import type { Database, Transaction } from '@nocobase/database';
import { variablesIn, withVariables } from './variables.js';

/** From `@nocobase/plugin-environment-variables`; absent if that plugin is off. */
const COLLECTION = 'environmentVariables';

/** A Client ID as DingTalk shows it; or the reason why it is unavailable, as a key of `locale/*.json`, and the variable concerned. */
export type ClientId =
  | { readonly value: string }
  | {
      readonly problem: 'settings.variable' | 'settings.variableUnknown' | 'settings.variableSecret';
      readonly name?: string;
    };

/**
 * Fills in NocoBase's variables in a Client ID. Secret ones are refused: a person who may edit an authenticator may choose the
 * gateway that receives it, but need not be allowed to read NocoBase's secrets. NocoBase shows the others to every signed-in user.
 * Read anew each time: a variable may become secret, or be deleted.
 */
export async function clientIdOf(written: string, db: Database, transaction?: Transaction): Promise<ClientId> {
  const names = variablesIn(written);
  if (names === undefined) return { problem: 'settings.variable' };
  if (names.length === 0) return { value: written };
  const rows =
    db.getCollection(COLLECTION) === undefined
      ? []
      : await db.getRepository(COLLECTION).find({
          filter: { name: names },
          fields: ['name', 'type', 'value'],
          transaction,
        });
  const found = new Map(rows.map((row) => [String(row.get('name')), row]));
  const values = new Map<string, string>();
  for (const name of names) {
    const row = found.get(name);
    if (row === undefined) return { problem: 'settings.variableUnknown', name };
    if (row.get('type') !== 'default') return { problem: 'settings.variableSecret', name };
    const value = row.get('value');
    values.set(name, typeof value === 'string' ? value.trim() : '');
  }
  return { value: withVariables(written, values) };
}
