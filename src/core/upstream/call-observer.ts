import type { Counter } from '../observed/index.js';

/**
 * The outcome of one attempt to call an upstream. `refused`: not sent, because of our circuit breaker, queue or time
 * limit.
 */
export type CallOutcome =
  | 'ok'
  | 'http_error'
  | 'platform_error'
  | 'bad_response'
  | 'unreachable'
  | 'timeout'
  | 'refused';

/** A call by our own name for it; an address would contain codes and tokens. */
export interface NamedCall {
  readonly upstream: string;
  readonly operation: string;
}

/** One attempt to call an upstream. */
export interface CallFacts extends NamedCall {
  readonly method: string;
  readonly host: string;
  /** Number of earlier attempts. */
  readonly resent: number;
  readonly outcomeOf: (error: unknown) => { readonly outcome: CallOutcome; readonly httpStatus?: number };
}

/** The observable state in front of one upstream. */
export interface UpstreamState {
  /** `half-open`: calls were stopped, the next one is a probe. */
  readonly circuit: 'closed' | 'half-open' | 'open';
  readonly running: number;
  readonly waiting: number;
}

/** The state in front of an upstream, read on demand. */
export interface WatchedUpstream {
  readonly state: UpstreamState;
}

/** Durations in seconds. */
export interface CallCounts {
  callEnded(call: NamedCall, outcome: CallOutcome, seconds: number): void;
  callRepeated(call: NamedCall): void;
  watchUpstream(upstream: string, watched: WatchedUpstream): void;
  /** A client that is no longer used says nothing about the upstream. */
  unwatchUpstream(watched: WatchedUpstream): void;
}

/** Observes calls to upstreams. */
export interface CallObserver extends Counter<CallCounts> {
  /** @param work receives the `traceparent` of this attempt if it is traced */
  call<T>(facts: CallFacts, work: (traceparent: string | undefined) => Promise<T>): Promise<T>;
}

export const unobserved: CallObserver = {
  call: async (_facts, work) => work(undefined),
  count: () => undefined,
};
