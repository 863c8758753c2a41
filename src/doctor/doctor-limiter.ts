import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { NetworkBuckets, RateLimitedError, SHARES_OF_NETWORKS } from '../core/limits/index.js';

/** Clicks per minute. Each makes us call NocoBase, even if it came from a stranger. */
const DENIED_OF_ADDRESS = 5;
const OF_STRANGERS_TOGETHER = 60;
const OF_KNOWN_ADDRESS = 20;

/** NocoBase's server has one address, or a few; they are remembered for a day after a confirmed click. */
const KNOWN_ADDRESSES = 100;
const KNOWN_MS = 24 * 60 * 60 * 1000;

/**
 * Requests that NocoBase did not confirm count against their address, so that a stranger blocks the button only for
 * themselves; all strangers together cause NocoBase little work. An address that NocoBase has confirmed has its own
 * quota.
 */
@Injectable()
export class DoctorLimiter {
  private readonly buckets = new NetworkBuckets(randomUUID());
  private readonly known = new LRUCache<string, true>({ max: KNOWN_ADDRESSES, ttl: KNOWN_MS });
  private readonly ofKnown = new RateLimiterMemory({ points: OF_KNOWN_ADDRESS, duration: 60 });
  private readonly together = new RateLimiterMemory({ points: OF_STRANGERS_TOGETHER, duration: 60 });
  private readonly denied = SHARES_OF_NETWORKS.map(
    (share) => new RateLimiterMemory({ points: DENIED_OF_ADDRESS * share, duration: 60 }),
  );

  /**
   * @param confirm asks NocoBase
   * @throws RateLimitedError before NocoBase is called
   */
  async guard(ip: string | undefined, confirm: () => Promise<boolean>): Promise<boolean> {
    const networks = this.buckets.of(ip);
    const [address] = networks;
    if (this.known.has(address)) {
      await consume(this.ofKnown, address);
      return confirm();
    }
    for (const [width, bucket] of networks.entries()) await consume(this.denied[width]!, bucket);
    await consume(this.together, '');
    const isConfirmed = await confirm();
    if (isConfirmed) {
      this.known.set(address, true);
      await Promise.all(networks.map(async (bucket, width) => this.denied[width]!.reward(bucket)));
    }
    return isConfirmed;
  }
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new RateLimitedError('examination', Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
  }
}
