import { randomUUID } from 'node:crypto';
import { type Counter, uncounted } from '../observed/index.js';
import { type AttemptLog, InProcessAttemptLog, type Leave } from './attempt-log.js';
import { NetworkBuckets, SHARES_OF_NETWORKS } from './network-buckets.js';
import { RateLimitedError } from './rate-limit.errors.js';
import { Turnstile } from './turnstile.js';
import { DETAIL } from '../texts/index.js';

/** For each minute and address; the networks around an IPv6 address have more. Honest people have almost none. */
export const MAX_REFUSED = 30;

/**
 * Poll interval while waiting for other attempts from the same address: other replicas do not notify when they finish.
 */
const LOOK_AGAIN_MS = 100;
/** Part of the 15 s that a sign-in has. */
const PATIENCE_MS = 8000;
/** Maximum number of waiting attempts in a process; when it is full, those of the largest network give way. */
const MAX_WAITING = 300;

export interface LimitCounts {
  rateLimited(scope: string): void;
}

interface Taken {
  readonly log: AttemptLog;
  readonly network: string;
}

/**
 * Keeps invented codes from using up our quota at the provider: for each address, only a limited number of refused
 * codes a minute reach it. Accepted codes do not count, however many there are. A running attempt counts as refused
 * until the provider has responded, and an attempt that could exceed the limit waits briefly. So the limit is exact,
 * even across replicas, and a whole office that signs in at once succeeds.
 */
export class RefusedCodes {
  private readonly buckets: NetworkBuckets;
  private readonly logs: readonly AttemptLog[];
  private readonly turnstile = new Turnstile(MAX_WAITING);

  /**
   * @param secret the same at all replicas that share a log: see NetworkBuckets
   * @param shared logs of several replicas
   */
  constructor(
    secret: string,
    shared: readonly AttemptLog[] = [],
    private readonly counter: Counter<LimitCounts> = uncounted,
  ) {
    this.buckets = new NetworkBuckets(secret);
    // Its own log first: the limit applies in each process, even without shared logs.
    this.logs = [new InProcessAttemptLog(), ...shared];
  }

  /**
   * @param exchange calls the provider
   * @param isRefusal whether it failed because the provider refused the code
   * @throws RateLimitedError before the exchange has started
   */
  async guard<T>(
    ip: string | undefined,
    exchange: () => Promise<T>,
    isRefusal: (error: unknown) => boolean,
  ): Promise<T> {
    const id = randomUUID();
    const taken = await this.patiently(ip, id);
    let isRefused = false;
    try {
      return await exchange();
    } catch (error) {
      isRefused = isRefusal(error);
      throw error;
    } finally {
      await this.release(taken, id, isRefused);
      this.turnstile.open(this.buckets.of(ip)[0]);
    }
  }

  private async patiently(ip: string | undefined, id: string): Promise<readonly Taken[]> {
    const deadline = performance.now() + PATIENCE_MS;
    const networks = this.buckets.of(ip);
    const widest = networks.at(-1) ?? networks[0];
    for (;;) {
      const { leave, taken } = await this.take(ip, id);
      if (leave.kind === 'free') return taken;
      if (leave.kind === 'spent') throw this.refusal(leave.waitMs);
      if (performance.now() > deadline) throw this.refusal(0);
      if (!(await this.turnstile.wait(networks[0], widest, LOOK_AGAIN_MS))) throw this.refusal(0);
    }
  }

  /** All or none, the narrowest network first. */
  private async take(ip: string | undefined, id: string): Promise<{ leave: Leave; taken: readonly Taken[] }> {
    const taken: Taken[] = [];
    for (const [width, bucket] of this.buckets.of(ip).entries()) {
      for (const log of this.logs) {
        const network = `${width}:${bucket}`;
        const leave = await log.begin(network, id, MAX_REFUSED * SHARES_OF_NETWORKS[width]!);
        if (leave.kind !== 'free') {
          await this.release(taken, id, false);
          return { leave, taken: [] };
        }
        taken.push({ log, network });
      }
    }
    return { leave: { kind: 'free' }, taken };
  }

  private async release(taken: readonly Taken[], id: string, isRefused: boolean): Promise<void> {
    await Promise.all(taken.map(async ({ log, network }) => log.end(network, id, isRefused)));
  }

  private refusal(waitMs: number): RateLimitedError {
    this.counter.count((counts) => counts.rateLimited('codes'));
    return new RateLimitedError(DETAIL.web.refusedCodes.en, Math.max(1, Math.ceil(waitMs / 1000)));
  }
}
