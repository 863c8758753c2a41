/** Whether one more attempt may run. `busy`: those running could exceed the limit; `spent`: too many were refused. */
export type Leave =
  | { readonly kind: 'free' | 'busy' }
  | { readonly kind: 'spent'; /** Time until the next attempt may run. */ readonly waitMs: number };

/** How long a refusal counts. */
export const REFUSED_FOR_MS = 60_000;
export const FREE: Leave = { kind: 'free' };
export const BUSY: Leave = { kind: 'busy' };

/** The running attempts of one network, and those refused within the last minute. */
export abstract class AttemptLog {
  /** Requests permission for an attempt, and records the attempt if it is granted. */
  abstract begin(network: string, id: string, limit: number): Promise<Leave>;
  abstract end(network: string, id: string, isRefused: boolean): Promise<void>;
}

interface Attempts {
  readonly running: Set<string>;
  /** When each refusal expires, oldest first. */
  readonly refused: number[];
}

/** For one process. Bounded by the number of buckets and their limits. */
export class InProcessAttemptLog extends AttemptLog {
  private readonly networks = new Map<string, Attempts>();

  override async begin(network: string, id: string, limit: number): Promise<Leave> {
    const attempts = this.networks.get(network) ?? { running: new Set(), refused: [] };
    const { running, refused } = attempts;
    const now = Date.now();
    while (refused[0] !== undefined && refused[0] <= now) refused.shift();
    if (refused.length >= limit) return { kind: 'spent', waitMs: refused[0]! - now };
    if (refused.length + running.size >= limit) return BUSY;
    running.add(id);
    this.networks.set(network, attempts);
    return FREE;
  }

  override async end(network: string, id: string, isRefused: boolean): Promise<void> {
    const attempts = this.networks.get(network);
    if (attempts === undefined || !attempts.running.delete(id)) return;
    if (isRefused) attempts.refused.push(Date.now() + REFUSED_FOR_MS);
    if (attempts.running.size === 0 && attempts.refused.length === 0) this.networks.delete(network);
  }
}
