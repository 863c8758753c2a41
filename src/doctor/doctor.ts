export { DingTalkCalls, ExchangeError, isWell } from '../core/doctor/index.js';
export { examine } from './examine.js';
export { examineRunning } from './examine-running.js';
export { asJson, asReport } from './report.js';
