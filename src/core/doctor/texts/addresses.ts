import { text } from '../../texts/index.js';

/** Of an address without TLS. */
export const PLAIN_HTTP = {
  title: text('Sign-in without TLS', '未加密的登录'),
  isHttp: (publicUrl: string) =>
    text(
      `${publicUrl} is http: whoever can read or change the traffic of this network can take over any sign-in and any session`,
      `${publicUrl} 使用 http：能读取或篡改该网络流量的人可以接管任意登录和会话`,
    ),
} as const;

/** Whether people behind a proxy are told apart. */
export const FORWARDED = {
  noForwardedFor: (proxy: string) =>
    text(
      `the proxy at ${proxy} sends no X-Forwarded-For: all people behind it count as one address`,
      `位于 ${proxy} 的代理没有发送 X-Forwarded-For：其后的所有人被当作同一个地址`,
    ),
  sendForwardedFor: text('Let it send X-Forwarded-For.', '请让代理发送 X-Forwarded-For。'),
} as const;
