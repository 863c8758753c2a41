import type { Text } from '../text.js';

/** The page's place in NocoBase's settings: a tab beside the authenticators, for people who are allowed to configure them. */
export const LEAVERS_PAGE = {
  menu: 'auth',
  key: 'leavers-dingtalk',
  title: 'People who left DingTalk' satisfies Text,
  icon: 'UserDeleteOutlined',
  aclSnippet: 'pm.auth.dingtalk',
  sort: 2,
} as const;
