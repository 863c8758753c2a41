import { type Text, text } from '../../texts/index.js';

/** Possible results of several probes. */
export const ANY = {
  notTested: (title: Text) => text(`not tested because of: ${title.en}`, `未检查，原因：${title.zh}`),
  doesNotAnswer: (url: string, code: string) => text(`${url} does not answer (${code})`, `${url} 没有响应（${code}）`),
  noAnswer: (code: string) => text(`no answer (${code})`, `没有响应（${code}）`),
  lookAtNetwork: text(
    'Try again; if the problem persists, check the network between {program} and that server.',
    '请重试；若仍如此，请检查{program}与该服务器之间的网络。',
  ),
  nocobaseDidNotAnswer: (code: string) => text(`NocoBase did not answer (${code})`, `NocoBase 没有响应（${code}）`),
} as const;
