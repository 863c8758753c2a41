import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { RateLimitedError, RateLimiter } from '../rate-limit/index.js';

/** Presses of a button. Each makes us ask NocoBase, whoever sent the request. */
const PER_MINUTE = 20;
/** No authenticator has such a name. */
const SHARE = ':examination';

/** One client gets its share of requests as everywhere; all of them together make NocoBase no more work than this. */
@Injectable()
export class ExaminationLimiter {
  private readonly together = new RateLimiterMemory({ points: PER_MINUTE, duration: 60 });

  constructor(private readonly limiter: RateLimiter) {}

  /** @throws RateLimitedError */
  async count(ip: string | undefined): Promise<void> {
    await this.limiter.count(ip, SHARE);
    try {
      await this.together.consume(SHARE);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new RateLimitedError('examination', Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
    }
  }
}
