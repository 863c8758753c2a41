import { text } from '../../texts/index.js';

/** About what a sub-app shares with NocoBase's main application. */
export const SUB_APP_SECRET = {
  title: text('Secret of the sub-app', '子应用的密钥'),
  own: text(
    'its own: sessions of the sub-app are not valid in the main application',
    '独立密钥：子应用的会话在主应用中无效',
  ),
  shared: (app: string) =>
    text(
      `${app} shares it with the main application: a session of user 2 in ${app} is also valid for user 2 in main.`,
      `${app} 与主应用共用密钥：${app} 中用户 2 的会话对主应用的用户 2 同样有效。`,
    ),
  withAutoSignUp: text(
    'WITH AUTO SIGN-UP, ANYONE WHO CAN REGISTER HERE GETS THE SESSION OF A USER IN THE MAIN APPLICATION.',
    '已开启自动注册：任何能在此注册的人都会得到主应用中某个用户的会话。',
  ),
  part: text(
    'Give the sub-app its own secret in its options in NocoBase ("JWT Secret"; authManager.jwt.secret), and restart it.',
    '请在 NocoBase 的子应用选项中设置它自己的密钥（“JWT Secret”，即 authManager.jwt.secret），并重启子应用。',
  ),
} as const;
