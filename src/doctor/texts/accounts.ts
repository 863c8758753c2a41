import { DETAIL, type Text, text } from '../../core/texts/index.js';

/** About NocoBase's users, as the gateway reads them: their stored fields, and the record that bindings belong to. */
export const FIELDS = {
  title: text('User fields in NocoBase', 'NocoBase 用户字段'),
  there: (fields: Text) => text(`present: ${fields.en}`, `已存在：${fields.zh}`),
  missing: (fields: Text) =>
    text(
      `NocoBase's users have no field ${fields.en}: no field is updated`,
      `NocoBase 的用户没有字段 ${fields.zh}：所有字段都不会更新`,
    ),
  correct: text(
    'Correct {dingtalk.fields}: it takes the name of a field, not its title. Or add the field to the collection Users in NocoBase, as text, and run `nocobase-dingtalk-gateway provision` again.',
    '请更正 {dingtalk.fields}：应填写字段标识，而不是显示名称。或者在 NocoBase 的用户数据表中添加该字段（文本），然后再次运行 `nocobase-dingtalk-gateway provision`。',
  ),
} as const;

export const AUTHENTICATOR = {
  title: text('Authenticator in NocoBase', 'NocoBase 认证器'),
  none: DETAIL.nocobase.noAuthenticator,
  provision: (name: string) =>
    text(
      `Run \`nocobase-dingtalk-gateway provision --authenticator ${name}\`, or correct {nocobase.authenticator}.`,
      `请运行 \`nocobase-dingtalk-gateway provision --authenticator ${name}\`，或更正 {nocobase.authenticator}。`,
    ),
  disabled: (name: string) =>
    text(`${name} exists and is disabled, as required`, `${name} 已存在，并按要求处于禁用状态`),
  ofKnownType: (name: string) =>
    text(`${name} is enabled, and NocoBase knows its type`, `${name} 已启用，且 NocoBase 支持其类型`),
  ofUnknownType: (name: string) =>
    text(
      `${name} is enabled, but no plug-in of NocoBase knows its type: people who sign in with it see "No permissions" everywhere`,
      `${name} 已启用，但 NocoBase 没有插件支持其类型：通过它登录的用户在所有页面都会看到“没有权限”`,
    ),
  disable: (name: string) =>
    text(
      `NocoBase, Settings, Authentication, Authenticators: disable ${name}. It only holds the bindings.`,
      `NocoBase → 设置 → 用户认证 → 认证器：禁用 ${name}。它只用于保存绑定。`,
    ),
} as const;

/** If the stored numbers could not be read. */
export const UNSEEN_PHONES = {
  lookAtRights: text('Check the rights of the key (see above).', '请检查密钥的权限（见上）。'),
  takeSameVersion: text('Use the plugin of the same version as the gateway.', '请使用与网关版本相同的插件。'),
} as const;
