import {
  AccountConflictError,
  type AccountPolicy,
  type Binding,
  type ComparedUser,
  isProtected,
  mayLink,
  mustAgree,
} from '../../../../src/core/accounts/index.js';
import type { Outcome } from './outcomes.js';

/** A NocoBase user with an old link, and the others who sign in as the same user. */
export interface OldUser {
  readonly id: number;
  /** undefined if there is no such user. */
  readonly found: Pick<ComparedUser, 'roles'> | undefined;
  /** At every authenticator. */
  readonly bindings: readonly Binding[];
}

export interface Sides {
  /** The old authenticator. */
  readonly from: string;
  readonly authenticator: string;
  /** The organization of the people at this authenticator, if only one is allowed. */
  readonly organization: string | undefined;
  readonly policy: Pick<AccountPolicy, 'protectedRoles' | 'severalBindings'>;
}

/** @returns undefined if DingTalk has to be queried */
export function sortUnasked({ id, found, bindings }: OldUser, { authenticator, policy }: Sides): Outcome | undefined {
  if (found === undefined) return 'gone';
  if (bindings.some((binding) => binding.authenticator === authenticator)) return 'already';
  // A user whose roles are hidden might be an administrator.
  return found.roles === undefined || isProtected({ id, roles: found.roles }, policy) ? 'protected' : undefined;
}

/** What is known of a person at DingTalk before anything is written. */
export interface Claims {
  readonly subject: string;
  /** Users whom the old authenticator has for this person, by either of DingTalk's ids. */
  readonly oldUsers: readonly number[];
  /** Bindings of this subject, at every authenticator. */
  readonly bindings: readonly Binding[];
}

/** Whether the user may be linked to this person: by the rules of a sign-in, except that the old links themselves do not object. */
export function sortAsked(user: OldUser, { subject, oldUsers, bindings }: Claims, sides: Sides): 'linked' | 'conflict' {
  const { from, authenticator, organization, policy } = sides;
  const others = (all: readonly Binding[]): readonly Binding[] => all.filter((one) => one.authenticator !== from);
  if (oldUsers.some((id) => id !== user.id)) return 'conflict';
  try {
    mustAgree(user.id, others(bindings));
    const person = { subject, organization, authenticator };
    mayLink({ id: user.id, roles: user.found?.roles ?? [] }, others(user.bindings), person, policy);
    return 'linked';
  } catch (error) {
    if (error instanceof AccountConflictError) return 'conflict';
    throw error;
  }
}
