import { OneTimeStore } from '../core/sign-in/index.js';
import { StoreUnavailableError } from '../core/sign-in/index.js';
import { DETAIL } from '../core/texts/index.js';

/**
 * At some 150 bytes a key this bounds the store to about 75 MB; when it is full, sign-ins fail instead of accepting a
 * replay.
 */
const MAX_KEYS = 500_000;

/** For a single process. Keys are removed when they expire, oldest first. */
export class InProcessOneTimeStore extends OneTimeStore {
  /** Key to expiry in ms; in the order of insertion. */
  private readonly used = new Map<string, number>();

  constructor(private readonly maxKeys = MAX_KEYS) {
    super();
  }

  override async useUp(key: string, ttlSeconds: number): Promise<boolean> {
    const now = Date.now();
    this.forgetExpired(now);
    const expiry = this.used.get(key);
    if (expiry !== undefined && expiry > now) return false;
    if (this.used.size >= this.maxKeys) throw new StoreUnavailableError(DETAIL.store.full.en);
    this.used.delete(key);
    this.used.set(key, now + ttlSeconds * 1000);
    return true;
  }

  override async check(): Promise<void> {
    this.forgetExpired(Date.now());
    if (this.used.size >= this.maxKeys) throw new StoreUnavailableError(DETAIL.store.full.en);
  }

  /** Stops at the first one that is still valid: with one lifetime for all, keys expire in the order of insertion. */
  private forgetExpired(now: number): void {
    for (const [key, expiry] of this.used) {
      if (expiry > now) return;
      this.used.delete(key);
    }
  }
}
