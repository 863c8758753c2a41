import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../errors/index.js';
import type { AccountRules } from './account-matcher.js';
import { isProtected } from './account-policy.js';
import { MissingRightError, NotUniqueError } from './accounts.errors.js';
import type { ExternalIdentity } from './external-identity.js';
import { type FieldRule, mayWrite } from './field-rule.js';
import { phoneNumber } from './phone-number.js';
import type { ProfileField, ProfileValues } from './profile-field.js';
import { profileValues } from './profile-values.js';
import type { ComparedUser, UserDirectory } from './user-directory.js';

/** Why fields were not written although a rule applies. The log uses these words. */
type Reason = 'taken' | 'missing right' | 'hidden or missing at NocoBase' | 'roles are hidden' | 'upstream failed';

type Skipped = Partial<Record<Reason, readonly ProfileField[]>>;

/**
 * Keeps a person's profile in NocoBase as the identity provider describes it, within the operator's rules. Nothing here
 * ever stops a sign-in: a value that cannot be written is logged, without the value.
 */
export class ProfileKeeper {
  private readonly rules: readonly FieldRule[];
  /**
   * What was last applied, by user. For ten minutes, and for each process separately, the same profile is not compared
   * again: until then, a value edited in NocoBase remains, even with `overwrite`. Bounded by `maxSize`: `max` would
   * allocate memory for all entries at once, two megabytes for each authenticator.
   */
  private readonly applied = new LRUCache<number, string>({ maxSize: 50_000, sizeCalculation: () => 1, ttl: 600_000 });

  /** @param warn writes a line to the log */
  constructor(
    private readonly directory: UserDirectory,
    private readonly accountRules: AccountRules,
    private readonly warn: (line: object) => void,
  ) {
    this.rules = (accountRules.fields ?? []).filter(({ policy }) => policy !== 'never');
  }

  /**
   * The profile to compare with the user's record. From now on it counts as applied, so that simultaneous sign-ins of
   * one person apply it once.
   *
   * @returns undefined if there is nothing to do
   */
  claim(userId: number, identity: ExternalIdentity): ProfileValues | undefined {
    const profile = profileValues(identity, this.rules);
    if (profile.size === 0) return undefined;
    const digest = digestOf(profile);
    if (this.applied.get(userId) === digest) return undefined;
    this.applied.set(userId, digest);
    return profile;
  }

  /** @returns the user's record with the profile; `gone` without such a user, `unknown` if NocoBase could not tell */
  async compare(userId: number, profile: ProfileValues): Promise<ComparedUser | 'gone' | 'unknown'> {
    try {
      return (await this.directory.compare(userId, profile)) ?? 'gone';
    } catch (error) {
      this.giveUp(userId, error, [...profile.keys()]);
      return 'unknown';
    }
  }

  /** Writes the fields that the rules allow. Never rejects. */
  async apply(user: ComparedUser, profile: ProfileValues): Promise<void> {
    const { id, roles, fields } = user;
    if (roles === undefined) return this.report(id, { 'roles are hidden': [...profile.keys()] });
    if (isProtected({ id, roles }, this.accountRules.policy)) return;
    const hidden = [...fields].filter(([, state]) => state === 'hidden').map(([field]) => field);
    const wanted = this.rules.filter(({ field, policy }) => mayWrite(policy, fields.get(field) ?? 'hidden'));
    const changes = new Map([...profile].filter(([name]) => wanted.some(({ field }) => field === name)));
    try {
      const skipped = changes.size === 0 ? {} : await this.write(id, changes);
      this.report(id, { ...skipped, ...(hidden.length > 0 ? { 'hidden or missing at NocoBase': hidden } : {}) });
    } catch (error) {
      this.giveUp(id, error, [...changes.keys()]);
    }
  }

  /** A value that another user has is skipped; the others are written. */
  private async write(userId: number, changes: Map<ProfileField, string>): Promise<Skipped> {
    const taken = await this.phoneTaken(changes);
    for (const field of taken) changes.delete(field);
    while (changes.size > 0) {
      try {
        const dropped = await this.directory.update(userId, changes);
        return { ...(taken.length > 0 ? { taken } : {}), ...(dropped.length > 0 ? { 'missing right': dropped } : {}) };
      } catch (error) {
        if (!(error instanceof NotUniqueError)) throw error;
        const named = [...changes.keys()].filter((field) => field === error.field);
        for (const field of named.length > 0 ? named : [...changes.keys()]) {
          changes.delete(field);
          taken.push(field);
        }
      }
    }
    return { taken };
  }

  /**
   * NocoBase's own index compares text: `13800000000` and `+8613800000000` are different numbers to it. Two users with
   * one number would lock its owner out (`account_conflict`), so the number is looked up as for a first sign-in.
   */
  private async phoneTaken(changes: ReadonlyMap<ProfileField, string>): Promise<ProfileField[]> {
    const [field, value] = [...changes].find(([name]) => name === 'phone') ?? [];
    const phone = value === undefined ? undefined : phoneNumber(value);
    if (field === undefined || phone === undefined) return [];
    const { byPhone } = await this.directory.findMatches(phone, undefined);
    // The user's own record has another number, or the field would not change.
    return byPhone.length > 0 ? [field] : [];
  }

  private giveUp(userId: number, error: unknown, fields: readonly ProfileField[]): void {
    if (error instanceof MissingRightError) return this.report(userId, { 'missing right': fields });
    // NocoBase may have recovered by the next sign-in.
    this.applied.delete(userId);
    this.report(userId, { 'upstream failed': fields }, error instanceof GatewayError ? error.code : 'server_error');
  }

  private report(userId: number, skipped: Skipped, code?: string): void {
    if (Object.keys(skipped).length === 0) return;
    this.warn({ event: 'profile_not_updated', userId, skipped, ...(code === undefined ? {} : { code }) });
  }
}

function digestOf(profile: ProfileValues): string {
  return createHash('sha256')
    .update(JSON.stringify([...profile]))
    .digest('base64url');
}
