import type { Database } from '@nocobase/database';
import type { Application } from '@nocobase/server';
import {
  lookAtStoredPhones,
  PROFILE_FORM,
  selfServiceFields,
  type StoredPhones,
} from '../../../src/core/accounts/index.js';
import type { Settings } from './settings.js';
import type { NocoBaseFacts } from '../../../src/core/plugin-protocol/index.js';

/** What NocoBase's administrators should know about it: read when the doctor asks, and sent to gateways only. */
export async function nocoBaseFacts(app: Application): Promise<NocoBaseFacts> {
  const [settings, form, authenticators] = await Promise.all([
    app.db.getRepository('systemSettings').findOne({ filter: {} }),
    app.db.getRepository('uiSchemas').getJsonSchema?.(PROFILE_FORM),
    app.db.getRepository('authenticators').find({ filter: { enabled: true }, fields: ['options'] }),
  ]);
  const forms = authenticators.map((row) => ({ options: row.get('options') }));
  const fields = selfServiceFields(settings?.get('enableEditProfile'), form, forms);
  // A separate secret of an application is in its options; without one, all use main's (`@nocobase/auth`).
  const ownSecret = app.options.authManager?.jwt?.secret;
  return {
    selfServiceFields: fields.filter((name) => name.length <= 255).slice(0, 1000),
    sharesSecret: app.name !== 'main' && !ownSecret,
  };
}

/** Whether people can be found by their stored phone numbers; no number leaves NocoBase. */
export async function storedPhones(db: Database, { defaultRegion }: Settings): Promise<StoredPhones> {
  return lookAtStoredPhones(defaultRegion, async ({ number, size }) => {
    const page = { limit: size, offset: (number - 1) * size, sort: 'id' };
    const users = await db.getRepository('users').find({ filter: {}, fields: ['id', 'phone'], ...page });
    return users.map((row) => {
      const phone = row.get('phone');
      return { id: Number(row.get('id')), phone: typeof phone === 'string' ? phone : undefined };
    });
  });
}
