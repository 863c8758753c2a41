import { setTimeout as delay } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { MatchedUser } from './account-matcher.js';
import { OrphanedBindingError } from './accounts.errors.js';
import type { ExternalIdentity } from './external-identity.js';
import type { ProfileKeeper } from './profile-keeper.js';
import type { UserDirectory } from './user-directory.js';

/**
 * How long a sign-in waits for the profile to be written, so that the first page shows it. A NocoBase without load
 * needs a tenth of that. After this time the write continues in the background.
 */
const PROFILE_WAIT_MS = 300;

/** After a match: does the user still exist, and is the stored profile still correct? */
export class AccountUpkeep {
  /** Users known to exist. `maxSize` allocates memory as needed; `max` would allocate two megabytes at once. */
  private readonly seen = new LRUCache<number, true>({ maxSize: 50_000, sizeCalculation: () => 1, ttl: 600_000 });

  constructor(
    private readonly directory: UserDirectory,
    private readonly profiles: ProfileKeeper,
  ) {}

  /**
   * @throws OrphanedBindingError if the binding's user no longer exists, and what the directory throws if it cannot
   *   tell
   */
  async lookAfter(user: MatchedUser, identity: ExternalIdentity): Promise<void> {
    const { userId, match } = user;
    const profile = match === 'registered' ? undefined : this.profiles.claim(userId, identity);
    if (profile === undefined) return this.checkExists(user);
    const comparing = this.profiles.compare(userId, profile);
    const applying = comparing.then((found) =>
      typeof found === 'object' ? this.profiles.apply(found, profile) : undefined,
    );
    // One call answers both questions; a recently seen person does not wait for it.
    if (!this.seen.has(userId)) {
      const found = await comparing;
      if (found === 'gone' && match === 'bound') throw new OrphanedBindingError(userId);
      if (found === 'unknown') await this.checkExists(user);
      else this.seen.set(userId, true);
    }
    await atMost(PROFILE_WAIT_MS, applying);
  }

  /** The result is cached for a while: a returning person costs two calls. */
  private async checkExists({ userId, match }: MatchedUser): Promise<void> {
    if (this.seen.has(userId)) return;
    if (match === 'bound' && !(await this.directory.exists(userId))) throw new OrphanedBindingError(userId);
    this.seen.set(userId, true);
  }
}

/** Waits for `work`, at most `ms` milliseconds. */
async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const enough = new AbortController();
  const waiting = delay(ms, undefined, { signal: enough.signal, ref: false }).catch(() => undefined);
  await Promise.race([work, waiting]).finally(() => enough.abort());
}
