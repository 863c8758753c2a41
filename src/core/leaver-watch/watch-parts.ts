import type { Clock, Directory } from '../dingtalk/index.js';
import type { BoundPerson, Conclusion, Evidence, LeaverBook, Origin, Returned, Unclear } from '../leavers/index.js';

/** For a log or metrics. Ids only. */
export interface WatchObserver {
  concluded(person: BoundPerson, conclusion: Conclusion, origin: Origin, evidence: Evidence): void;
  unclear(person: BoundPerson, why: Unclear, origin: Origin): void;
  returned(people: readonly Returned[]): void;
  /** Mostly errors of the book, because DingTalk's are findings. The step is retried. */
  failed(step: WatchStep, error: unknown): void;
  nightEnded(outcome: NightOutcome): void;
}

export type WatchStep = 'hint' | 'note' | 'resume' | 'records' | 'night' | 'state';

export interface NightOutcome {
  /**
   * `elsewhere`: another replica is checking; `aborted`: by us, to be resumed; `stopped`: continuing was useless or
   * unsafe.
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

/** The parts of a watch, for one authenticator. */
export interface WatchParts {
  readonly book: LeaverBook;
  readonly directory: Directory;
  readonly clock: Clock;
  /** Of the application: statements of a former one no longer apply. */
  readonly clientId?: string;
  /** The organization of the application, if known. */
  readonly corpId?: string;
  readonly observer?: Partial<WatchObserver>;
}
