import { DETAIL, type Text, text } from '../../texts/index.js';

/** About NocoBase's users: how they are matched, and what new ones get. */
const EDIT_PROFILE = text(
  'NocoBase, Settings, Users & Permissions, Users, tab Settings: "Allow edit profile"; and the form itself: the menu at the top right, Edit profile, with the UI editor on. Also Settings, Authentication, Password: the fields of its sign-up form.',
  'NocoBase → 设置 → 用户和权限 → 用户 → “设置”标签页：“允许修改个人资料”；表单本身：右上角菜单 → 个人资料（打开界面配置）。另见 设置 → 用户认证 → 密码：注册表单的字段。',
);

export const SELF_SERVICE = {
  title: text('Fields used for matching', '用于匹配用户的字段'),
  matchedByNone: text('people are not matched by a field', '不按字段匹配用户'),
  nobodyCan: text(
    "nobody can set them in NocoBase's profile and sign-up forms",
    '没有人能在 NocoBase 的个人资料或注册表单中填写',
  ),
  everybodyCan: (fields: string) =>
    text(
      `everyone can set their own ${fields} in NocoBase, unverified: if someone enters a colleague's value, that colleague's first sign-in ends in the wrong account or fails`,
      `每个人都能在 NocoBase 中自行修改 ${fields}，且无需验证：如果有人填写了同事的值，该同事首次登录时会进入此人的账号，或无法登录`,
    ),
  switchOff: text(
    `Turn it off, or remove the field from the form, or make it read-only there. ${EDIT_PROFILE.en} Then check that the values already stored belong to their users. Or match nobody by a field: set {nocobase.match} to none (in NocoBase's form: "Not by any field").`,
    `请关闭该选项，或从表单中移除该字段，或将其设为只读。${EDIT_PROFILE.zh}然后核对现有用户的值是否属于本人。也可以不按字段匹配：将 {nocobase.match} 设为 none（NocoBase 表单中为“不按任何字段”）。`,
  ),
  notSeen: text(
    'could not be checked: whether people can set their own phone number in NocoBase',
    '无法检查：用户能否在 NocoBase 中自行修改手机号',
  ),
  editProfile: EDIT_PROFILE,
} as const;

export const STORED_PHONES = {
  title: text('Phone numbers of users', '用户的手机号'),
  matchedByNone: text('people are not matched by phone number', '不按手机号匹配用户'),
  amongTheFirst: text(' among the first users', '（仅检查了前面的用户）'),
  readable: (numbers: number, among: Text) =>
    text(`${numbers} numbers can be read${among.en}`, `${numbers} 个手机号均可识别${among.zh}`),
  unreadable: (unreadable: number, numbers: number, among: Text, users: Text) =>
    text(
      `${unreadable} of ${numbers} cannot be read${among.en}: their users cannot be matched (user id ${users.en})`,
      `${numbers} 个手机号中有 ${unreadable} 个无法识别${among.zh}，无法据此匹配用户（用户 ID ${users.zh}）`,
    ),
  andMore: (users: string) => text(`${users}, …`, `${users}…`),
  write: text(
    'NocoBase, Settings, Users & Permissions, Users: enter these numbers as 13800000000 or +8613800000000. {nocobase.defaultRegion} sets the country of numbers without a country code.',
    'NocoBase → 设置 → 用户和权限 → 用户：将这些手机号改写为 13800000000 或 +8613800000000。没有国际区号的号码按 {nocobase.defaultRegion} 所设的国家或地区处理。',
  ),
  notSeen: text('could not be read at NocoBase', '无法从 NocoBase 读取'),
} as const;

export const NEW_USER_ROLES = {
  title: text('Roles of new users', '新用户的角色'),
  given: (roles: Text) => text(`new users get ${roles.en}`, `新用户获得 ${roles.zh}`),
  unknown: DETAIL.noRole,
  correct: text(
    'Correct {dingtalk.defaultRoles}: it takes the UID of a role (NocoBase, Settings, Users & Permissions, Roles & Permissions), not its title.',
    '请更正 {dingtalk.defaultRoles}：应填写角色的 UID（NocoBase → 设置 → 用户和权限 → 角色和权限），而不是显示名称。',
  ),
  none: DETAIL.noDefaultRole,
  setOne: text(
    'Set {dingtalk.defaultRoles}, or make a role the default one in NocoBase.',
    '请设置 {dingtalk.defaultRoles}，或在 NocoBase 中设置默认角色。',
  ),
} as const;
