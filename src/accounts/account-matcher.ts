import { type AccountPolicy, mayRegister, phoneToMatch, userToLink } from './account-policy.js';
import { AccountConflictError, AlreadyBoundError, NotUniqueError } from './accounts.errors.js';
import type { ExternalIdentity } from './external-identity.js';
import type { FieldRule } from './field-rule.js';
import { displayName, emailToStore, newUser } from './new-user.js';
import { nonEmptyString } from './non-empty-string.js';
import { profileValues } from './profile-values.js';
import type { UserDirectory } from './user-directory.js';

/** How the person was matched. */
export type Match = 'bound' | 'linked' | 'registered';

export interface MatchedUser {
  readonly userId: number;
  readonly match: Match;
}

export interface AccountRules {
  readonly policy: AccountPolicy;
  /** Which fields of a NocoBase user come from the provider, and whether later sign-ins change them. None by default. */
  readonly fields?: readonly FieldRule[];
}

/** How often a lost race is looked at again before we give up. */
const MAX_ATTEMPTS = 3;
/** Kept by every new user, whatever the rules say. */
const BASIC_FIELDS: ReadonlySet<string> = new Set(['nickname', 'phone', 'email']);

/** Which NocoBase user a person is: find, or link, or register. The decisions stand in `account-policy.ts`. */
export class AccountMatcher {
  private readonly running = new Map<string, Promise<MatchedUser>>();
  private readonly furtherFields: readonly FieldRule[];

  constructor(
    private readonly directory: UserDirectory,
    private readonly rules: AccountRules,
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
    const { policy } = this.rules;
    const subject = nonEmptyString(identity.subject);

    const bound = await this.directory.findByBinding(subject);
    if (bound !== undefined) return { userId: bound, match: 'bound' };

    const phone = phoneToMatch(identity);
    const { byPhone, emailTaken } = await this.directory.findMatches(phone, emailToStore(identity));
    const user = userToLink(byPhone, policy);
    try {
      if (user !== undefined) {
        await this.directory.bind(user.id, subject, displayName(identity.name));
        return { userId: user.id, match: 'linked' };
      }
      mayRegister(policy);
      const details = newUser(identity, phone, {
        provider,
        emailTaken: emailTaken || lostOver(lost, 'email') > 0,
        roles: policy.defaultRoles,
        attempt: lostOver(lost, 'username'),
        // Somebody has one of these values; which one, NocoBase does not say.
        ...(lostOver(lost, 'unknown') > 0 ? {} : { profile: profileValues(identity, this.furtherFields) }),
      });
      return { userId: await this.directory.register(details), match: 'registered' };
    } catch (error) {
      // Somebody was faster. If that was this person in another tab or on another replica, the binding is there now.
      if (!(error instanceof AlreadyBoundError || error instanceof NotUniqueError)) throw error;
      if (lost.length + 1 >= MAX_ATTEMPTS) throw new AccountConflictError(error.detail ?? error.code);
      return this.attempt(provider, identity, [...lost, error]);
    }
  }
}

type LostRace = AlreadyBoundError | NotUniqueError;

/** How many attempts ended because this value was taken. */
function lostOver(lost: readonly LostRace[], field: NotUniqueError['field']): number {
  return lost.filter((error) => error instanceof NotUniqueError && error.field === field).length;
}
