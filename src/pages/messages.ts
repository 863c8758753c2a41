import type { ErrorCode } from '../errors/index.js';
import { ERROR_TEXTS, type ErrorText } from './error-texts.js';
import type { Locale } from './locale.js';

interface Messages {
  readonly lang: string;
  readonly signInTitle: string;
  readonly signInText: string;
  readonly signInWith: (provider: string) => string;
  readonly dingTalk: string;
  readonly password: string;
  readonly trouble: { readonly dingtalk: string; readonly nocobase: string };
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
    errors: ERROR_TEXTS.en,
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
    errors: ERROR_TEXTS.zh,
  },
};
