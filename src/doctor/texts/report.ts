import { type Text, text } from '../../core/texts/index.js';

/** Around the findings. */
export const REPORT = {
  gateway: text('Gateway', '网关'),
  authenticator: text('Authenticator', '认证器'),
  register: text('Redirect URL to register at DingTalk', '需在钉钉登记的重定向 URL'),
  colon: text(': ', '：'),
  well: text(
    'Nothing stands in the way of a sign-in. Now sign in once yourself.',
    '没有发现妨碍登录的问题。请自己登录一次确认。',
  ),
  ill: text('Put the lines with ✗ right, then run this again.', '请先解决标有 ✗ 的项目，然后重新运行。'),
} as const;

/** What may come of more than one question. */
export const ANY = {
  notTested: (title: Text) => text(`not tested because of: ${title.en}`, `未检测，原因：${title.zh}`),
  doesNotAnswer: (url: string, code: string) => text(`${url} does not answer (${code})`, `${url} 没有应答（${code}）`),
  noAnswer: (code: string) => text(`no answer (${code})`, `没有应答（${code}）`),
  lookAtNetwork: text(
    'Try again; if it stays, look at the network between the gateway and that server.',
    '请重试；若仍如此，请检查网关与该服务器之间的网络。',
  ),
  nocobaseDidNotAnswer: (code: string) => text(`NocoBase did not answer (${code})`, `NocoBase 没有应答（${code}）`),
} as const;
