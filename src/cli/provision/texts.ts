import { type Text, text } from '../../core/texts/index.js';

/** About NocoBase's records, for the administrator who creates them. */
export const TEXTS = {
  badName: (name: string) => text(`"${name}" is not a valid name`, `“${name}”不能用作名称`),
  someoneElses: (name: string) =>
    text(
      `user ${name} belongs to someone else: choose another name with --name`,
      `用户 ${name} 已属于他人：请用 --name 另选名称`,
    ),
  noAuthenticator: (name: string) =>
    text(
      `NocoBase has no authenticator ${name}: run provision first`,
      `NocoBase 中没有认证器 ${name}：请先运行 provision`,
    ),
  otherUnionId: (userId: number) =>
    text(`user ${userId} is bound to another unionId`, `用户 ${userId} 已绑定到另一个 unionId`),
  boundTo: (ids: string) => text(`bound to user ${ids}`, `已绑定到用户 ${ids}`),
  notThere: text(
    'NocoBase reported that it saved the binding, but it does not exist',
    'NocoBase 表示已写入该绑定，但实际并不存在',
  ),

  role: (name: string) => text(`role ${name}`, `角色 ${name}`),
  rights: (collection: string, actions: string) =>
    text(`rights on ${collection}: ${actions}`, `${collection} 的权限：${actions}`),
  authenticator: (name: string) => text(`authenticator ${name}`, `认证器 ${name}`),
  disabled: text(' (disabled)', '（已禁用）'),
  user: (name: string) => text(`user ${name}`, `用户 ${name}`),
  apiKey: text('API key', 'API 密钥'),
} as const;

/** The result of a step, by its machine-readable outcome. */
export const OUTCOMES = {
  created: text('created', '新建'),
  repaired: text('repaired', '修复'),
  'as it should be': text('as it should be', '无需改动'),
  'left as it is: it is enabled. Disable it, unless the companion plugin is there': text(
    'left as it is: it is enabled. Disable it, unless the companion plugin is there',
    '保持原样：该认证器已启用。若未安装配套插件，请将其禁用',
  ),
} as const satisfies Readonly<Record<string, Text>>;
