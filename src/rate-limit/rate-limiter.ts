import { createHmac, hkdfSync } from 'node:crypto';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { RedisConnection } from '../shared-store/index.js';
import { Telemetry } from '../telemetry/index.js';
import { countedAddress } from './client-address.js';
import { RateLimitedError } from './rate-limit.errors.js';

/** Requests per minute; 0 switches a limit off. */
export interface RateLimits {
  readonly perAddress: number;
  readonly perAuthenticator: number;
}

export interface RateLimitOptions extends RateLimits {
  /** The same at all replicas: without it anybody could compute which addresses share a bucket. */
  readonly secret: string;
}

export const RATE_LIMITS = Symbol('RATE_LIMITS');

const WINDOW_SECONDS = 60;
/** Addresses are counted in so many buckets, which bounds memory and Redis keys whatever addresses an attacker has. */
const BUCKETS = 65_536;
/** The bucket of an address is computed once while it keeps coming; longer texts are no addresses. */
const KNOWN_ADDRESSES = 2000;
const MAX_ADDRESS_LENGTH = 64;

/**
 * Counts the requests that start or finish a sign-in; shared by all replicas where there is a Redis. Without it, or while
 * it is away, each process counts for itself: a limit must not become an outage.
 */
@Injectable()
export class RateLimiter {
  private readonly addresses: RateLimiterAbstract | undefined;
  private readonly authenticators: RateLimiterAbstract | undefined;
  private readonly bucketKey: Uint8Array;
  private readonly buckets = new LRUCache<string, string>({ max: KNOWN_ADDRESSES });

  constructor(
    @Inject(RATE_LIMITS) options: RateLimitOptions,
    redis: RedisConnection,
    @Optional() private readonly telemetry: Telemetry = Telemetry.off,
  ) {
    this.bucketKey = new Uint8Array(hkdfSync('sha256', options.secret, '', 'rate limit buckets', 32));
    this.addresses = limiter('address', options.perAddress, redis);
    this.authenticators = limiter('authenticator', options.perAuthenticator, redis);
  }

  /** @throws RateLimitedError */
  async count(ip: string | undefined, authenticator: string): Promise<void> {
    // The address first: one noisy client must not use up everybody's share.
    await this.consume(this.addresses, this.bucketOf(ip ?? ''), 'address');
    await this.consume(this.authenticators, authenticator, 'authenticator');
  }

  private async consume(limiter: RateLimiterAbstract | undefined, key: string, scope: string): Promise<void> {
    try {
      await limiter?.consume(key);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      this.telemetry.count((metrics) => metrics.rateLimited(scope));
      throw new RateLimitedError(scope, Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
    }
  }

  private bucketOf(ip: string): string {
    const known = this.buckets.get(ip);
    if (known !== undefined) return known;
    const digest = createHmac('sha256', this.bucketKey).update(countedAddress(ip)).digest();
    const bucket = String(digest.readUInt32BE(0) % BUCKETS);
    if (ip.length <= MAX_ADDRESS_LENGTH) this.buckets.set(ip, bucket);
    return bucket;
  }
}

function limiter(name: string, points: number, { client }: RedisConnection): RateLimiterAbstract | undefined {
  if (points === 0) return undefined;
  const options = { keyPrefix: `sign-in-gateway:rate:${name}`, points, duration: WINDOW_SECONDS };
  const inProcess = new RateLimiterMemory(options);
  if (client === undefined) return inProcess;
  return new RateLimiterRedis({
    ...options,
    storeClient: client,
    insuranceLimiter: inProcess,
    rejectIfRedisNotReady: true,
  });
}
