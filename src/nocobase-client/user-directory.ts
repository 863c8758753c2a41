import type { NonEmptyString } from './non-empty-string.js';
import type { PhoneNumber } from './phone-number.js';

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

/** Everything that is ever sent for a new user. */
export interface NewUser {
  readonly subject: Subject;
  readonly nickname: string;
  readonly username: NonEmptyString;
  readonly phone: PhoneNumber;
  readonly email?: string;
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
   * @returns the id of the user bound to this subject
   * @throws AmbiguousBindingError when several users are bound to it
   */
  abstract findByBinding(subject: Subject): Promise<number | undefined>;

  /** Whether there is such a user. A binding may outlive its user where rows were deleted past NocoBase. */
  abstract exists(userId: number): Promise<boolean>;

  /** Users with this phone number, and whether the e-mail address is free, in one call. */
  abstract findMatches(phone: PhoneNumber, email: string | undefined): Promise<Matches>;

  /** @throws AlreadyBoundError when the user already has a binding of this authenticator */
  abstract bind(userId: number, subject: Subject, nickname: string): Promise<void>;

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
