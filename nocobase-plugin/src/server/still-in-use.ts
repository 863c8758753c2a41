import type { Database } from '@nocobase/database';
import { AUTH_TYPE } from '../../../src/core/plugin-protocol/index.js';
import { SWITCH } from './texts.js';

/**
 * Without the plugin an enabled authenticator of its type leaves whoever signed in with it an empty NocoBase, and the button
 * on the gateway's page leads nowhere. NocoBase shows the message to whoever presses the switch, in no language of theirs.
 *
 * @throws Error while there is one
 */
export async function refuseWhileInUse(db: Database): Promise<void> {
  const rows = await db.getRepository('authenticators').find({ filter: { authType: AUTH_TYPE, enabled: true } });
  if (rows.length === 0) return;
  const names = rows.map((row) => String(row.get('name'))).join(', ');
  const { en, zh } = SWITCH.stillInUse(names);
  throw new Error(`${en} ${zh}`);
}
