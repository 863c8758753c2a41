import { setTimeout as delay } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { MatchedUser } from './account-matcher.js';
import { OrphanedBindingError } from './accounts.errors.js';
import type { ExternalIdentity } from './external-identity.js';
import type { ProfileKeeper } from './profile-keeper.js';
import type { UserDirectory } from './user-directory.js';

/**
 * How long people wait for their profile to be written, so that the page they land on shows it: on a quiet NocoBase it
 * takes a tenth of that. After that it goes on without them.
 */
const PROFILE_WAIT_MS = 300;

/** After a match: is the user still there, and is what NocoBase stores of the person still true? */
export class AccountUpkeep {
  /** Users who are known to exist. `maxSize` takes room as it is needed, `max` at once: two megabytes. */
  private readonly seen = new LRUCache<number, true>({ maxSize: 50_000, sizeCalculation: () => 1, ttl: 600_000 });

  constructor(
    private readonly directory: UserDirectory,
    private readonly profiles: ProfileKeeper,
  ) {}

  /** @throws OrphanedBindingError when the binding's user is gone, and what the directory throws where it cannot say */
  async lookAfter(user: MatchedUser, identity: ExternalIdentity): Promise<void> {
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

  /** Not asked again for a while: a returning person costs two calls. */
  private async checkExists({ userId, match }: MatchedUser): Promise<void> {
    if (this.seen.has(userId)) return;
    if (match === 'bound' && !(await this.directory.exists(userId))) throw new OrphanedBindingError(userId);
    this.seen.set(userId, true);
  }
}

/** Waits for `work`, but no longer than this. */
async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const enough = new AbortController();
  const waiting = delay(ms, undefined, { signal: enough.signal, ref: false }).catch(() => undefined);
  await Promise.race([work, waiting]).finally(() => enough.abort());
}
