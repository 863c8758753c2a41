import { ERROR_TEXTS, type ErrorCode, type ErrorText, type PluginTrouble } from '../../core/errors/index.js';
import { text } from '../../core/texts/index.js';
import type { Locale } from './locale.js';

/** Used in more than one place. */
const BLOCKED = text(
  'Your browser blocks storage for this site, which NocoBase needs. Please allow it and sign in again.',
  '浏览器禁止本网站存储数据，而 NocoBase 需要存储数据。请允许后重新登录。',
);
const NOCOBASE_UNREACHABLE = text(
  'NocoBase cannot be reached right now. Please try again in a few minutes.',
  '暂时无法连接 NocoBase，请几分钟后再试。',
);

/** A name within Chinese text: separated by a space unless it is Chinese itself. */
function apart(name: string): string {
  return name.replace(/^(?![\p{Script=Han}“（])/u, ' ').replace(/(?<![\p{Script=Han}”）])$/u, ' ');
}

interface Messages {
  readonly lang: string;
  readonly signInTitle: string;
  readonly signInText: string;
  readonly signInWith: (provider: string) => string;
  readonly dingTalk: string;
  readonly password: string;
  readonly trouble: { readonly dingtalk: string; readonly nocobase: string };
  /** Why no one can sign in yet if the authenticators are configured in NocoBase. */
  readonly setUp: Readonly<Record<PluginTrouble, string>>;
  readonly gatewayAddress: string;
  /** For administrators, collapsed. */
  readonly plugin: Readonly<Record<'summary' | 'warning' | 'version' | 'address', string>>;
  readonly tryAgain: string;
  readonly errorCode: string;
  readonly requestId: string;
  readonly setting: string;
  readonly inBrowser: string;
  readonly inAppTitle: string;
  /** Title of the same page once it has stopped. */
  readonly inAppStopped: string;
  /** Shown by the page's script (`client/in-app.ts`). */
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
      dingtalk: 'DingTalk cannot be reached right now. If you have a password, you can sign in with it.',
      nocobase: NOCOBASE_UNREACHABLE.en,
    },
    setUp: {
      starting: 'The gateway is still reading from NocoBase how people sign in. Please reload this page in a moment.',
      unreachable: NOCOBASE_UNREACHABLE.en,
      unusable_answer:
        'This gateway does not understand the response of the DingTalk plugin in NocoBase. Administrators: install the same version of both.',
      plugin_missing:
        'NocoBase has no DingTalk plugin yet. Administrators: in NocoBase, open the plugin manager, then add and activate the DingTalk plugin of the same version as this gateway.',
      gateway_unknown:
        'DingTalk is not set up in NocoBase for this gateway. Administrators: in NocoBase, open Settings, Authentication, choose "Add new", then "DingTalk", and enter the gateway address below.',
      address_differs:
        "The gateway and NocoBase have different settings for NocoBase's address. Administrators: compare NOCOBASE_PUBLIC_URL with Address of NocoBase in the DingTalk form.",
      keys_unreachable:
        'NocoBase cannot reach this gateway. Administrators: in NocoBase, open Settings, Authentication, DingTalk, and compare the gateway address with the one below.',
      key_not_pinned:
        'NocoBase accepts only pinned keys of the gateway, and the current signing key is not one of them. Administrators: compare the pinned keys in the DingTalk form with the output of the command "check".',
      assertion_refused:
        'NocoBase does not accept the identity of this gateway. Administrators: every process of the gateway needs the same AUTH_COOKIE_SECRET, and the clocks of both machines must agree.',
      none_enabled:
        'Sign-in with DingTalk is switched off in NocoBase. Administrators: in NocoBase, open Settings, Authentication, DingTalk, and tick "Enabled".',
      none_usable:
        'DingTalk is not fully set up in NocoBase. Administrators: the log of the gateway says what is missing.',
    },
    gatewayAddress: 'Gateway address',
    plugin: {
      summary: 'For administrators: the plugin for NocoBase',
      warning:
        'In NocoBase, open Plugin manager, Add & Update, and enter the address below as the URL of the plugin. A plugin is code that runs inside NocoBase and can do anything that NocoBase can: install it only from a gateway that you run yourself.',
      version: 'Version',
      address: 'Address',
    },
    tryAgain: 'Try again',
    errorCode: 'Error code',
    requestId: 'Request ID',
    setting: 'To check',
    inBrowser: 'Sign in on the DingTalk page',
    inAppTitle: 'Signing in',
    inAppStopped: 'Not signed in',
    inApp: {
      asking: 'Asking DingTalk who you are …',
      signingIn: 'Signing you in …',
      loop: 'Signing in has led back to this page several times. Please choose how to continue.',
      noAnswer: 'The server did not answer. Please check your connection and try again.',
      unexpected: 'This page does not understand the response of the server. Please try again.',
      blocked: BLOCKED.en,
    },
    handOffTitle: 'You are signed in',
    handOffText: 'Taking you to NocoBase …',
    handOffBlocked: BLOCKED.en,
    handOffNoScript: 'NocoBase needs JavaScript. Please enable it in your browser and sign in again.',
    errors: ERROR_TEXTS.en,
  },
  zh: {
    lang: 'zh-CN',
    signInTitle: '登录 NocoBase',
    signInText: '使用您的企业账号登录。',
    signInWith: (provider) => `使用${apart(provider)}登录`,
    dingTalk: '钉钉',
    password: '使用密码登录',
    trouble: {
      dingtalk: '暂时无法连接钉钉。如果您有密码，可以使用密码登录。',
      nocobase: NOCOBASE_UNREACHABLE.zh,
    },
    setUp: {
      starting: '网关正在从 NocoBase 读取登录方式，请稍后刷新此页面。',
      unreachable: NOCOBASE_UNREACHABLE.zh,
      unusable_answer: '网关无法识别 NocoBase 中钉钉插件的响应。管理员：请让网关与插件使用相同的版本。',
      plugin_missing:
        'NocoBase 尚未安装钉钉插件。管理员：请在 NocoBase 的插件管理器中添加并启用与此网关版本相同的钉钉插件。',
      gateway_unknown:
        'NocoBase 尚未为此网关设置钉钉登录。管理员：请在 NocoBase 中打开“设置 → 用户认证”，点击“添加”，选择“钉钉”，并填写下面的网关地址。',
      address_differs:
        '网关与 NocoBase 中设置的 NocoBase 地址不一致。管理员：请核对 NOCOBASE_PUBLIC_URL 与钉钉表单中的 NocoBase 地址。',
      keys_unreachable:
        'NocoBase 无法访问此网关。管理员：请在 NocoBase 中打开“设置 → 用户认证 → 钉钉”，核对网关地址是否与下面一致。',
      key_not_pinned:
        'NocoBase 只接受已固定的网关密钥，而当前的签名密钥不在其中。管理员：请核对钉钉表单中固定的网关密钥与命令 check 的输出。',
      assertion_refused:
        'NocoBase 不认可此网关的身份。管理员：所有网关进程必须使用相同的 AUTH_COOKIE_SECRET，且两台机器的时钟必须一致。',
      none_enabled: '钉钉登录在 NocoBase 中已停用。管理员：请在 NocoBase 中打开“设置 → 用户认证 → 钉钉”，勾选“启用”。',
      none_usable: 'NocoBase 中的钉钉设置不完整。管理员：网关日志中写明了缺少什么。',
    },
    gatewayAddress: '网关地址',
    plugin: {
      summary: '管理员：NocoBase 插件',
      warning:
        '在 NocoBase 中打开“插件管理器 → 添加 & 更新”，将下面的地址填写为插件的 URL。插件是在 NocoBase 内运行的代码，拥有 NocoBase 的全部能力：请只从您自己运行的网关安装。',
      version: '版本',
      address: '地址',
    },
    tryAgain: '重试',
    errorCode: '错误代码',
    requestId: '请求编号',
    setting: '请检查',
    inBrowser: '前往钉钉页面登录',
    inAppTitle: '正在登录',
    inAppStopped: '未能登录',
    inApp: {
      asking: '正在向钉钉确认您的身份……',
      signingIn: '正在登录……',
      loop: '登录后多次回到此页面，请选择继续的方式。',
      noAnswer: '服务器没有响应，请检查网络后重试。',
      unexpected: '无法识别服务器的响应，请重试。',
      blocked: BLOCKED.zh,
    },
    handOffTitle: '登录成功',
    handOffText: '正在进入 NocoBase……',
    handOffBlocked: BLOCKED.zh,
    handOffNoScript: 'NocoBase 需要 JavaScript。请在浏览器中启用后重新登录。',
    errors: ERROR_TEXTS.zh,
  },
};
