import type { Hint } from '../../core/leavers/index.js';

/** The stored data about a bound person. Times in ms since 1970; 0: never. */
export interface Known {
  /** In the organization; undefined until DingTalk has returned it. */
  readonly userid: string | undefined;
  /** When DingTalk last showed them. */
  readonly seenAt: number;
  /** When DingTalk was asked and said that they had left. */
  readonly leftAt: number;
  /** The `leftAt` for which their sessions were ended. */
  readonly endedFor: number;
}

export const UNKNOWN: Known = { userid: undefined, seenAt: 0, leftAt: 0, endedFor: 0 };

/** A person whom DingTalk has just shown. */
export interface Seen {
  readonly key: string;
  readonly userid: string;
  readonly seenAt: number;
}

/** Numbers for the brake. */
export interface Reserved {
  /** Others within the window. */
  readonly lately: number;
  /** Others held by the brake. */
  readonly waiting: number;
  /** Whether the brake holds this person. */
  readonly isHeld: boolean;
}

/** Maximum number of waiting hints; more are refused, so that DingTalk sends them again. */
export const MAX_HINTS = 10_000;
/** How long a processed hint is remembered: DingTalk resends an event for some minutes. */
export const REMEMBERED_MS = 24 * 3_600_000;

/**
 * The data that a stock NocoBase has no place for, for one authenticator: people's userids at DingTalk, and unprocessed
 * hints. Ids and times only. People are identified by `personKey`, because the data belongs to a binding, not to a
 * unionId that may have been bound to another user since.
 *
 * Times only grow, so the order in which several replicas write does not matter.
 */
export abstract class LeaverMemory {
  /** Whether the data survives a restart. */
  abstract readonly isDurable: boolean;

  /** In the order of the keys. */
  abstract known(keys: readonly string[]): Promise<readonly Known[]>;
  /** The last person with this userid. */
  abstract keyOf(userid: string): Promise<string | undefined>;
  /** The people whom DingTalk showed last, newest first. */
  abstract seenLast(count: number): Promise<readonly string[]>;
  /** @returns those whose lock is undone */
  abstract seen(people: readonly Seen[]): Promise<readonly string[]>;
  /** Whether no other person can be stored. Those who are missing are not found when they leave. */
  abstract isFull(): Promise<boolean>;
  abstract left(key: string, askedAt: number): Promise<void>;
  /**
   * Counts a person whose sessions are about to be ended, before that is done: concurrent replicas must not exceed the
   * brake.
   */
  abstract reserve(key: string, now: number): Promise<Reserved>;
  abstract release(key: string): Promise<void>;
  /** Records that their sessions were ended. */
  abstract ended(key: string, askedAt: number): Promise<void>;
  /** The brake holds them. */
  abstract hold(key: string): Promise<void>;
  /** Some of those whom it holds. */
  abstract held(count: number): Promise<readonly string[]>;
  /** No decision about them is pending any more. */
  abstract letGo(keys: readonly string[]): Promise<void>;

  /** @returns the hints that were not noted before; @throws StoreUnavailableError if too many are waiting */
  abstract note(hints: readonly Hint[], now: number): Promise<readonly Hint[]>;
  abstract waiting(limit: number): Promise<readonly Hint[]>;
  abstract done(ids: readonly string[], now: number): Promise<void>;
  abstract mark(name: string): Promise<string | undefined>;
  abstract setMark(name: string, value: string): Promise<void>;
  abstract lease(name: string, holder: string, forMs: number, now: number): Promise<boolean>;
}

export function personKey({ userId, unionId }: { readonly userId: number; readonly unionId: string }): string {
  return `${userId}:${unionId}`;
}

/** The unionId in a key. */
export function unionIdIn(key: string): string {
  return key.slice(key.indexOf(':') + 1);
}

/** Whether DingTalk's latest answer about a person is that they left. */
export const hasLeft = ({ leftAt, seenAt }: Known): boolean => leftAt > seenAt;
/** Whether their sessions were ended for it, and they were not seen since. */
export const isLocked = ({ endedFor, seenAt }: Known): boolean => endedFor > seenAt;
