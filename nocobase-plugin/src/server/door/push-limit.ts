import { LRUCache } from 'lru-cache';
import {
  countedNetworks,
  RateLimitedError,
  type RateLimiter,
  WINDOW_SECONDS,
} from '../../../../src/core/limits/index.js';

/** The maximum number of flooding networks that are remembered. */
const MAX_FLOODING = 10_000;

/**
 * Anyone can call the address for DingTalk's events. Refused calls are counted by address; calls signed by DingTalk are not. If no
 * proxy is trusted, all callers have the same address, and DingTalk's calls must get through a flood.
 */
export class PushLimit {
  /** The same networks that the limiter counts: a flood over IPv6 can use another address for each call. */
  private readonly flooding = new LRUCache<string, true>({ max: MAX_FLOODING });

  /** Whether too many of its calls, or of those of a network around it, were refused within a minute. */
  isFlooding(address: string): boolean {
    return countedNetworks(address).some((network) => this.flooding.has(network));
  }

  /** @returns the number of seconds for which it counts as flooding; undefined if it does not */
  async refused(address: string, limiter: RateLimiter): Promise<number | undefined> {
    try {
      await limiter.count(address, 'stranger');
      return undefined;
    } catch (error) {
      if (!(error instanceof RateLimitedError)) throw error;
      const { retryAfterSeconds = WINDOW_SECONDS, scope } = error;
      const [narrowest, ...wider] = countedNetworks(address);
      for (const network of scope === 'address' ? [narrowest] : wider) {
        this.flooding.set(network, true, { ttl: retryAfterSeconds * 1000 });
      }
      return retryAfterSeconds;
    }
  }
}
