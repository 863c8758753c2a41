import {
  AccountConflictError,
  AccountProtectedError,
  OrganizationNotAllowedError,
  PhoneMissingError,
  UserNotRegisteredError,
} from './accounts.errors.js';
import type { ExternalIdentity } from './external-identity.js';
import { matchedFields, type MatchRule } from './match-rule.js';
import { type PhoneNumber, phoneNumber } from './phone-number.js';
import type { Binding, DirectoryUser } from './user-directory.js';
import { DETAIL } from '../texts/index.js';

/** Who is allowed in, and how people are matched to NocoBase users. Decisions only: nothing here makes a call. */
export interface AccountPolicy {
  /** Organizations whose members are allowed in; empty admits every organization. */
  readonly allowedOrganizations: readonly string[];
  /** How a person without a binding is matched to a user; default: by phone number. */
  readonly match?: MatchRule;
  /** Whether a user may have bindings of several organizations, for someone who works in two. Default: no. */
  readonly severalBindings?: boolean;
  /** Users with one of these roles are never linked by phone number, and their fields never written. */
  readonly protectedRoles: readonly string[];
  /** Whether a person without a NocoBase user gets one. */
  readonly autoSignUp: boolean;
  /**
   * Whether auto sign-up includes people without a phone number. Only for the organizations above: if none is listed,
   * no.
   */
  readonly signUpWithoutPhone?: boolean;
  /** Role names for such a user; empty means NocoBase's default role. */
  readonly defaultRoles: readonly string[];
}

/** The account that NocoBase creates at its installation. */
export const ROOT_USER_ID = 1;

/** Is this person allowed to sign in? @throws OrganizationNotAllowedError */
export function admit(identity: ExternalIdentity, policy: Pick<AccountPolicy, 'allowedOrganizations'>): void {
  if (policy.allowedOrganizations.length === 0) return;
  const { organization } = identity;
  if (organization === undefined || !policy.allowedOrganizations.includes(organization)) {
    throw new OrganizationNotAllowedError(organization);
  }
}

/**
 * The phone number of a person without a binding. Where people are matched by number, someone without one might already
 * have an account, so no second one is created, unless the policy allows it.
 *
 * @throws PhoneMissingError
 */
export function phoneToMatch(
  identity: ExternalIdentity,
  policy: Pick<AccountPolicy, 'match' | 'autoSignUp' | 'signUpWithoutPhone' | 'allowedOrganizations'>,
): PhoneNumber | undefined {
  const phone = identity.phone === undefined ? undefined : phoneNumber(identity.phone);
  if (phone === undefined && matchedFields(policy.match).includes('phone') && !signsUpWithoutPhone(policy))
    throw new PhoneMissingError(identity.phonePermission);
  return phone;
}

/** A person known only by the provider's id must at least belong to a configured organization. */
function signsUpWithoutPhone({
  autoSignUp,
  signUpWithoutPhone = false,
  allowedOrganizations,
}: Pick<AccountPolicy, 'autoSignUp' | 'signUpWithoutPhone' | 'allowedOrganizations'>): boolean {
  return autoSignUp && signUpWithoutPhone && allowedOrganizations.length > 0;
}

/**
 * Identifies a person by a binding at another authenticator: the same subject is the same person.
 *
 * @returns undefined if no user is known to be bound to it
 * @throws AccountConflictError if several users are
 */
export function userBoundElsewhere(elsewhere: readonly Binding[]): number | undefined {
  const ids = [...new Set(elsewhere.filter(({ isOurs }) => isOurs === true).map(({ userId }) => userId))];
  const [id, another] = ids;
  if (another !== undefined) throw new AccountConflictError(DETAIL.accounts.sameSubject(ids.join(', ')).en);
  return id;
}

/**
 * A binding with this subject but of unknown kind must not point to another user: then the person's identity is
 * ambiguous.
 *
 * @param userId the user matched so far; undefined if the person would become a new user
 * @throws AccountConflictError
 */
export function mustAgree(userId: number | undefined, elsewhere: readonly Binding[]): void {
  const other = elsewhere.find((binding) => binding.userId !== userId);
  if (other === undefined) return;
  throw new AccountConflictError(DETAIL.accounts.boundElsewhere(other.userId, other.authenticator).en);
}

/**
 * May this person be linked to the user? A person who is already bound to it keeps it, because phone numbers change
 * owners.
 *
 * @param bindings of the user, at every authenticator
 * @throws AccountConflictError
 */
export function mayLink(
  { id }: DirectoryUser,
  bindings: readonly Binding[],
  person: { readonly subject: string; readonly organization: string | undefined; readonly authenticator: string },
  { severalBindings = false }: Pick<AccountPolicy, 'severalBindings'>,
): void {
  const inTheWay = bindings
    .filter(({ subject }) => subject !== person.subject)
    .find((binding) => {
      const isHere = binding.authenticator === person.authenticator;
      return isHere || !severalBindings || !isOfAnotherOrganization(binding, person.organization);
    });
  if (inTheWay === undefined) return;
  const what =
    inTheWay.authenticator === person.authenticator
      ? DETAIL.accounts.hasBindingHere(id)
      : DETAIL.accounts.hasBinding(id, inTheWay.authenticator);
  throw new AccountConflictError(what.en);
}

/**
 * The organization of a binding that names none, such as those made by `bind` or by older versions: the one whose
 * members sign in with its authenticator. Undefined if the authenticator admits several organizations, or any.
 */
export function onlyOrganization(allowed: readonly string[]): string | undefined {
  return allowed.length === 1 ? allowed[0] : undefined;
}

/** An unknown organization is not another organization. */
function isOfAnotherOrganization({ isOurs, organization }: Binding, own: string | undefined): boolean {
  return isOurs === true && organization !== undefined && own !== undefined && organization !== own;
}

/**
 * Which of the users with the person's phone number is theirs.
 *
 * @returns undefined if no user has the number, or if phone numbers are not used for matching
 * @throws AccountConflictError if several have it, AccountProtectedError if the only one is protected
 */
export function userToLink(candidates: readonly DirectoryUser[], policy: AccountPolicy): DirectoryUser | undefined {
  const [user, another] = candidates;
  if (user === undefined || !matchedFields(policy.match).includes('phone')) return undefined;
  if (another !== undefined) {
    throw new AccountConflictError(DETAIL.accounts.samePhone(candidates.map(({ id }) => id).join(', ')).en);
  }
  mustNotBeProtected(user, policy);
  return user;
}

/** @throws AccountProtectedError */
export function mustNotBeProtected(user: DirectoryUser, policy: Pick<AccountPolicy, 'protectedRoles'>): void {
  if (isProtected(user, policy)) throw new AccountProtectedError(user.id);
}

/** Protected accounts are never linked by phone number, and their fields are never written. */
export function isProtected(user: DirectoryUser, policy: Pick<AccountPolicy, 'protectedRoles'>): boolean {
  return user.id === ROOT_USER_ID || user.roles.some((role) => policy.protectedRoles.includes(role));
}

/** May a person without a matching user be registered? @throws UserNotRegisteredError */
export function mayRegister(policy: AccountPolicy): void {
  if (!policy.autoSignUp) throw new UserNotRegisteredError();
}
