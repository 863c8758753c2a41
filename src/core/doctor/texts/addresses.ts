import { text } from '../../texts/index.js';

/** About an address without TLS. */
export const PLAIN_HTTP = {
  title: text('Sign-in without TLS', '未加密的登录'),
  isHttp: (publicUrl: string) =>
    text(
      `${publicUrl} uses http: anyone who can read or change traffic on this network can take over any sign-in and any session`,
      `${publicUrl} 使用 http：能读取或篡改该网络流量的人可以接管任意登录和会话`,
    ),
} as const;

/** Whether people behind a proxy can be distinguished. */
export const FORWARDED = {
  noForwardedFor: (proxy: string) =>
    text(
      `the proxy at ${proxy} sends no X-Forwarded-For: everyone behind it shares one address`,
      `位于 ${proxy} 的代理没有发送 X-Forwarded-For：其后的所有用户被视为同一个地址`,
    ),
  sendForwardedFor: text('Configure the proxy to send X-Forwarded-For.', '请在代理中配置发送 X-Forwarded-For。'),
} as const;
