export { DingTalkCalls } from './dingtalk-calls.js';
export { examine } from './examine.js';
export { ExchangeError } from './http-exchange.js';
export { printable } from './printable.js';
export { asJson, asReport } from './report.js';
export type { Lang } from './text.js';
export { wantedRights } from './wanted-rights.js';
