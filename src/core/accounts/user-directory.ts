import type { FieldState } from './field-state.js';
import type { NonEmptyString } from './non-empty-string.js';
import type { PhoneNumber } from './phone-number.js';
import type { ProfileField, ProfileValues } from './profile-field.js';

/** The provider's stable id of a person, kept as `usersAuthenticators.uuid`. */
export type Subject = NonEmptyString;

/** A row of NocoBase's `users`, as much of it as matching needs. */
export interface DirectoryUser {
  readonly id: number;
  /** Names of all roles the user holds. */
  readonly roles: readonly string[];
}

export interface Matches {
  /** Every user whose stored number is this number, re-checked by exact equality. */
  readonly byPhone: readonly DirectoryUser[];
  /** Whether some user already has the e-mail address that was asked about. */
  readonly emailTaken: boolean;
}

/**
 * Somebody bound to a user at some authenticator of this NocoBase. Whether by our provider at all is not known where the
 * row bears no mark of ours and its authenticator is gone; bindings of other kinds are none of ours and never among them.
 */
export interface Binding {
  readonly userId: number;
  readonly subject: string;
  /** Name of the authenticator. */
  readonly authenticator: string;
  readonly isOurs: true | 'unknown';
  /** That the person signed in for when the row was made, or the only one of its authenticator; undefined where nobody knows. */
  readonly organization: string | undefined;
}

/** Who is bound to a subject. */
export interface BoundToSubject {
  /** The id of the user who is bound to it at this authenticator. */
  readonly here: number | undefined;
  /** The same person, or perhaps the same, at others. */
  readonly elsewhere: readonly Binding[];
}

/** Who signs in as a user. */
export interface BindingsOfUser {
  /** This authenticator's among them. */
  readonly bindings: readonly Binding[];
  /** Whether the user has other ways in: bindings at authenticators of other kinds. */
  readonly hasOthers: boolean;
}

export interface NewBinding {
  readonly subject: Subject;
  readonly nickname: string;
  /** That the person signed in for, where the provider says so. */
  readonly organization: string | undefined;
}

/** What became of an account that was found by one of its fields. */
export interface TakenOver {
  /** Whether somebody could sign in to it before, or has; undefined where the directory cannot see that. */
  readonly usedBefore: boolean | undefined;
  /** Whether the sessions that ran were ended. */
  readonly sessionsEnded: boolean;
}

export type { FieldState } from './field-state.js';

/** A user, and how each field that was asked about stands. */
export interface ComparedUser {
  readonly id: number;
  /** Names of all roles the user holds; undefined where NocoBase does not show them. */
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
  /** That the person signed in for: for the mark of the binding. */
  readonly organization?: string;
  /** What else of the profile is stored. Fields that NocoBase does not have are dropped there. */
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
   * In one call: returning people cost no more.
   *
   * @throws AmbiguousBindingError when several users are bound to it at this authenticator
   */
  abstract findByBinding(subject: Subject): Promise<BoundToSubject>;

  /** Every binding of this user that is, or may be, one of our provider's. */
  abstract bindingsOf(userId: number): Promise<BindingsOfUser>;

  /** Whether there is such a user. A binding may outlive its user where rows were deleted past NocoBase. */
  abstract exists(userId: number): Promise<boolean>;

  /**
   * Compares a user's row with a profile; a number in whatever format it is stored is the same number.
   *
   * @returns undefined when there is no such user
   */
  abstract compare(userId: number, profile: ProfileValues): Promise<ComparedUser | undefined>;

  /**
   * Writes these fields of this user, and no others.
   *
   * @returns the fields that NocoBase left as they were: it drops without a word what the key may not write
   * @throws NotUniqueError when another user has one of the values; then nothing is written
   */
  abstract update(userId: number, profile: ProfileValues): Promise<readonly ProfileField[]>;

  /** Users with this phone number, and whether the e-mail address is free, in one call; nobody is asked about nothing. */
  abstract findMatches(phone: PhoneNumber | undefined, email: string | undefined): Promise<Matches>;

  /** @throws AlreadyBoundError when the user already has a binding of this authenticator */
  abstract bind(userId: number, binding: NewBinding): Promise<void>;

  /**
   * Binds an account that was found by one of its fields, not by who the person is: whoever else could sign in to it is
   * to lose what they have open, as far as the directory reaches.
   *
   * @throws AlreadyBoundError when the user already has a binding of this authenticator
   */
  async takeOver(userId: number, binding: NewBinding): Promise<TakenOver> {
    await this.bind(userId, binding);
    return { usedBefore: undefined, sessionsEnded: false };
  }

  /**
   * Creates the user, its roles and its binding in one transaction.
   *
   * @returns the new user's id
   * @throws NotUniqueError when the phone number, username or e-mail address is taken
   */
  abstract register(user: NewUser): Promise<number>;

  /** Whether the gateway can read bindings: NocoBase is up and the API key works. Rejects with the reason if not. */
  abstract check(): Promise<void>;
}
