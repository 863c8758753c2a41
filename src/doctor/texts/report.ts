import { text } from '../../core/texts/index.js';

/** Around the findings. */
export const REPORT = {
  gateway: text('Gateway', '网关'),
  authenticator: text('Authenticator', '认证器'),
  register: text('Redirect URL to register at DingTalk', '需在钉钉登记的重定向 URL'),
  colon: text(': ', '：'),
  well: text('Nothing prevents a sign-in. Now sign in once yourself.', '没有发现妨碍登录的问题。请自己登录一次确认。'),
  ill: text('Fix the lines marked ✗, then run this again.', '请先解决标有 ✗ 的项目，然后重新运行。'),
} as const;
