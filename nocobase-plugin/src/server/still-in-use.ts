import type { Database } from '@nocobase/database';
import { AUTH_TYPE } from '../../../src/core/plugin-protocol/index.js';

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
  throw new Error(
    `People still sign in with DingTalk. First untick "Enabled" of ${names} in Settings, Authentication. ` +
      `仍在使用钉钉登录。请先在“设置 › 用户认证”中取消勾选 ${names} 的“启用”。`,
  );
}
