import {
  AccountConflictError,
  AccountProtectedError,
  OrganizationNotAllowedError,
  PhoneMissingError,
  UserNotRegisteredError,
} from './accounts.errors.js';
import type { ExternalIdentity } from './external-identity.js';
import { type PhoneNumber, phoneNumber } from './phone-number.js';
import type { DirectoryUser } from './user-directory.js';

/** Who may in, and how people are matched to NocoBase users. Decisions only: nothing here asks anybody. */
export interface AccountPolicy {
  /** Organizations whose members may in; empty admits every organization. */
  readonly allowedOrganizations: readonly string[];
  /** Users with one of these roles are never linked by phone number, and their fields never written. */
  readonly protectedRoles: readonly string[];
  /** Whether a person without a NocoBase user gets one. */
  readonly autoSignUp: boolean;
  /** Role names for such a user; empty means NocoBase's default role. */
  readonly defaultRoles: readonly string[];
}

/** The account that NocoBase creates at its installation. */
export const ROOT_USER_ID = 1;

/** May this person in? @throws OrganizationNotAllowedError */
export function admit(identity: ExternalIdentity, policy: AccountPolicy): void {
  if (policy.allowedOrganizations.length === 0) return;
  const { organization } = identity;
  if (organization === undefined || !policy.allowedOrganizations.includes(organization)) {
    throw new OrganizationNotAllowedError();
  }
}

/** The number a person without a binding is matched by. @throws PhoneMissingError */
export function phoneToMatch(identity: ExternalIdentity): PhoneNumber {
  const phone = identity.phone === undefined ? undefined : phoneNumber(identity.phone);
  if (phone === undefined) throw new PhoneMissingError(identity.phonePermission);
  return phone;
}

/**
 * Which of the users with the person's phone number is theirs.
 *
 * @returns undefined when nobody has the number
 * @throws AccountConflictError when several have it, AccountProtectedError when the one is protected
 */
export function userToLink(candidates: readonly DirectoryUser[], policy: AccountPolicy): DirectoryUser | undefined {
  const [user, another] = candidates;
  if (user === undefined) return undefined;
  if (another !== undefined) {
    throw new AccountConflictError(`users ${candidates.map(({ id }) => id).join(', ')} have the same phone number`);
  }
  if (isProtected(user, policy)) throw new AccountProtectedError(user.id);
  return user;
}

/** Accounts that nothing at the provider may reach: they are not linked by phone number, their fields are not written. */
export function isProtected(user: DirectoryUser, policy: Pick<AccountPolicy, 'protectedRoles'>): boolean {
  return user.id === ROOT_USER_ID || user.roles.some((role) => policy.protectedRoles.includes(role));
}

/** May a person whom nobody matches become a user? @throws UserNotRegisteredError */
export function mayRegister(policy: AccountPolicy): void {
  if (!policy.autoSignUp) throw new UserNotRegisteredError();
}
