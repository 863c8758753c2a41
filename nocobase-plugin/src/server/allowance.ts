import { randomUUID } from 'node:crypto';
import { InProcessAttemptLog } from '../../../src/core/limits/index.js';

/** One for all: who asks is an administrator, whatever their address. */
const EVERYBODY = '';

/** How much of something this process does for administrators, all of them together: NocoBase serves everybody else meanwhile. */
export class Allowance {
  private readonly log = new InProcessAttemptLog();
  private running = 0;

  constructor(private readonly limits: { readonly atOnce: number; readonly aMinute: number }) {}

  /** @returns undefined, and nothing is done, where that would be too much */
  async within<T>(work: () => Promise<T>): Promise<{ readonly done: T } | undefined> {
    if (this.running >= this.limits.atOnce) return undefined;
    this.running += 1;
    const id = randomUUID();
    try {
      const leave = await this.log.begin(EVERYBODY, id, this.limits.aMinute);
      return leave.kind === 'free' ? { done: await work() } : undefined;
    } finally {
      this.running -= 1;
      // Whatever came of it, it counts for a minute.
      await this.log.end(EVERYBODY, id, true);
    }
  }
}
