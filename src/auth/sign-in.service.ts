import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import {
  AlreadyBoundError,
  type BrowserHandOff,
  type BrowserStorage,
  nonEmptyString,
  NotUniqueError,
  SessionHandOff,
  SessionIssuer,
  UserDirectory,
} from '../nocobase-client/index.js';
import { step } from '../telemetry/index.js';
import { admit, mayRegister, phoneToMatch, userToLink } from './account-policy.js';
import { AccountConflictError, OrphanedBindingError } from './auth.errors.js';
import { AUTH_OPTIONS, type AuthOptions } from './auth.options.js';
import type { ExternalIdentity } from './external-identity.js';
import type { FieldRule } from './field-rule.js';
import { displayName, emailToStore, newUser } from './new-user.js';
import { profileValues } from './profile-values.js';
import { ProfileService } from './profile.service.js';
import type { SignInTransaction } from './sign-in-transaction.js';

/** How the person was matched. */
export type Match = 'bound' | 'linked' | 'registered';

export interface MatchedUser {
  readonly userId: number;
  readonly match: Match;
}

export interface SignedIn extends MatchedUser {
  readonly handOff: BrowserHandOff;
}

/** How often a lost race is looked at again before we give up. */
const MAX_ATTEMPTS = 3;
/**
 * How long people wait for their profile to be written, so that the page they land on shows it: on a quiet NocoBase it
 * takes a tenth of that. After that it goes on without them.
 */
const PROFILE_WAIT_MS = 300;
/** Kept by every new user, whatever the rules say. */
const BASIC_FIELDS: ReadonlySet<string> = new Set(['nickname', 'phone', 'email']);

/** Identity in, session out: find, or link, or register; then issue. The rules stand in `account-policy.ts`. */
@Injectable()
export class SignInService {
  private readonly running = new Map<string, Promise<MatchedUser>>();
  /** Users who are known to exist. `maxSize` takes room as it is needed, `max` at once: two megabytes. */
  private readonly seen = new LRUCache<number, true>({ maxSize: 50_000, sizeCalculation: () => 1, ttl: 600_000 });
  private readonly furtherFields: readonly FieldRule[];

  constructor(
    private readonly directory: UserDirectory,
    private readonly sessions: SessionIssuer,
    private readonly handOff: SessionHandOff,
    private readonly profiles: ProfileService,
    @Inject(AUTH_OPTIONS) private readonly options: AuthOptions,
  ) {
    this.furtherFields = (options.fields ?? []).filter(({ field }) => !BASIC_FIELDS.has(field));
  }

  async signIn(identity: ExternalIdentity, transaction: SignInTransaction): Promise<SignedIn> {
    admit(identity, this.options.policy);
    const user = await step('match', () => this.matchOnce(transaction.authenticator, identity));
    const [session] = await step('issue', () =>
      Promise.all([this.sessions.issueFor(user.userId), this.lookAfter(user, identity)]),
    );
    return { ...user, handOff: this.handOff.to(transaction.returnPath, session) };
  }

  /** For a page that gets the session as JSON and puts it where NocoBase's clients look. */
  browserStorage(): BrowserStorage {
    return this.handOff.browserStorage();
  }

  /** Rejects with the reason where NocoBase cannot be used. */
  async check(): Promise<void> {
    await this.directory.check();
  }

  /** Beside the session's row: is the user still there, and is what NocoBase stores of the person still true? */
  private async lookAfter(user: MatchedUser, identity: ExternalIdentity): Promise<void> {
    const { userId, match } = user;
    const profile = match === 'registered' ? undefined : this.profiles.claim(userId, identity);
    if (profile === undefined) return this.checkExists(user);
    const comparing = this.profiles.compare(userId, profile);
    const applying = comparing.then((found) =>
      typeof found === 'object' ? this.profiles.apply(found, profile) : undefined,
    );
    // One question answers both; a person who was seen just now does not wait for it.
    if (!this.seen.has(userId)) {
      const found = await comparing;
      if (found === 'gone' && match === 'bound') throw new OrphanedBindingError(userId);
      if (found === 'unknown') await this.checkExists(user);
      else this.seen.set(userId, true);
    }
    await atMost(PROFILE_WAIT_MS, applying);
  }

  /** Asked beside the session's row, and not again for a while: a returning person costs two calls. */
  private async checkExists({ userId, match }: MatchedUser): Promise<void> {
    if (this.seen.has(userId)) return;
    if (match === 'bound' && !(await this.directory.exists(userId))) throw new OrphanedBindingError(userId);
    this.seen.set(userId, true);
  }

  /** Simultaneous first sign-ins of one person (double taps, several tabs) share one match. */
  private async matchOnce(provider: string, identity: ExternalIdentity): Promise<MatchedUser> {
    const key = JSON.stringify([provider, identity.subject]);
    const running = this.running.get(key);
    if (running) return running;
    const match = this.match(provider, identity).finally(() => this.running.delete(key));
    this.running.set(key, match);
    return match;
  }

  private async match(
    provider: string,
    identity: ExternalIdentity,
    lost: readonly LostRace[] = [],
  ): Promise<MatchedUser> {
    const { policy } = this.options;
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
      return this.match(provider, identity, [...lost, error]);
    }
  }
}

type LostRace = AlreadyBoundError | NotUniqueError;

/** How many attempts ended because this value was taken. */
function lostOver(lost: readonly LostRace[], field: NotUniqueError['field']): number {
  return lost.filter((error) => error instanceof NotUniqueError && error.field === field).length;
}

/** Waits for `work`, but no longer than this. */
async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const enough = new AbortController();
  const waiting = delay(ms, undefined, { signal: enough.signal, ref: false }).catch(() => undefined);
  await Promise.race([work, waiting]).finally(() => enough.abort());
}
