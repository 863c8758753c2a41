import type { DingTalkOptions } from '../dingtalk/index.js';
import type { EventWay, LeaverMode } from '../leavers/index.js';
import type { DingTalkCalls } from './dingtalk-calls.js';

/** What a host provides to the probes that call DingTalk. */
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
  /** How leavers are watched; undefined: not by this program. */
  readonly watch?: {
    readonly mode: LeaverMode;
    readonly events: EventWay;
    /** Where DingTalk would push events. */
    readonly eventsUrl: string;
  };
  readonly dingtalk: DingTalkCalls;
  /** Whether the environment names a proxy that calls to DingTalk do not use. */
  readonly environmentProxy: boolean;
}
