import type { Evidence, Origin, Unclear } from './evidence.js';

/** Somebody bound to a user of NocoBase at one authenticator, and what is known of them at DingTalk. */
export interface BoundPerson {
  /** Of the binding's row: pages go by it. */
  readonly bindingId: string;
  /** Id of NocoBase's user. */
  readonly userId: number;
  readonly unionId: string;
  /** In the organization of the authenticator's application; undefined until DingTalk has said it. */
  readonly userid: string | undefined;
  /** When DingTalk last showed them as a member, in ms since 1970; 0: never. */
  readonly seenAt: number;
  /** Whether this binding's organization says that they have left. */
  readonly hasLeft: boolean;
  /** Whether the user is locked, by us or by hand. */
  readonly lock: 'none' | 'ours' | 'by_hand';
}

/** What became of somebody who has left. */
export const CONCLUSIONS = [
  'locked',
  /** Locked before, by us or by hand. */
  'already_locked',
  /** The mode is `report`. */
  'reported',
  /** Another organization has not said that they left: nobody is locked yet. */
  'elsewhere',
  /** id 1, or a protected role: an alarm, never a lock. */
  'protected',
  /** The brake: waits for an administrator. */
  'paused',
  /** More than half of all who are bound: never by a program. */
  'refused',
  /** There is no such binding any more, or DingTalk has shown the person since it was asked. */
  'gone',
] as const;
export type Conclusion = (typeof CONCLUSIONS)[number];

/** An event, or a question of an administrator: to be looked at. Ids only. */
export interface Hint {
  /** Unique: DingTalk's event id, or one of ours. The same hint twice is one. */
  readonly id: string;
  readonly kind: 'left' | 'joined' | 'ask';
  readonly origin: Origin;
  /** In DingTalk's organization; of an `ask`, that of NocoBase's user is enough. */
  readonly userid?: string;
  readonly userId?: number;
  /** When it came, in ms since 1970. */
  readonly at: number;
}

/** What an administrator should know of the watch itself. `none`: it is as it should be again. */
export interface WatchState {
  /** A missing permission or the like, by the name of what was asked for. */
  readonly trouble?: {
    readonly what: 'members' | 'records' | 'stream';
    readonly why: Unclear | 'none';
    readonly detail?: string;
  };
  readonly stream?: 'connected' | 'disconnected';
  /** Of a look at everybody. */
  readonly progress?: { readonly done: number; readonly of: number };
  readonly nightEndedAt?: number;
}

/**
 * What NocoBase knows of bound people and of locks, for one authenticator; rules that need NocoBase (protected accounts, other
 * organizations, the brake, report or lock) are the book's. Every method may throw the errors of `upstream/`.
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
   * Others whose userid is known and of whom nothing says that they left, seen last first: to be asked about beside somebody who
   * has left.
   *
   * @param except the unionId of that person
   */
  abstract witnesses(except: string, count: number): Promise<readonly BoundPerson[]>;
  /**
   * DingTalk shows these as members: their userid is kept, and what we locked for their leaving is unlocked. What is no news
   * (`isNews`) changes nothing.
   */
  abstract here(seen: readonly SeenPerson[]): Promise<readonly Returned[]>;
  /** DingTalk says that this person has left. Twice is once. @returns what became of it: mode, protection and brake are the book's */
  abstract left(person: BoundPerson, evidence: Evidence, origin: Origin): Promise<Conclusion>;
  /** Told, and nothing else. */
  abstract unclear(person: BoundPerson, why: Unclear, origin: Origin, detail?: string): Promise<void>;
  /** Durable when it resolves. @returns those that nobody noted before */
  abstract note(hints: readonly Hint[]): Promise<readonly Hint[]>;
  /** Noted and not done, oldest first. */
  abstract waiting(limit: number): Promise<readonly Hint[]>;
  abstract done(ids: readonly string[]): Promise<void>;
  /** What was put there last, such as the time up to which leave records were read. */
  abstract mark(name: string): Promise<string | undefined>;
  abstract setMark(name: string, value: string): Promise<void>;
  /** @returns whether nobody else has it: one replica looks at everybody at night. Kept by asking again. */
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

/** Somebody who was locked by us and is back. */
export interface Returned {
  readonly userId: number;
  readonly unionId: string;
}
