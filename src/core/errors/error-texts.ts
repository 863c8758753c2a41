import type { ErrorCode } from './error-codes.js';

/** What people read of an error: what happened, and who must do what. */
export interface ErrorText {
  readonly title: string;
  readonly text: string;
}

/** Apart from the other messages, for the companion plugin, which shows the same errors on NocoBase's sign-in page. */
export const ERROR_TEXTS: Readonly<Record<'en' | 'zh', Readonly<Record<ErrorCode, ErrorText>>>> = {
  en: {
    invalid_request: {
      title: 'This link is not complete',
      text: 'The address does not hold what a sign-in needs. Please start again from the sign-in page.',
    },
    invalid_state: {
      title: 'This sign-in is over',
      text: 'It was already used, took too long, or was started in another browser. Nothing is lost: please start again.',
    },
    invalid_grant: {
      title: 'DingTalk no longer accepts this sign-in',
      text: 'Its one-time code is too old or was used before. Please start again.',
    },
    access_denied: {
      title: 'Sign-in was cancelled',
      text: 'DingTalk did not give its consent, or you declined. If that was not what you wanted, please try again.',
    },
    organization_not_allowed: {
      title: 'Please choose another organization',
      text: 'The organization you chose at DingTalk may not sign in here. Try again and choose your company; if it is not offered, ask your DingTalk administrator to add you.',
    },
    user_not_registered: {
      title: 'You have no account here yet',
      text: 'DingTalk knows you, but no NocoBase user has your mobile number. Ask your NocoBase administrator to create one with it.',
    },
    account_protected: {
      title: 'This account is protected',
      text: 'Your mobile number belongs to an administrator account, which is never linked to DingTalk by itself. Sign in with your password, or ask another administrator to bind your DingTalk to it.',
    },
    account_locked: {
      title: 'Your account is locked',
      text: 'According to DingTalk you have left the organization, or an administrator has locked the account. Nothing of it is lost: if that is wrong, ask your NocoBase administrator to unlock it.',
    },
    phone_missing: {
      title: 'DingTalk did not give your mobile number',
      text: 'It is needed at the first sign-in. What has to be checked stands below: a permission, which your DingTalk administrator grants and publishes; then try again and agree to share the number. Or that DingTalk has no number of you to give: then your NocoBase administrator can link your account.',
    },
    not_found: {
      title: 'There is nothing here',
      text: 'The page does not exist, or this way to sign in is not set up. Please start from the sign-in page.',
    },
    plugin_not_packed: {
      title: 'The plugin is not here',
      text: 'This gateway was built without the NocoBase plugin. Administrators: run `npm run build`, which packs it, and start the gateway again; or upload the plugin of the same version.',
    },
    account_conflict: {
      title: 'Your account is not clear',
      text: 'Several NocoBase users claim the same person, or the account is bound to somebody else. Ask your NocoBase administrator to sort it out; the request ID below helps.',
    },
    rate_limited: {
      title: 'Too many attempts',
      text: 'Please wait a moment and try again.',
    },
    misconfigured: {
      title: 'The sign-in is not set up completely',
      text: 'You can do nothing about it. Please tell your administrator what stands below.',
    },
    server_error: {
      title: 'Something went wrong',
      text: 'That should not have happened. Please try again; if it stays, give your administrator the request ID below.',
    },
    upstream_failed: {
      title: 'DingTalk or NocoBase gave no usable answer',
      text: 'Please try again in a minute. If it stays, give your administrator the request ID below.',
    },
    temporarily_unavailable: {
      title: 'DingTalk or NocoBase cannot be reached just now',
      text: 'Please try again in a moment. If it stays, give your administrator the request ID below.',
    },
  },
  zh: {
    invalid_request: {
      title: '链接不完整',
      text: '该地址缺少登录所需的信息，请从登录页面重新开始。',
    },
    invalid_state: {
      title: '本次登录已失效',
      text: '它可能已被使用、超时，或是在另一个浏览器中发起的。没有任何损失，请重新登录。',
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
      text: '首次登录需要手机号。需要检查的内容见下：如果是权限，请钉钉管理员开通并发布，然后重试并同意授权手机号；如果是钉钉没有可提供的您的手机号，请 NocoBase 管理员为您关联账号。',
    },
    not_found: {
      title: '页面不存在',
      text: '该页面不存在，或此登录方式尚未配置。请从登录页面开始。',
    },
    plugin_not_packed: {
      title: '此处没有插件',
      text: '此网关构建时未包含 NocoBase 插件。管理员：请运行 `npm run build`（会打包插件）后重新启动网关，或自行上传相同版本的插件。',
    },
    account_conflict: {
      title: '无法确定您的账号',
      text: '有多个 NocoBase 用户对应同一个人，或该账号已绑定他人。请联系 NocoBase 管理员处理，并提供下面的请求编号。',
    },
    rate_limited: {
      title: '尝试次数过多',
      text: '请稍候再试。',
    },
    misconfigured: {
      title: '登录尚未配置完成',
      text: '这不是您的问题。请将下面的内容告知管理员。',
    },
    server_error: {
      title: '出错了',
      text: '发生了意外错误，请重试；如果仍然出现，请将下面的请求编号告知管理员。',
    },
    upstream_failed: {
      title: '钉钉或 NocoBase 未能正常响应',
      text: '请一分钟后重试；如果仍然出现，请将下面的请求编号告知管理员。',
    },
    temporarily_unavailable: {
      title: '暂时无法连接钉钉或 NocoBase',
      text: '请稍后重试；如果仍然出现，请将下面的请求编号告知管理员。',
    },
  },
};
