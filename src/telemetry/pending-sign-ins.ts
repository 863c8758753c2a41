import type { BegunSignIn } from '../core/sign-in/index.js';

/** Sign-ins that end in the same so many milliseconds share one number, which bounds memory whatever comes in. */
const SLICE_MS = 10_000;

/**
 * How many sign-ins were begun and have neither come back nor run out of time.
 *
 * One that comes back is taken from the slice it was put into, so the sum over all replicas is right even where another
 * replica began it; a single replica may then show a number below zero. What was begun before this process was is not
 * looked at: after a restart nobody here has counted it.
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
