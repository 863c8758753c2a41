import type { Counter } from '../observed/index.js';

/** What came of one attempt to call an upstream. `refused`: not sent, by our own circuit breaker, queue or time limit. */
export type CallOutcome =
  | 'ok'
  | 'http_error'
  | 'platform_error'
  | 'bad_response'
  | 'unreachable'
  | 'timeout'
  | 'refused';

/** A call by our own names of it; an address would carry codes and tokens. */
export interface NamedCall {
  readonly upstream: string;
  readonly operation: string;
}

/** One attempt to call an upstream. */
export interface CallFacts extends NamedCall {
  readonly method: string;
  readonly host: string;
  /** How often it was sent before. */
  readonly resent: number;
  readonly outcomeOf: (error: unknown) => { readonly outcome: CallOutcome; readonly httpStatus?: number };
}

/** What can be seen of what stands before one upstream. */
export interface UpstreamState {
  /** `half-open`: calls were stopped, the next one tries. */
  readonly circuit: 'closed' | 'half-open' | 'open';
  readonly running: number;
  readonly waiting: number;
}

/** What stands before an upstream, looked at when somebody asks. */
export interface WatchedUpstream {
  readonly state: UpstreamState;
}

/** Durations in seconds. */
export interface CallCounts {
  callEnded(call: NamedCall, outcome: CallOutcome, seconds: number): void;
  callRepeated(call: NamedCall): void;
  watchUpstream(upstream: string, watched: WatchedUpstream): void;
  /** What nobody calls through any more says nothing of the upstream. */
  unwatchUpstream(watched: WatchedUpstream): void;
}

/** Whoever looks on while calls are made. */
export interface CallObserver extends Counter<CallCounts> {
  /** @param work gets the `traceparent` of this attempt where it is traced */
  call<T>(facts: CallFacts, work: (traceparent: string | undefined) => Promise<T>): Promise<T>;
}

export const unobserved: CallObserver = {
  call: async (_facts, work) => work(undefined),
  count: () => undefined,
};
