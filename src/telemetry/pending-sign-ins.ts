import type { BegunSignIn } from '../core/sign-in/index.js';

/** Sign-ins that expire within the same period share one counter, which bounds memory under any load. */
const SLICE_MS = 10_000;

/**
 * The number of sign-ins that were started and have neither returned nor expired.
 *
 * One that returns is subtracted from the slice it was added to, so the sum over all replicas is right even if another
 * replica started it; a single replica may then report a negative number. Sign-ins started before this process are
 * ignored: after a restart they were never counted here.
 */
export class PendingSignIns {
  private readonly slices = new Map<number, number>();
  private readonly since = Date.now();

  begun({ expiresAt }: BegunSignIn): void {
    this.add(expiresAt, 1);
  }

  returned({ startedAt, expiresAt }: BegunSignIn): void {
    if (startedAt >= this.since) this.add(expiresAt, -1);
  }

  count(): number {
    this.forgetExpired();
    return [...this.slices.values()].reduce((sum, each) => sum + each, 0);
  }

  private add(expiresAt: number, change: number): void {
    const slice = Math.ceil(expiresAt / SLICE_MS);
    if (!this.slices.has(slice)) this.forgetExpired();
    this.slices.set(slice, (this.slices.get(slice) ?? 0) + change);
  }

  private forgetExpired(): void {
    const now = Date.now() / SLICE_MS;
    for (const slice of this.slices.keys()) if (slice <= now) this.slices.delete(slice);
  }
}
