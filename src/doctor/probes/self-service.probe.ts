import { z } from 'zod';
import { matchedFields, type MatchRule, PROFILE_FORM, selfServiceFields } from '../../core/accounts/index.js';
import type { PluginPatient, StockPatient } from '../patient.js';
import { attention, type Finding, ok, type Probe } from '../probe.js';
import { text } from '../../core/texts/index.js';

const PROBE = {
  id: 'nocobase.self-service',
  title: text('Fields that people are matched by', '用于匹配用户的字段'),
} as const;

const WHERE = text(
  'NocoBase, Settings, Users & Permissions, Users, tab Settings: "Allow edit profile"; and the form itself: the menu at the top right, Edit profile, with the UI editor on. Also Settings, Authentication, Password: the fields of its sign-up form.',
  'NocoBase → 设置 → 用户和权限 → 用户 → “设置”标签页：“允许修改个人资料”；表单本身：右上角菜单 → 个人资料（打开界面配置）。另见 设置 → 用户认证 → 密码：注册表单的字段。',
);

const settings = z.object({ data: z.object({ enableEditProfile: z.boolean().nullish() }) });
const schema = z.object({ data: z.unknown() });

/** NocoBase lets everybody read its settings, and everybody who is signed in the form: the key needs no further right. */
export const selfServiceProbe: Probe<StockPatient> = {
  ...PROBE,
  needs: ['nocobase.key'],
  applies: ({ authenticator }) => matchedFields(authenticator.accounts.match).length > 0,
  run: async ({ nocobase, authenticator }) => {
    const token = authenticator.nocobase.apiToken;
    const [settingsAnswer, formAnswer, signUpAnswer] = await Promise.all([
      nocobase.get('systemSettings:get', { token }),
      nocobase.get(`uiSchemas:getJsonSchema/${PROFILE_FORM}`, { token }),
      nocobase.get('authenticators:publicList'),
    ]);
    const read = settings.safeParse(settingsAnswer.json).data;
    const form = schema.safeParse(formAnswer.json).data;
    if (settingsAnswer.status !== 200 || formAnswer.status !== 200 || read === undefined || form === undefined) {
      return notSeen();
    }
    const signUp = schema.safeParse(signUpAnswer.json).data?.data;
    return finding(authenticator.accounts.match, selfServiceFields(read.data.enableEditProfile, form.data, signUp));
  },
};

/** The plugin looks for us. */
export const pluginSelfServiceProbe: Probe<PluginPatient> = {
  ...PROBE,
  needs: ['nocobase.plugin', 'nocobase.address'],
  run: async (patient) => {
    const { authenticators, facts } = await patient.pluginSettings();
    const match = authenticators.find(({ name }) => name === patient.authenticator.name)?.match;
    if (match === 'none') return ok(text('nobody is matched by a field', '不按字段匹配用户'));
    return facts === undefined ? notSeen() : finding(match, facts.selfServiceFields);
  },
};

function finding(match: MatchRule | undefined, editable: readonly string[]): Finding {
  const fields = matchedFields(match).filter((field) => editable.includes(field));
  const names = fields.join(', ');
  if (fields.length === 0) {
    return ok(
      text(
        "nobody can set them in NocoBase's profile and sign-up forms",
        '没有人能在 NocoBase 的个人资料或注册表单中填写',
      ),
    );
  }
  return attention(
    text(
      `everybody can set their own ${names} in NocoBase, unverified: whoever enters a colleague's gets that colleague's first sign-in, or locks them out`,
      `每个人都能在 NocoBase 中自行修改 ${names}，且无需验证：填写同事的值，就会得到该同事的首次登录，或使其无法登录`,
    ),
    text(
      `Switch it off, or take the field out of the form or make it read-only there. ${WHERE.en} Then look whether people's numbers are their own. Or match nobody by it: none for NOCOBASE_MATCH.`,
      `请关闭该选项，或从表单中移除该字段，或将其设为只读。${WHERE.zh}然后核对现有用户的值是否属于本人。也可以不按字段匹配：将 NOCOBASE_MATCH 设为 none。`,
    ),
  );
}

function notSeen(): Finding {
  return attention(
    text(
      'could not be checked: whether people can set their own phone number in NocoBase',
      '无法检查：用户能否在 NocoBase 中自行修改手机号',
    ),
    WHERE,
  );
}
