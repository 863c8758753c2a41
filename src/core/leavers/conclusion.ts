import { brake, type BrakeCounts } from './brake.js';
import type { BoundPerson, Conclusion } from './leaver-book.js';
import type { LeaverMode } from './modes.js';

/** What a book knows about a person with evidence of leaving. */
export interface LeaverFacts {
  /** Whether the binding still exists. */
  readonly isBound: boolean;
  readonly lock: BoundPerson['lock'];
  /** When DingTalk was asked (`Evidence.askedAt`), and when it last showed them as a member: the later one is right. */
  readonly askedAt: number;
  readonly seenAt: number;
  /**
   * For every other organization by which the user is bound, at any authenticator: whether it has said that they left.
   */
  readonly othersHaveLeft: readonly boolean[];
  /** User 1, or a protected role, including roles of departments. */
  readonly isProtected: boolean;
  readonly mode: LeaverMode;
  readonly counts: BrakeCounts;
}

/**
 * The conclusion. All books use this function, so that a person is treated the same with and without the plugin.
 *
 * A protected account raises an alarm in the mode `report`, too; whether to lock is decided last.
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
 * Whether the brake holds a person after this conclusion. In a small company both limits are ten, and nobody would ever be `paused`:
 * without those who are refused, ten more would be locked every hour.
 */
export function isHeldBy(conclusion: Conclusion): boolean {
  return conclusion === 'paused' || conclusion === 'refused';
}

/**
 * Whether DingTalk showed them (`SeenPerson.seenAt`) after it said that they left (`Evidence.askedAt`; undefined:
 * never). Otherwise it is not written to the book: a page of the nightly check is written seconds after its calls.
 */
export function isNews(seenAt: number, leftAt: number | undefined): boolean {
  return leftAt === undefined || seenAt >= leftAt;
}

/** Whether a person whom DingTalk shows again, with the same unionId, is unlocked. Locks made by hand stay. */
export function isUnlockedByReturn(lock: BoundPerson['lock']): boolean {
  return lock === 'ours';
}
