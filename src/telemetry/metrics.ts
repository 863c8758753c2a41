import type { ErrorCode } from '../core/errors/index.js';
import type { Conclusion, Unclear } from '../core/leavers/index.js';
import type { LimitCounts } from '../core/limits/index.js';
import type { SignInCounts } from '../core/sign-in/index.js';
import type { CallCounts } from '../core/upstream/index.js';

/** The metrics of the watch for leavers at one authenticator. */
export interface LeaverCounts {
  /** The authenticators watched now; series of others are removed. */
  leaversWatched(names: readonly string[]): void;
  leaverConcluded(authenticator: string, conclusion: Conclusion | 'returned'): void;
  leaverUnclear(authenticator: string, why: Unclear): void;
  leaverStream(authenticator: string, isConnected: boolean): void;
  /** @param endedAt in ms since 1970 */
  leaverNight(authenticator: string, endedAt: number): void;
}

export type Outcome = 'success' | 'failure';

export interface EndedSignIn {
  /** From configuration, never from a request. */
  readonly authenticator: string;
  readonly outcome: Outcome;
  readonly match: string | undefined;
  readonly code: ErrorCode | undefined;
}

/** All counters and durations. Durations in seconds. */
export interface Metrics extends CallCounts, LimitCounts, SignInCounts, LeaverCounts {
  /** The current authenticators: their series exist, at 0, before anything happens, and are removed with them. */
  authenticatorsInForce(names: readonly string[]): void;
  signInEnded(signIn: EndedSignIn, seconds: number): void;
  stepEnded(step: string, outcome: Outcome, seconds: number): void;
}
