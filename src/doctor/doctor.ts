export { DingTalkCalls } from './dingtalk-calls.js';
export { examine } from './examine.js';
export { examineRunning } from './examine-running.js';
export { ExchangeError } from './http-exchange.js';
export { asJson, asReport, isWell } from './report.js';
