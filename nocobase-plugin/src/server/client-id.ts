import type { Database, Transaction } from '@nocobase/database';
import { variablesIn, withVariables } from './variables.js';

/** Of `@nocobase/plugin-environment-variables`; not there where that plug-in is off. */
const COLLECTION = 'environmentVariables';

/** A Client ID as DingTalk shows it; or why it cannot be had, as a key of `locale/*.json`, and of which variable. */
export type ClientId =
  | { readonly value: string }
  | {
      readonly problem: 'settings.variable' | 'settings.variableUnknown' | 'settings.variableSecret';
      readonly name?: string;
    };

/**
 * Fills in what a Client ID takes from NocoBase's variables. Secret ones are refused: whoever may edit an authenticator may
 * choose the gateway that is told of it, and need not be allowed to read NocoBase's secrets. What is no secret, NocoBase shows
 * to everybody who is signed in. It is looked at anew each time: a variable may become a secret, or go.
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
