import { GatewayError } from '../errors/index.js';
import { DETAIL } from '../texts/index.js';

export class RateLimitedError extends GatewayError {
  /** @param scope whose quota was used up, for the log */
  constructor(
    readonly scope: string,
    retryAfterSeconds: number,
  ) {
    super('rate_limited', { detail: DETAIL.web.tooMany(scope).en, retryAfterSeconds });
  }
}
