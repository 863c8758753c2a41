import { brake, type BrakeCounts } from './brake.js';
import type { BoundPerson, Conclusion } from './leaver-book.js';
import type { LeaverMode } from './modes.js';

/** What a book knows of somebody of whom there is evidence that they left. */
export interface LeaverFacts {
  /** Whether the binding is still there. */
  readonly isBound: boolean;
  readonly lock: BoundPerson['lock'];
  /** When DingTalk was asked (`Evidence.askedAt`), and when it last showed them as a member: whoever was asked later is right. */
  readonly askedAt: number;
  readonly seenAt: number;
  /** Of every other organization by which the user is bound, at whatever authenticator: whether it has said that they left. */
  readonly othersHaveLeft: readonly boolean[];
  /** User 1, or a protected role, also one that comes with a department. */
  readonly isProtected: boolean;
  readonly mode: LeaverMode;
  readonly counts: BrakeCounts;
}

/**
 * What comes of it. All books decide by this, so that the same person is treated the same with the plugin and without.
 *
 * An alarm about a protected account comes in the mode `report`, too; whether anybody is locked is asked last.
 */
export function conclude(facts: LeaverFacts): Conclusion {
  if (!facts.isBound || facts.seenAt >= facts.askedAt) return 'gone';
  if (facts.lock !== 'none') return 'already_locked';
  if (facts.othersHaveLeft.includes(false)) return 'elsewhere';
  if (facts.isProtected) return 'protected';
  if (facts.mode !== 'lock') return 'reported';
  return ({ go: 'locked', pause: 'paused', refuse: 'refused' } as const)[brake(facts.counts)];
}

/**
 * Whether DingTalk's showing them (`SeenPerson.seenAt`) is later than what it said of their leaving (`Evidence.askedAt`; undefined:
 * it never did). What is not is kept out of the book: a page of the nightly look is written seconds after it was asked about.
 */
export function isNews(seenAt: number, leftAt: number | undefined): boolean {
  return leftAt === undefined || seenAt >= leftAt;
}

/** Whether somebody whom DingTalk shows again, with the same unionId, is unlocked: what was locked by hand stays so. */
export function isUnlockedByReturn(lock: BoundPerson['lock']): boolean {
  return lock === 'ours';
}
