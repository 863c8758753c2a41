import type { ErrorCode } from './error-codes.js';

/** The text of an error page: what happened, and who must do what. */
export interface ErrorText {
  readonly title: string;
  readonly text: string;
}

/** Separate from the other messages because the companion plugin shows the same errors on NocoBase's sign-in page. */
export const ERROR_TEXTS: Readonly<Record<'en' | 'zh', Readonly<Record<ErrorCode, ErrorText>>>> = {
  en: {
    invalid_request: {
      title: 'This link is incomplete',
      text: 'Its address lacks information that the sign-in needs. Please start again from the sign-in page.',
    },
    invalid_state: {
      title: 'This sign-in is no longer valid',
      text: 'It was already used, took too long, or was started in another browser. Nothing is lost: please start again.',
    },
    invalid_grant: {
      title: 'DingTalk no longer accepts this sign-in',
      text: 'Its one-time code has expired or was already used. Please start again.',
    },
    access_denied: {
      title: 'Sign-in was cancelled',
      text: 'You declined, or DingTalk did not authorize the sign-in. If you did not mean to cancel, please try again.',
    },
    organization_not_allowed: {
      title: 'Please choose another organization',
      text: 'The organization you chose in DingTalk is not allowed to sign in here. Try again and choose your company; if it is not listed, ask your DingTalk administrator to add you to it.',
    },
    user_not_registered: {
      title: 'You have no account here yet',
      text: 'DingTalk knows you, but no NocoBase user has your mobile number. Ask your NocoBase administrator to create one with that number.',
    },
    account_protected: {
      title: 'This account is protected',
      text: 'Your mobile number belongs to an administrator account, which is never linked to DingTalk automatically. Sign in with your password, or ask another administrator to link your DingTalk account to it.',
    },
    account_locked: {
      title: 'Your account is locked',
      text: 'According to DingTalk you have left the organization, or an administrator has locked the account. Nothing in it is lost. If this is a mistake, ask your NocoBase administrator to unlock it.',
    },
    phone_missing: {
      title: 'DingTalk did not provide your mobile number',
      text: 'It is needed for your first sign-in. See below what to check. If a permission is missing, your DingTalk administrator must grant it and publish the application; then try again and agree to share your number. If DingTalk has no mobile number for you, your NocoBase administrator can link your account.',
    },
    not_found: {
      title: 'Page not found',
      text: 'The page does not exist, or this way to sign in is not set up. Please start from the sign-in page.',
    },
    plugin_not_packed: {
      title: 'The plugin is not available here',
      text: 'This gateway was built without the NocoBase plugin. Administrators: run `npm run build`, which includes it, and restart the gateway; or upload the plugin of the same version yourself.',
    },
    account_conflict: {
      title: 'We cannot tell which account is yours',
      text: 'Several NocoBase users match you, or the account is linked to someone else. Ask your NocoBase administrator to sort it out, and give them the request ID below.',
    },
    rate_limited: {
      title: 'Too many attempts',
      text: 'Please wait a moment and try again.',
    },
    misconfigured: {
      title: 'Sign-in is not fully set up',
      text: 'You cannot fix this yourself. Please send your administrator the details below.',
    },
    server_error: {
      title: 'Something went wrong',
      text: 'An unexpected error occurred. Please try again. If it happens again, give your administrator the request ID below.',
    },
    upstream_failed: {
      title: 'DingTalk or NocoBase did not respond properly',
      text: 'Please try again in a minute. If the problem persists, give your administrator the request ID below.',
    },
    temporarily_unavailable: {
      title: 'DingTalk or NocoBase cannot be reached right now',
      text: 'Please try again in a moment. If the problem persists, give your administrator the request ID below.',
    },
  },
  zh: {
    invalid_request: {
      title: '链接不完整',
      text: '该地址缺少登录所需的信息，请从登录页面重新开始。',
    },
    invalid_state: {
      title: '本次登录已失效',
      text: '它已被使用、超时，或是在另一个浏览器中发起的。数据没有丢失，请重新登录。',
    },
    invalid_grant: {
      title: '钉钉不再接受本次登录',
      text: '一次性授权码已过期或已被使用，请重新登录。',
    },
    access_denied: {
      title: '登录已取消',
      text: '您拒绝了授权，或钉钉未同意授权。如非本意，请重试。',
    },
    organization_not_allowed: {
      title: '请选择其他组织',
      text: '您在钉钉中选择的组织不允许登录此系统。请重试并选择您的公司；如果没有该选项，请联系钉钉管理员将您加入组织。',
    },
    user_not_registered: {
      title: '您还没有账号',
      text: '钉钉已确认您的身份，但没有 NocoBase 用户使用您的手机号。请联系 NocoBase 管理员用该手机号创建用户。',
    },
    account_protected: {
      title: '该账号受保护',
      text: '您的手机号属于管理员账号，系统不会自动将其与钉钉关联。请使用密码登录，或请另一位管理员为您绑定钉钉。',
    },
    account_locked: {
      title: '您的账号已锁定',
      text: '钉钉显示您已离开组织，或管理员锁定了该账号。账号内容没有丢失；如有误，请联系 NocoBase 管理员解锁。',
    },
    phone_missing: {
      title: '钉钉没有提供您的手机号',
      text: '首次登录需要手机号，需要检查的内容见下方。如果缺少权限，请钉钉管理员开通并发布应用，然后重试并同意授权手机号；如果钉钉中没有您的手机号，请 NocoBase 管理员为您关联账号。',
    },
    not_found: {
      title: '页面不存在',
      text: '该页面不存在，或此登录方式尚未配置。请从登录页面开始。',
    },
    plugin_not_packed: {
      title: '此网关未提供插件',
      text: '此网关构建时未包含 NocoBase 插件。管理员：请运行 `npm run build`（会打包插件）并重新启动网关，或自行上传相同版本的插件。',
    },
    account_conflict: {
      title: '无法确定您的账号',
      text: '有多个 NocoBase 用户与您匹配，或该账号已绑定他人。请联系 NocoBase 管理员处理，并提供下方的请求编号。',
    },
    rate_limited: {
      title: '尝试次数过多',
      text: '请稍候再试。',
    },
    misconfigured: {
      title: '登录尚未配置完成',
      text: '此问题您无法自行解决，请将下方的内容发给管理员。',
    },
    server_error: {
      title: '出错了',
      text: '发生意外错误，请重试。如果再次出现，请将下方的请求编号发给管理员。',
    },
    upstream_failed: {
      title: '钉钉或 NocoBase 未能正常响应',
      text: '请一分钟后重试。如果问题依旧，请将下方的请求编号发给管理员。',
    },
    temporarily_unavailable: {
      title: '暂时无法连接钉钉或 NocoBase',
      text: '请稍后重试。如果问题依旧，请将下方的请求编号发给管理员。',
    },
  },
};
