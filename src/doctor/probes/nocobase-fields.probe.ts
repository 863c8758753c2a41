import type { StockPatient } from '../patient.js';
import { failed, ok, type Probe } from '../probe.js';
import { text } from '../../core/texts/index.js';

/**
 * Whether the fields of DINGTALK_FIELDS that later sign-ins change exist. One that does not spoils the reading of all:
 * NocoBase then answers with an error, and no field is kept up to date.
 */
export const fieldsProbe: Probe<StockPatient> = {
  id: 'nocobase.fields',
  title: text('User fields at NocoBase', 'NocoBase 用户字段'),
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
    if (missing.length === 0) return ok(text(`there: ${fields.join(', ')}`, `已存在：${fields.join('、')}`));
    return failed(
      text(
        `NocoBase's users have no field ${missing.join(', ')}: no field is kept up to date`,
        `NocoBase 的用户没有字段 ${missing.join('、')}：所有字段都不会更新`,
      ),
      text(
        'Correct DINGTALK_FIELDS: it takes the name of a field, not its title. Or add the field to the collection Users in NocoBase, as a text, and run `nocobase-dingtalk-gateway provision` again.',
        '请更正 DINGTALK_FIELDS：应填写字段标识，而不是显示名称。或者在 NocoBase 的用户数据表中添加该字段（文本），然后再次运行 `nocobase-dingtalk-gateway provision`。',
      ),
    );
  },
};

function readFields(rules: StockPatient['authenticator']['dingtalk']['fields']): readonly string[] {
  return rules.flatMap(({ field, policy }) => (policy === 'never' ? [] : [field]));
}
