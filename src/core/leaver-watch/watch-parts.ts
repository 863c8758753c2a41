import type { Clock, Directory } from '../dingtalk/index.js';
import type { BoundPerson, Conclusion, Evidence, LeaverBook, Origin, Returned, Unclear } from '../leavers/index.js';

/** Whoever looks on: a log, metrics. Ids only; nothing fails because of it. */
export interface WatchObserver {
  concluded(person: BoundPerson, conclusion: Conclusion, origin: Origin, evidence: Evidence): void;
  unclear(person: BoundPerson, why: Unclear, origin: Origin): void;
  returned(people: readonly Returned[]): void;
  /** Of the book, mostly: DingTalk's failures are findings. It is tried again. */
  failed(step: WatchStep, error: unknown): void;
  nightEnded(outcome: NightOutcome): void;
}

export type WatchStep = 'hint' | 'note' | 'resume' | 'records' | 'night' | 'state';

export interface NightOutcome {
  /**
   * `elsewhere`: another replica looks; `aborted`: by us, to be resumed; `stopped`: there was no use in going on, or it would not
   * have been safe.
   */
  readonly end: 'done' | 'elsewhere' | 'aborted' | 'stopped';
  readonly why?: Unclear;
  readonly detail?: string;
  readonly counts: NightCounts;
}

export interface NightCounts {
  readonly bound: number;
  readonly asked: number;
  readonly here: number;
  readonly left: number;
  readonly unclear: number;
}

/** What a watch is made of, at one authenticator. */
export interface WatchParts {
  readonly book: LeaverBook;
  readonly directory: Directory;
  readonly clock: Clock;
  /** Of the application: what another one said of somebody counts no more. */
  readonly clientId?: string;
  /** The organization of the application, where that is known. */
  readonly corpId?: string;
  readonly observer?: Partial<WatchObserver>;
}
