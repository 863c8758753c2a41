import type { ErrorCode } from '../core/errors/index.js';

export type Outcome = 'success' | 'failure';

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

export interface EndedSignIn {
  /** From configuration, never from a request. */
  readonly authenticator: string;
  readonly outcome: Outcome;
  readonly match: string | undefined;
  readonly code: ErrorCode | undefined;
}

/** A sign-in that was begun; times in milliseconds since 1970. */
export interface BegunSignIn {
  readonly startedAt: number;
  readonly expiresAt: number;
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

/** What is counted and measured. Durations in seconds. */
export interface Metrics {
  /** The authenticators that there are now: their series are there, at 0, before anything happens, and go with them. */
  authenticatorsInForce(names: readonly string[]): void;
  signInStarted(authenticator: string, signIn: BegunSignIn): void;
  signInReturned(signIn: BegunSignIn): void;
  signInEnded(signIn: EndedSignIn, seconds: number): void;
  stepEnded(step: string, outcome: Outcome, seconds: number): void;
  callEnded(call: NamedCall, outcome: CallOutcome, seconds: number): void;
  callRepeated(call: NamedCall): void;
  rateLimited(scope: string): void;
  watchUpstream(upstream: string, watched: WatchedUpstream): void;
  /** What nobody calls through any more says nothing of the upstream. */
  unwatchUpstream(watched: WatchedUpstream): void;
}
