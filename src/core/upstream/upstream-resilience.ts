import { AsyncResource } from 'node:async_hooks';
import {
  BrokenCircuitError,
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
} from 'cockatiel';
import type { CallObserver, UpstreamState } from './call-observer.js';
import { remainingMs } from './time-budget.js';
import {
  type FailedCall,
  OutOfTimeError,
  UpstreamBusyError,
  UpstreamHttpError,
  UpstreamUnreachableError,
} from './upstream.errors.js';
import { DETAIL } from '../texts/index.js';

/**
 * Concurrent calls to one upstream, and how many may wait: DingTalk allows 20 a second for each application and API.
 */
const MAX_CONCURRENT = 32;
const MAX_WAITING = 256;
/** After this many failures in a row all calls are stopped for a while; then one call probes. */
const FAILURES_TO_OPEN = 20;
const OPEN_MS = 2000;

/** The upstream itself is failing, not one request. */
export const isTrouble = (error: unknown): boolean =>
  error instanceof UpstreamUnreachableError ||
  (error instanceof UpstreamHttpError && [502, 503, 504].includes(error.httpStatus));

/** Not after a timeout: the person has waited long enough. */
const isWorthRepeating = (error: unknown): boolean =>
  error instanceof UpstreamBusyError ||
  (isTrouble(error) && !(error instanceof UpstreamUnreachableError && error.timedOut));

/** The outcome of a call that the upstream answered, successfully or not. */
type Answered<T> = { readonly value: T } | { readonly refusal: unknown };

/**
 * Protects us and one upstream: limits concurrent calls, and has a circuit breaker, so that calls to a failing upstream
 * fail fast. Calls that may be retried are, twice, with jitter.
 */
export class UpstreamResilience {
  private readonly places = bulkhead(MAX_CONCURRENT, MAX_WAITING);
  private readonly breaker = circuitBreaker(handleWhen(isTrouble), {
    halfOpenAfter: OPEN_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });
  private readonly repetition = retry(handleWhen(isWorthRepeating), {
    maxAttempts: 2,
    backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 800 }),
  });
  private openedAt = -Infinity;

  constructor(private readonly observer: CallObserver) {
    this.breaker.onBreak(() => (this.openedAt = performance.now()));
  }

  get state(): UpstreamState {
    return {
      circuit: this.circuit,
      running: MAX_CONCURRENT - this.places.executionSlots,
      waiting: MAX_WAITING - this.places.queueSlots,
    };
  }

  /** @throws UpstreamBusyError if the call was not even tried */
  async run<T>(call: FailedCall, mayRepeat: boolean, send: (resent: number) => Promise<T>): Promise<T> {
    try {
      return await (mayRepeat
        ? this.repetition.execute(async ({ attempt }) => this.attempt(call, async () => send(attempt)))
        : this.attempt(call, async () => send(0)));
    } catch (error) {
      if (error instanceof BrokenCircuitError || error instanceof BulkheadRejectedError) this.refused(call);
      if (error instanceof BrokenCircuitError)
        throw new UpstreamBusyError(call, DETAIL.upstream.circuitOpen.en, OPEN_MS / 1000);
      if (error instanceof BulkheadRejectedError) throw new UpstreamBusyError(call, DETAIL.upstream.tooManyCalls.en);
      throw error;
    }
  }

  private async attempt<T>(call: FailedCall, send: () => Promise<T>): Promise<T> {
    const inPlace = async (): Promise<Answered<T>> => {
      if (remainingMs() <= 0) {
        this.refused(call);
        throw new OutOfTimeError(call);
      }
      // The breaker is inside the queue: it also stops calls that were waiting when it opened.
      return this.breaker.execute(async () => answered(send));
    };
    // A finished call runs the next in the queue, which must use its own person's time budget. A call that need not
    // wait is spared the `bind`, which costs some 15 µs on Node 20.
    const mustWait = this.places.executionSlots === 0;
    const answer = await this.places.execute(mustWait ? AsyncResource.bind(inPlace) : inPlace);
    if ('refusal' in answer) throw answer.refusal;
    return answer.value;
  }

  private refused({ upstream, operation }: FailedCall): void {
    this.observer.count((metrics) => metrics.callEnded({ upstream, operation }, 'refused', 0));
  }

  /** The breaker itself reads the clock only at the next call. */
  private get circuit(): UpstreamState['circuit'] {
    if (this.breaker.state === CircuitState.Closed) return 'closed';
    const isStopped = this.breaker.state === CircuitState.Open && performance.now() - this.openedAt < OPEN_MS;
    return isStopped ? 'open' : 'half-open';
  }
}

/** A refusal of one request shows that the upstream works: the breaker counts it as a success. */
async function answered<T>(send: () => Promise<T>): Promise<Answered<T>> {
  try {
    return { value: await send() };
  } catch (error) {
    if (isTrouble(error) || error instanceof OutOfTimeError) throw error;
    return { refusal: error };
  }
}
