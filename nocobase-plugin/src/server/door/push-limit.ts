import { LRUCache } from 'lru-cache';
import { RateLimitedError, type RateLimiter, WINDOW_SECONDS } from '../../../../src/core/limits/index.js';

/** As many addresses as may be known to flood. */
const MAX_FLOODING = 10_000;

/**
 * Anybody can call the address for DingTalk's events. What is refused is counted by address, and what DingTalk signed is not: where
 * no proxy is trusted everybody has the same address, and DingTalk has to come through a flood of others.
 */
export class PushLimit {
  private readonly flooding = new LRUCache<string, true>({ max: MAX_FLOODING });

  /** Whether so much was refused of it within a minute. */
  isFlooding(address: string): boolean {
    return this.flooding.has(address);
  }

  /** @returns for how many seconds it is one that floods, where it is; undefined: it is none */
  async refused(address: string, limiter: RateLimiter): Promise<number | undefined> {
    try {
      await limiter.count(address, 'stranger');
      return undefined;
    } catch (error) {
      if (!(error instanceof RateLimitedError)) throw error;
      const { retryAfterSeconds = WINDOW_SECONDS } = error;
      this.flooding.set(address, true, { ttl: retryAfterSeconds * 1000 });
      return retryAfterSeconds;
    }
  }
}
