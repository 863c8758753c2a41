import type { Hint } from '../../core/leavers/index.js';

/** What is kept of somebody who is bound. Times in ms since 1970; 0: never. */
export interface Known {
  /** In the organization; undefined until DingTalk has said it. */
  readonly userid: string | undefined;
  /** When DingTalk last showed them. */
  readonly seenAt: number;
  /** When DingTalk was asked that said they had left. */
  readonly leftAt: number;
  /** The same of the time for which their sessions were ended. */
  readonly endedFor: number;
}

export const UNKNOWN: Known = { userid: undefined, seenAt: 0, leftAt: 0, endedFor: 0 };

/** Somebody whom DingTalk has just shown. */
export interface Seen {
  readonly key: string;
  readonly userid: string;
  readonly seenAt: number;
}

/** For the brake. */
export interface Reserved {
  /** Others within the window. */
  readonly lately: number;
  /** Others whom the brake holds. */
  readonly waiting: number;
}

/** So many hints may wait; more are refused, so that DingTalk sends them again. */
export const MAX_HINTS = 10_000;
/** So long is a hint known that was worked on: DingTalk sends an event again for some minutes. */
export const REMEMBERED_MS = 24 * 3_600_000;

/**
 * What a stock NocoBase has no place for, of one authenticator: who is who at DingTalk, what was heard and not looked at yet.
 * Ids and times only. A person is named by `personKey`: what is kept is of a binding, not of a unionId that somebody else was bound
 * to meanwhile.
 *
 * Times only grow, so that it does not matter in which order several replicas write.
 */
export abstract class LeaverMemory {
  /** Whether it is still there after a restart. */
  abstract readonly isDurable: boolean;

  /** In the order of the keys. */
  abstract known(keys: readonly string[]): Promise<readonly Known[]>;
  /** Who had this userid last. */
  abstract keyOf(userid: string): Promise<string | undefined>;
  /** Whom DingTalk showed last, newest first. */
  abstract seenLast(count: number): Promise<readonly string[]>;
  /** @returns those of whom it undoes a lock */
  abstract seen(people: readonly Seen[]): Promise<readonly string[]>;
  abstract left(key: string, askedAt: number): Promise<void>;
  /** Counts somebody among those whose sessions are ended now, before it is done: replicas must not pass the brake side by side. */
  abstract reserve(key: string, now: number): Promise<Reserved>;
  abstract release(key: string): Promise<void>;
  /** Their sessions were ended. */
  abstract ended(key: string, askedAt: number): Promise<void>;
  /** The brake holds them. */
  abstract hold(key: string): Promise<void>;
  /** Some of those whom it holds. */
  abstract held(count: number): Promise<readonly string[]>;
  /** Nothing is to be decided of them any more. */
  abstract letGo(keys: readonly string[]): Promise<void>;

  /** @returns those that nobody noted before; @throws StoreUnavailableError when too many wait */
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

/** Whether DingTalk's last word of somebody is that they left. */
export const hasLeft = ({ leftAt, seenAt }: Known): boolean => leftAt > seenAt;
/** Whether their sessions were ended for it, and they were not seen since. */
export const isLocked = ({ endedFor, seenAt }: Known): boolean => endedFor > seenAt;
