import type { DingTalkOptions } from '../dingtalk/index.js';
import type { DingTalkCalls } from './dingtalk-calls.js';

/** What a host tells the probes that ask DingTalk. */
export interface DingTalkContext {
  readonly application: Pick<
    DingTalkOptions,
    | 'apiUrl'
    | 'callbackUrl'
    | 'clientId'
    | 'corpIds'
    | 'exclusiveLogin'
    | 'identity'
    | 'loginUrl'
    | 'oapiUrl'
    | 'proxyUrl'
    | 'timeoutMs'
  >;
  readonly dingtalk: DingTalkCalls;
  /** Whether a proxy stands in the environment that calls to DingTalk do not take. */
  readonly environmentProxy: boolean;
}
