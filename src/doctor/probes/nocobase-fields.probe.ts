import { failed, ok, type Probe } from '../../core/doctor/index.js';
import type { StockContext } from '../doctor-context.js';
import { listed } from '../../core/texts/index.js';
import { FIELDS } from '../texts/accounts.js';

/**
 * Whether the fields of DINGTALK_FIELDS that later sign-ins update exist. A missing one breaks the reading of all:
 * NocoBase then responds with an error, and no field is kept up to date.
 */
export const fieldsProbe: Probe<StockContext> = {
  id: 'nocobase.fields',
  title: FIELDS.title,
  needs: ['nocobase.rights'],
  applies: ({ authenticator }) => readFields(authenticator.dingtalk.fields).length > 0,
  run: async ({ nocobase, authenticator: { dingtalk, nocobase: options } }) => {
    const fields = readFields(dingtalk.fields);
    const exist = await Promise.all(
      fields.map(async (field) => {
        const query = { fields: `id,${field}`, pageSize: '1' };
        return (await nocobase.get('users:list', { token: options.apiToken, query })).status === 200;
      }),
    );
    const missing = fields.filter((_, index) => !exist[index]);
    if (missing.length === 0) return ok(FIELDS.there(listed(fields)));
    return failed(FIELDS.missing(listed(missing)), FIELDS.correct);
  },
};

function readFields(rules: StockContext['authenticator']['dingtalk']['fields']): readonly string[] {
  return rules.flatMap(({ field, policy }) => (policy === 'never' ? [] : [field]));
}
