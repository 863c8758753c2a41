import {
  BrokenCircuitError,
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  type IPolicy,
  retry,
  wrap,
} from 'cockatiel';
import { type FailedCall, UpstreamBusyError, UpstreamHttpError, UpstreamUnreachableError } from './upstream.errors.js';

/** Calls to one upstream at a time, and how many may wait: DingTalk allows 20 a second per application and API. */
const MAX_CONCURRENT = 32;
const MAX_WAITING = 256;
/** So many failures in a row stop all calls, for so long; then one call tries. */
const FAILURES_TO_OPEN = 20;
const OPEN_MS = 2000;

/** The upstream itself is in trouble, not one request. */
const isTrouble = (error: unknown): boolean =>
  error instanceof UpstreamUnreachableError ||
  (error instanceof UpstreamHttpError && [502, 503, 504].includes(error.httpStatus));

/** A person has waited long enough for a call that timed out. */
const isWorthRepeating = (error: unknown): boolean =>
  error instanceof UpstreamBusyError ||
  (isTrouble(error) && !(error instanceof UpstreamUnreachableError && error.timedOut));

/**
 * What stands between us and one upstream: a limit on calls at a time, and a circuit breaker, so that an upstream in
 * trouble is left alone and people are told at once. Calls that may be repeated are, twice, with jitter.
 */
export class UpstreamResilience {
  private readonly once: IPolicy;
  private readonly repeated: IPolicy;

  constructor() {
    const breaker = circuitBreaker(handleWhen(isTrouble), {
      halfOpenAfter: OPEN_MS,
      breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
    });
    this.once = wrap(breaker, bulkhead(MAX_CONCURRENT, MAX_WAITING));
    this.repeated = wrap(
      retry(handleWhen(isWorthRepeating), {
        maxAttempts: 2,
        backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 800 }),
      }),
      this.once,
    );
  }

  /** @throws UpstreamBusyError when the call was not even tried */
  async run<T>(call: FailedCall, mayRepeat: boolean, send: () => Promise<T>): Promise<T> {
    try {
      return await (mayRepeat ? this.repeated : this.once).execute(send);
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw new UpstreamBusyError(call, 'circuit open', OPEN_MS / 1000);
      if (error instanceof BulkheadRejectedError) throw new UpstreamBusyError(call, 'too many calls at a time');
      throw error;
    }
  }
}
