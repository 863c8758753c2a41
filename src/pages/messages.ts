import type { ErrorCode } from '../errors/index.js';
import type { Locale } from './locale.js';

/** What a page says of an error: what happened, and who must do what. */
interface ErrorText {
  readonly title: string;
  readonly text: string;
}

/** Why nobody can sign in yet where the ways to sign in are set up in NocoBase. */
export type SetUpReason =
  | 'starting'
  | 'unreachable'
  | 'unusable_answer'
  | 'plugin_missing'
  | 'gateway_unknown'
  | 'address_differs'
  | 'keys_unreachable'
  | 'assertion_refused'
  | 'none_enabled'
  | 'none_usable';

interface Messages {
  readonly lang: string;
  readonly signInTitle: string;
  readonly signInText: string;
  readonly signInWith: (provider: string) => string;
  readonly dingTalk: string;
  readonly password: string;
  readonly trouble: { readonly dingtalk: string; readonly nocobase: string };
  readonly setUp: Readonly<Record<SetUpReason, string>>;
  readonly gatewayAddress: string;
  readonly tryAgain: string;
  readonly errorCode: string;
  readonly requestId: string;
  readonly setting: string;
  readonly inBrowser: string;
  readonly inAppTitle: string;
  /** Said by the page's script (`client/in-app.ts`). */
  readonly inApp: Readonly<Record<'asking' | 'signingIn' | 'loop' | 'noAnswer' | 'unexpected' | 'blocked', string>>;
  readonly handOffTitle: string;
  readonly handOffText: string;
  readonly handOffNoScript: string;
  readonly handOffBlocked: string;
  readonly errors: Readonly<Record<ErrorCode, ErrorText>>;
}

export const MESSAGES: Readonly<Record<Locale, Messages>> = {
  en: {
    lang: 'en',
    signInTitle: 'Sign in to NocoBase',
    signInText: 'Use the account you already have at work.',
    signInWith: (provider) => `Sign in with ${provider}`,
    dingTalk: 'DingTalk',
    password: 'Sign in with a password',
    trouble: {
      dingtalk: 'DingTalk cannot be reached just now. If you have a password, you can sign in with it.',
      nocobase: 'NocoBase cannot be reached just now. Please try again in a few minutes.',
    },
    setUp: {
      starting: 'The gateway is asking NocoBase how people sign in. Please reload this page in a moment.',
      unreachable: 'NocoBase cannot be reached just now. Please try again in a few minutes.',
      unusable_answer:
        'The DingTalk plugin in NocoBase gave an answer that this gateway does not understand. Administrators: install the same version of both.',
      plugin_missing:
        'NocoBase has no DingTalk plugin yet. Administrators: in NocoBase, open the plugin manager, then add and activate the DingTalk plugin.',
      gateway_unknown:
        'DingTalk is not set up in NocoBase for this gateway. Administrators: in NocoBase, open Settings, Authentication, choose "Add new", then "DingTalk", and enter the gateway address below.',
      address_differs:
        "The gateway and NocoBase do not agree on NocoBase's own address. Administrators: compare NOCOBASE_PUBLIC_URL with the address of NocoBase in the DingTalk form.",
      keys_unreachable:
        'NocoBase cannot reach this gateway. Administrators: in NocoBase, open Settings, Authentication, DingTalk, and compare the gateway address with the one below.',
      assertion_refused:
        'NocoBase does not accept who this gateway says it is. Administrators: every process of the gateway needs the same AUTH_COOKIE_SECRET, and the clocks of both machines must agree.',
      none_enabled:
        'Sign-in with DingTalk is switched off in NocoBase. Administrators: in NocoBase, open Settings, Authentication, DingTalk, and tick "Enabled".',
      none_usable:
        'DingTalk is not set up completely in NocoBase. Administrators: the log of the gateway says what is missing.',
    },
    gatewayAddress: 'Gateway address',
    tryAgain: 'Try again',
    errorCode: 'Error code',
    requestId: 'Request ID',
    setting: 'To check',
    inBrowser: 'Sign in on the page of DingTalk',
    inAppTitle: 'Signing in',
    inApp: {
      asking: 'Asking DingTalk who you are …',
      signingIn: 'Signing you in …',
      loop: 'Signing in has led back here several times. Please choose how to go on.',
      noAnswer: 'The server did not answer. Please check your connection and try again.',
      unexpected: 'The server gave an answer that this page does not understand. Please try again.',
      blocked: 'Your browser blocks storage for this site, which NocoBase needs. Please allow it and sign in again.',
    },
    handOffTitle: 'You are signed in',
    handOffText: 'Taking you to NocoBase …',
    handOffBlocked:
      'Your browser blocks storage for this site, which NocoBase needs. Please allow it and sign in again.',
    handOffNoScript: 'NocoBase needs JavaScript. Please allow it in your browser and sign in again.',
    errors: {
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
      phone_missing: {
        title: 'DingTalk did not give your mobile number',
        text: 'It is needed at the first sign-in. Your DingTalk administrator must grant the application the permission below and publish it; then try again and agree to share the number.',
      },
      not_found: {
        title: 'There is nothing here',
        text: 'The page does not exist, or this way to sign in is not set up. Please start from the sign-in page.',
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
  },
  zh: {
    lang: 'zh-CN',
    signInTitle: '登录 NocoBase',
    signInText: '使用您的企业账号登录。',
    signInWith: (provider) => `使用${provider}登录`,
    dingTalk: '钉钉',
    password: '使用密码登录',
    trouble: {
      dingtalk: '暂时无法连接钉钉。如果您有密码，可以使用密码登录。',
      nocobase: '暂时无法连接 NocoBase，请几分钟后再试。',
    },
    setUp: {
      starting: '网关正在向 NocoBase 读取登录方式，请稍后刷新此页面。',
      unreachable: '暂时无法连接 NocoBase，请几分钟后再试。',
      unusable_answer: '网关无法识别 NocoBase 中钉钉插件的响应。管理员：请让网关与插件使用相同的版本。',
      plugin_missing: 'NocoBase 尚未安装钉钉插件。管理员：请在 NocoBase 的插件管理器中添加并启用钉钉插件。',
      gateway_unknown:
        'NocoBase 尚未为此网关设置钉钉登录。管理员：请在 NocoBase 中打开“设置 → 用户认证”，点击“添加”，选择“钉钉”，并填写下面的网关地址。',
      address_differs:
        '网关与 NocoBase 对 NocoBase 自身地址的设置不一致。管理员：请核对 NOCOBASE_PUBLIC_URL 与钉钉表单中的 NocoBase 地址。',
      keys_unreachable:
        'NocoBase 无法访问此网关。管理员：请在 NocoBase 中打开“设置 → 用户认证 → 钉钉”，核对网关地址是否与下面一致。',
      assertion_refused:
        'NocoBase 不认可此网关的身份。管理员：所有网关进程必须使用相同的 AUTH_COOKIE_SECRET，且两台机器的时钟必须一致。',
      none_enabled: '钉钉登录在 NocoBase 中已停用。管理员：请在 NocoBase 中打开“设置 → 用户认证 → 钉钉”，勾选“启用”。',
      none_usable: 'NocoBase 中的钉钉设置不完整。管理员：网关日志中写明了缺少什么。',
    },
    gatewayAddress: '网关地址',
    tryAgain: '重试',
    errorCode: '错误代码',
    requestId: '请求编号',
    setting: '请检查',
    inBrowser: '前往钉钉页面登录',
    inAppTitle: '正在登录',
    inApp: {
      asking: '正在向钉钉确认您的身份……',
      signingIn: '正在登录……',
      loop: '登录多次返回此页面，请选择如何继续。',
      noAnswer: '服务器没有响应，请检查网络后重试。',
      unexpected: '服务器的响应无法识别，请重试。',
      blocked: '浏览器阻止了本站的存储，而 NocoBase 需要它。请允许后重新登录。',
    },
    handOffTitle: '登录成功',
    handOffText: '正在进入 NocoBase……',
    handOffBlocked: '浏览器阻止了本站的存储，而 NocoBase 需要它。请允许后重新登录。',
    handOffNoScript: 'NocoBase 需要 JavaScript。请在浏览器中启用后重新登录。',
    errors: {
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
      phone_missing: {
        title: '钉钉没有提供您的手机号',
        text: '首次登录需要手机号。请钉钉管理员为应用开通下面的权限并发布，然后重试并同意授权手机号。',
      },
      not_found: {
        title: '页面不存在',
        text: '该页面不存在，或此登录方式尚未配置。请从登录页面开始。',
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
  },
};
