import { text } from '../../texts/index.js';

/** The fields' names in NocoBase's form, for administrators who never see our variables. */
export const FIELDS = {
  clientId: text('"Client ID" in NocoBase', 'NocoBase 中的“Client ID”'),
  clientSecret: text('"Client Secret" in NocoBase', 'NocoBase 中的“Client Secret”'),
  corpId: text('"Organizations (CorpId)" in NocoBase', 'NocoBase 中的“组织（CorpId）”'),
  match: text('"How people are matched" in NocoBase', 'NocoBase 中的“匹配方式”'),
  defaultRegion: text('"Country of phone numbers" in NocoBase', 'NocoBase 中的“手机号所属国家或地区”'),
  defaultRoles: text('"Roles of new users" in NocoBase', 'NocoBase 中的“新用户的角色”'),
  identity: text('"Who a person is" in NocoBase', 'NocoBase 中的身份来源'),
} as const;

/** The program being checked: `{program}` in a finding. */
export const PROGRAMS = {
  gateway: text('the gateway', '网关'),
  nocobase: text('this NocoBase', '此 NocoBase '),
} as const;
