import {
  type AccountPolicy,
  mayLink,
  mayRegister,
  mustAgree,
  mustNotBeProtected,
  phoneToMatch,
  userBoundElsewhere,
  userToLink,
} from './account-policy.js';
import {
  AccountConflictError,
  AccountProtectedError,
  AlreadyBoundError,
  NotUniqueError,
  OrphanedBindingError,
} from './accounts.errors.js';
import type { ExternalIdentity } from './external-identity.js';
import type { FieldRule } from './field-rule.js';
import { matchedFields } from './match-rule.js';
import { displayName, emailToStore, newUser } from './new-user.js';
import { nonEmptyString } from './non-empty-string.js';
import { profileValues } from './profile-values.js';
import type { BindingsOfUser, BoundToSubject, DirectoryUser, NewBinding, UserDirectory } from './user-directory.js';

/** How the person was matched. */
export type Match = 'bound' | 'linked' | 'registered';

export interface MatchedUser {
  readonly userId: number;
  readonly match: Match;
}

export interface AccountRules {
  readonly policy: AccountPolicy;
  /** Which fields of a NocoBase user come from the provider, and whether later sign-ins update them. Default: none. */
  readonly fields?: readonly FieldRule[];
}

/** Retries after losing a race, before giving up. */
const MAX_ATTEMPTS = 3;
/** Always stored for a new user, whatever the rules say. */
const BASIC_FIELDS: ReadonlySet<string> = new Set(['nickname', 'phone', 'email']);

/** Finds, links or registers the NocoBase user for a person. The decisions are in `account-policy.ts`. */
export class AccountMatcher {
  private readonly running = new Map<string, Promise<MatchedUser>>();
  private readonly furtherFields: readonly FieldRule[];

  /**
   * @param audit logs that someone was linked to an account that another person may have used, without names or numbers
   */
  constructor(
    private readonly directory: UserDirectory,
    private readonly rules: AccountRules,
    private readonly audit: (line: object) => void,
  ) {
    this.furtherFields = (rules.fields ?? []).filter(({ field }) => !BASIC_FIELDS.has(field));
  }

  /**
   * Simultaneous first sign-ins of one person (double taps, several tabs) share one match.
   *
   * @param provider name of the authenticator that the bindings belong to
   * @throws PhoneMissingError, AccountConflictError, AccountProtectedError, UserNotRegisteredError and what the directory throws
   */
  async match(provider: string, identity: ExternalIdentity): Promise<MatchedUser> {
    const key = JSON.stringify([provider, identity.subject]);
    const running = this.running.get(key);
    if (running) return running;
    const match = this.attempt(provider, identity).finally(() => this.running.delete(key));
    this.running.set(key, match);
    return match;
  }

  private async attempt(
    provider: string,
    identity: ExternalIdentity,
    lost: readonly LostRace[] = [],
  ): Promise<MatchedUser> {
    const found = await this.directory.findByBinding(nonEmptyString(identity.subject));
    if (found.here !== undefined) return { userId: found.here, match: 'bound' };
    try {
      const known = userBoundElsewhere(found.elsewhere);
      return known === undefined
        ? await this.matchByField(provider, identity, found, lost)
        : await this.linkKnown(provider, identity, known, found);
    } catch (error) {
      // Another request was faster. If it was this person's, in another tab or at another replica, the binding exists
      // now.
      if (!(error instanceof AlreadyBoundError || error instanceof NotUniqueError)) throw error;
      if (lost.length + 1 >= MAX_ATTEMPTS) throw new AccountConflictError(error.detail ?? error.code);
      return this.attempt(provider, identity, [...lost, error]);
    }
  }

  /** The person is bound at another authenticator, so phone numbers are ignored. */
  private async linkKnown(
    provider: string,
    identity: ExternalIdentity,
    userId: number,
    { elsewhere }: BoundToSubject,
  ): Promise<MatchedUser> {
    mustAgree(userId, elsewhere);
    const user = await this.directory.compare(userId, new Map());
    if (user === undefined) throw new OrphanedBindingError(userId);
    // A user whose roles are hidden might be an administrator.
    if (user.roles === undefined) throw new AccountProtectedError(userId);
    const candidate = { id: userId, roles: user.roles };
    mustNotBeProtected(candidate, this.rules.policy);
    await this.mayHave(provider, identity, candidate);
    await this.directory.bind(userId, bindingOf(identity));
    return { userId, match: 'linked' };
  }

  private async matchByField(
    provider: string,
    identity: ExternalIdentity,
    { elsewhere }: BoundToSubject,
    lost: readonly LostRace[],
  ): Promise<MatchedUser> {
    const { policy } = this.rules;
    // If no field is used for matching, a person who may not register needs no lookup.
    if (matchedFields(policy.match).length === 0) mayRegister(policy);
    const phone = phoneToMatch(identity, policy);
    const { byPhone, emailTaken } = await this.directory.findMatches(phone, emailToStore(identity));
    const user = userToLink(byPhone, policy);
    if (user !== undefined) {
      mustAgree(user.id, elsewhere);
      const { hasOthers } = await this.mayHave(provider, identity, user);
      const { usedBefore, sessionsEnded } = await this.directory.takeOver(user.id, bindingOf(identity));
      const line = { event: 'account_linked', by: 'phone', authenticator: provider, userId: user.id };
      const wasUsed = hasOthers || usedBefore;
      if (wasUsed !== false) this.audit({ ...line, usedBefore: wasUsed ?? 'unknown', sessionsEnded });
      return { userId: user.id, match: 'linked' };
    }
    mayRegister(policy);
    mustAgree(undefined, elsewhere);
    // The phone number is unique in NocoBase. Its owner is neither looked up nor matched with this person.
    const isTaken = byPhone.length > 0 || (policy.match === 'none' && lostOver(lost, 'phone') > 0);
    const details = newUser(identity, isTaken ? undefined : phone, {
      provider,
      emailTaken: emailTaken || lostOver(lost, 'email') > 0,
      roles: policy.defaultRoles,
      attempt: lostOver(lost, 'username'),
      // Another user has one of these values; NocoBase does not say which.
      ...(lostOver(lost, 'unknown') > 0 ? {} : { profile: profileValues(identity, this.furtherFields) }),
    });
    return { userId: await this.directory.register(details), match: 'registered' };
  }

  private async mayHave(
    provider: string,
    { subject, organization }: ExternalIdentity,
    user: DirectoryUser,
  ): Promise<BindingsOfUser> {
    const found = await this.directory.bindingsOf(user.id);
    mayLink(user, found.bindings, { subject, organization, authenticator: provider }, this.rules.policy);
    return found;
  }
}

function bindingOf({ subject, name, organization }: ExternalIdentity): NewBinding {
  return { subject: nonEmptyString(subject), nickname: displayName(name), organization };
}

type LostRace = AlreadyBoundError | NotUniqueError;

/** How many attempts ended because this value was taken. */
function lostOver(lost: readonly LostRace[], field: NotUniqueError['field']): number {
  return lost.filter((error) => error instanceof NotUniqueError && error.field === field).length;
}
