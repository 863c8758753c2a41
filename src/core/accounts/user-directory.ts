import type { FieldState } from './field-state.js';
import type { NonEmptyString } from './non-empty-string.js';
import type { PhoneNumber } from './phone-number.js';
import type { ProfileField, ProfileValues } from './profile-field.js';

/** The provider's stable id of a person, kept as `usersAuthenticators.uuid`. */
export type Subject = NonEmptyString;

/** The part of a record of NocoBase's `users` that matching needs. */
export interface DirectoryUser {
  readonly id: number;
  /** Names of all roles the user holds. */
  readonly roles: readonly string[];
}

export interface Matches {
  /** Every user with this number, re-checked by exact equality. */
  readonly byPhone: readonly DirectoryUser[];
  /** Whether another user already has the e-mail address. */
  readonly emailTaken: boolean;
}

/**
 * A person bound to a user at some authenticator of this NocoBase. It is unknown whether the binding is one of our
 * provider's if it has no mark of ours and its authenticator no longer exists. Bindings of other kinds are never
 * included.
 */
export interface Binding {
  readonly userId: number;
  readonly subject: string;
  /** Name of the authenticator. */
  readonly authenticator: string;
  readonly isOurs: true | 'unknown';
  /**
   * That the person signed in with when the binding was created, or the only one of its authenticator; undefined if
   * unknown.
   */
  readonly organization: string | undefined;
}

/** Who is bound to a subject. */
export interface BoundToSubject {
  /** The id of the user who is bound to it at this authenticator. */
  readonly here: number | undefined;
  /** Bindings at other authenticators of the same person, or possibly the same. */
  readonly elsewhere: readonly Binding[];
}

/** Who signs in as a user. */
export interface BindingsOfUser {
  /** Includes this authenticator's. */
  readonly bindings: readonly Binding[];
  /** Whether the user can sign in by other means: bindings at authenticators of other kinds. */
  readonly hasOthers: boolean;
}

export interface NewBinding {
  readonly subject: Subject;
  readonly nickname: string;
  /** That the person signed in with, if the provider names it. */
  readonly organization: string | undefined;
}

/** The result of taking over an account that was found by one of its fields. */
export interface TakenOver {
  /** Whether another person could or did sign in to it before; undefined if the directory cannot tell. */
  readonly usedBefore: boolean | undefined;
  /** Whether existing sessions were ended. */
  readonly sessionsEnded: boolean;
}

export type { FieldState } from './field-state.js';

/** A user, and the state of each compared field. */
export interface ComparedUser {
  readonly id: number;
  /** Names of all roles the user holds; undefined if NocoBase does not return them. */
  readonly roles: readonly string[] | undefined;
  readonly fields: ReadonlyMap<ProfileField, FieldState>;
}

/** Everything that is ever sent for a new user. */
export interface NewUser {
  readonly subject: Subject;
  readonly nickname: string;
  readonly username: NonEmptyString;
  readonly phone?: PhoneNumber;
  readonly email?: string;
  /** That the person signed in with: for the mark of the binding. */
  readonly organization?: string;
  /** Other profile values to store. Fields that NocoBase does not have are dropped there. */
  readonly profile?: ProfileValues;
  /** Role names; empty means NocoBase's default role. */
  readonly roles: readonly string[];
}

/**
 * NocoBase's users and their bindings to one authenticator.
 *
 * Every method may throw the errors of `upstream/` and `MisconfiguredError` (key revoked, right missing).
 */
export abstract class UserDirectory {
  /**
   * In one call, so that returning people cost no more.
   *
   * @throws AmbiguousBindingError if several users are bound to it at this authenticator
   */
  abstract findByBinding(subject: Subject): Promise<BoundToSubject>;

  /** Every binding of this user that is, or may be, one of our provider's. */
  abstract bindingsOf(userId: number): Promise<BindingsOfUser>;

  /** Whether the user exists. A binding can outlive its user if records were deleted without NocoBase. */
  abstract exists(userId: number): Promise<boolean>;

  /**
   * Compares a user's record with a profile; a phone number is the same in any stored format.
   *
   * @returns undefined if there is no such user
   */
  abstract compare(userId: number, profile: ProfileValues): Promise<ComparedUser | undefined>;

  /**
   * Writes these fields of this user, and no others.
   *
   * @returns the fields that NocoBase left unchanged: it silently drops those that the key may not write
   * @throws NotUniqueError if another user has one of the values; then nothing is written
   */
  abstract update(userId: number, profile: ProfileValues): Promise<readonly ProfileField[]>;

  /** Users with this phone number, and whether the e-mail address is free, in one call; no call without either. */
  abstract findMatches(phone: PhoneNumber | undefined, email: string | undefined): Promise<Matches>;

  /** @throws AlreadyBoundError if the user already has a binding of this authenticator */
  abstract bind(userId: number, binding: NewBinding): Promise<void>;

  /**
   * Binds an account that was found by one of its fields, not by the person's identity. Sessions that other
   * people have there are ended, as far as the directory can.
   *
   * @throws AlreadyBoundError if the user already has a binding of this authenticator
   */
  async takeOver(userId: number, binding: NewBinding): Promise<TakenOver> {
    await this.bind(userId, binding);
    return { usedBefore: undefined, sessionsEnded: false };
  }

  /**
   * Creates the user, its roles and its binding in one transaction.
   *
   * @returns the new user's id
   * @throws NotUniqueError if the phone number, username or e-mail address is taken
   */
  abstract register(user: NewUser): Promise<number>;

  /** Whether the gateway can read bindings: NocoBase is up and the API key works. Rejects with the reason if not. */
  abstract check(): Promise<void>;
}
