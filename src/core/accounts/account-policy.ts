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

/** Who may in, and how people are matched to NocoBase users. Decisions only: nothing here asks anybody. */
export interface AccountPolicy {
  /** Organizations whose members may in; empty admits every organization. */
  readonly allowedOrganizations: readonly string[];
  /** How a person without a binding is matched to a user; default: by phone number. */
  readonly match?: MatchRule;
  /** Whether a user may have bindings of several organizations: somebody who works in two. Default: no. */
  readonly severalBindings?: boolean;
  /** Users with one of these roles are never linked by phone number, and their fields never written. */
  readonly protectedRoles: readonly string[];
  /** Whether a person without a NocoBase user gets one. */
  readonly autoSignUp: boolean;
  /** Whether that holds for people without a phone number, too. Of the organizations above only: without one, no. */
  readonly signUpWithoutPhone?: boolean;
  /** Role names for such a user; empty means NocoBase's default role. */
  readonly defaultRoles: readonly string[];
}

/** The account that NocoBase creates at its installation. */
export const ROOT_USER_ID = 1;

/** May this person in? @throws OrganizationNotAllowedError */
export function admit(identity: ExternalIdentity, policy: Pick<AccountPolicy, 'allowedOrganizations'>): void {
  if (policy.allowedOrganizations.length === 0) return;
  const { organization } = identity;
  if (organization === undefined || !policy.allowedOrganizations.includes(organization)) {
    throw new OrganizationNotAllowedError(organization);
  }
}

/**
 * The number of a person without a binding. Where people are matched by it, one who gives none might have an account: a
 * second is not made, unless the policy says so.
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

/** Who is known by nothing but the provider's id must at least be of an organization that is known. */
function signsUpWithoutPhone({
  autoSignUp,
  signUpWithoutPhone = false,
  allowedOrganizations,
}: Pick<AccountPolicy, 'autoSignUp' | 'signUpWithoutPhone' | 'allowedOrganizations'>): boolean {
  return autoSignUp && signUpWithoutPhone && allowedOrganizations.length > 0;
}

/**
 * Who the person is by a binding at another authenticator: the same subject is the same person.
 *
 * @returns undefined where nobody is known to be bound to it
 * @throws AccountConflictError where several users are
 */
export function userBoundElsewhere(elsewhere: readonly Binding[]): number | undefined {
  const ids = [...new Set(elsewhere.filter(({ isOurs }) => isOurs === true).map(({ userId }) => userId))];
  const [id, another] = ids;
  if (another !== undefined) throw new AccountConflictError(DETAIL.accounts.sameSubject(ids.join(', ')).en);
  return id;
}

/**
 * A row with this subject of which nobody knows whose it is must not name somebody else: then it cannot be said who this is.
 *
 * @param userId who the person is taken for; undefined where they would become a new user
 * @throws AccountConflictError
 */
export function mustAgree(userId: number | undefined, elsewhere: readonly Binding[]): void {
  const other = elsewhere.find((binding) => binding.userId !== userId);
  if (other === undefined) return;
  throw new AccountConflictError(DETAIL.accounts.boundElsewhere(other.userId, other.authenticator).en);
}

/**
 * May this person have the user? Whoever is bound to it already keeps it: a phone number changes owner.
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
 * Of which organization a binding is that does not say so, as those of `bind` and of older versions: of the one whose
 * members sign in by its authenticator. Where that takes several, or any, nobody knows.
 */
export function onlyOrganization(allowed: readonly string[]): string | undefined {
  return allowed.length === 1 ? allowed[0] : undefined;
}

/** What is not known is no other organization. */
function isOfAnotherOrganization({ isOurs, organization }: Binding, own: string | undefined): boolean {
  return isOurs === true && organization !== undefined && own !== undefined && organization !== own;
}

/**
 * Which of the users with the person's phone number is theirs.
 *
 * @returns undefined when nobody has the number, and where nobody is matched by it
 * @throws AccountConflictError when several have it, AccountProtectedError when the one is protected
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

/** Accounts that nothing at the provider may reach: they are not linked by phone number, their fields are not written. */
export function isProtected(user: DirectoryUser, policy: Pick<AccountPolicy, 'protectedRoles'>): boolean {
  return user.id === ROOT_USER_ID || user.roles.some((role) => policy.protectedRoles.includes(role));
}

/** May a person whom nobody matches become a user? @throws UserNotRegisteredError */
export function mayRegister(policy: AccountPolicy): void {
  if (!policy.autoSignUp) throw new UserNotRegisteredError();
}
