import type { Evidence, Origin, Unclear } from './evidence.js';

/** A person bound to a user of NocoBase at one authenticator, and what is known about them at DingTalk. */
export interface BoundPerson {
  /** Of the binding's record; pages are ordered by it. */
  readonly bindingId: string;
  /** Id of NocoBase's user. */
  readonly userId: number;
  readonly unionId: string;
  /** In the organization of the authenticator's application; undefined until DingTalk has returned it. */
  readonly userid: string | undefined;
  /** When DingTalk last showed them as a member, in ms since 1970; 0: never. */
  readonly seenAt: number;
  /** Whether this binding's organization says that they have left. */
  readonly hasLeft: boolean;
  /** Whether the user is locked, by us or by hand. */
  readonly lock: 'none' | 'ours' | 'by_hand';
}

/** The possible conclusions about a person who has left. */
export const CONCLUSIONS = [
  'locked',
  /** Locked before, by us or by hand. */
  'already_locked',
  /** The mode is `report`. */
  'reported',
  /** Another organization has not said that they left: not locked yet. */
  'elsewhere',
  /** id 1, or a protected role: an alarm, never a lock. */
  'protected',
  /** The brake: waits for an administrator. */
  'paused',
  /** More than half of the bound people within an hour: waits as well, and not even an approval locks them now. */
  'refused',
  /** The binding no longer exists, or DingTalk has shown the person since it was asked. */
  'gone',
] as const;
export type Conclusion = (typeof CONCLUSIONS)[number];

/** An event, or an administrator's question, to be checked. Ids only. */
export interface Hint {
  /** Unique: DingTalk's event id, or one of ours. Hints with the same id are one. */
  readonly id: string;
  readonly kind: 'left' | 'joined' | 'ask';
  readonly origin: Origin;
  /** In DingTalk's organization; an `ask` needs only the id of NocoBase's user. */
  readonly userid?: string;
  readonly userId?: number;
  /** When it came, in ms since 1970. */
  readonly at: number;
}

/** The state of the watch itself, for an administrator. `none`: resolved. */
export interface WatchState {
  /** A missing permission or similar, by the name of what was requested. */
  readonly trouble?: {
    readonly what: 'members' | 'records' | 'stream';
    readonly why: Unclear | 'none';
    readonly detail?: string;
  };
  readonly stream?: 'connected' | 'disconnected';
  /** Of a complete check. */
  readonly progress?: { readonly done: number; readonly of: number };
  readonly nightEndedAt?: number;
}

/**
 * What NocoBase knows about bound people and locks, for one authenticator. Rules that need NocoBase (protected
 * accounts, other organizations, the brake, report or lock) are the book's. Every method may throw the errors of
 * `upstream/`.
 */
export abstract class LeaverBook {
  /** How many people are bound at this authenticator. */
  abstract count(): Promise<number>;
  /** A page of them by `bindingId`; empty at the end. */
  abstract people(after: string | undefined, size: number): Promise<readonly BoundPerson[]>;
  abstract byUserid(userid: string): Promise<readonly BoundPerson[]>;
  abstract byUnionId(unionId: string): Promise<readonly BoundPerson[]>;
  abstract byUser(userId: number): Promise<readonly BoundPerson[]>;
  /**
   * Others with a known userid and no sign of leaving, last seen first: possible witnesses when a person has left.
   *
   * @param except the unionId of that person
   */
  abstract witnesses(except: string, count: number): Promise<readonly BoundPerson[]>;
  /**
   * DingTalk shows these people as members: stores their userids, and unlocks those whom we locked for leaving. Entries
   * that are not news (`isNews`) change nothing.
   */
  abstract here(seen: readonly SeenPerson[]): Promise<readonly Returned[]>;
  /**
   * DingTalk says that this person has left. Idempotent.
   *
   * @returns the conclusion: mode, protection and brake are the book's
   */
  abstract left(person: BoundPerson, evidence: Evidence, origin: Origin): Promise<Conclusion>;
  /** Reports it, and nothing else. */
  abstract unclear(person: BoundPerson, why: Unclear, origin: Origin, detail?: string): Promise<void>;
  /** Durable once it resolves. @returns the hints that were not noted before */
  abstract note(hints: readonly Hint[]): Promise<readonly Hint[]>;
  /** Noted but not done, oldest first. */
  abstract waiting(limit: number): Promise<readonly Hint[]>;
  abstract done(ids: readonly string[]): Promise<void>;
  /** The value stored last under this name, such as the time up to which leave records were read. */
  abstract mark(name: string): Promise<string | undefined>;
  abstract setMark(name: string, value: string): Promise<void>;
  /** @returns whether no other replica holds it: one replica does the nightly check. Renewed by calling again. */
  abstract lease(name: string, forMs: number): Promise<boolean>;
  abstract state(state: WatchState): Promise<void>;
}

export interface SeenPerson {
  readonly bindingId: string;
  readonly unionId: string;
  readonly userid: string;
  readonly corpId: string | undefined;
  readonly seenAt: number;
}

/** A person who was locked by us and is back. */
export interface Returned {
  readonly userId: number;
  readonly unionId: string;
}
