import type { Database } from '@nocobase/database';
import { AUTH_TYPE } from '../../../src/core/plugin-protocol/index.js';
import { SWITCH } from './texts.js';

/**
 * Without the plugin, an enabled authenticator of its type leaves everyone who signed in with it with an empty NocoBase, and the
 * gateway's button leads nowhere. NocoBase shows the message to the administrator who uses the switch, without translating it.
 *
 * @throws Error while one is enabled
 */
export async function refuseWhileInUse(db: Database): Promise<void> {
  const rows = await db.getRepository('authenticators').find({ filter: { authType: AUTH_TYPE, enabled: true } });
  if (rows.length === 0) return;
  const names = rows.map((row) => String(row.get('name'))).join(', ');
  const { en, zh } = SWITCH.stillInUse(names);
  throw new Error(`${en} ${zh}`);
}
