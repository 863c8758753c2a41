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

export const SIGN_IN_ORIGIN = {
  title: text('Origin of sign-ins at NocoBase', 'NocoBase 的登录来源'),
  taken: (origin: string) => text(`NocoBase accepts ${origin} as its own`, `NocoBase 接受 ${origin}`),
  refused: (origin: string) =>
    text(
      `NocoBase refuses every sign-in from ${origin} ("Invalid sign-in origin")`,
      `NocoBase 拒绝来自 ${origin} 的所有登录（“Invalid sign-in origin”）`,
    ),
  sendHeaders: text(
    'Have the proxy in front of NocoBase send X-Forwarded-Proto with the scheme that browsers use, and Host or X-Forwarded-Host with their host and port.',
    '请在 NocoBase 前面的代理中设置 X-Forwarded-Proto（浏览器使用的协议），以及 Host 或 X-Forwarded-Host（浏览器使用的主机与端口）。',
  ),
} as const;
