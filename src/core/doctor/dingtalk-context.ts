import type { DingTalkOptions } from '../dingtalk/index.js';
import type { EventWay, LeaverMode } from '../leavers/index.js';
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
  /** How people who leave are watched; undefined: not by this program. */
  readonly watch?: {
    readonly mode: LeaverMode;
    readonly events: EventWay;
    /** Where DingTalk would push events to. */
    readonly eventsUrl: string;
  };
  readonly dingtalk: DingTalkCalls;
  /** Whether a proxy stands in the environment that calls to DingTalk do not take. */
  readonly environmentProxy: boolean;
}
