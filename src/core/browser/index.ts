export { isRecord, isText, parseJson, strings, texts, webAddress } from './foreign.js';
export { loopGuard, type LoopGuard, loopGuardUnder } from './loop-guard.js';
