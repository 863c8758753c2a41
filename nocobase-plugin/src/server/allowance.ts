import { randomUUID } from 'node:crypto';
import { InProcessAttemptLog } from '../../../src/core/limits/index.js';

/** One limit for all: every caller is an administrator, whatever their address. */
const EVERYBODY = '';

/** Limits how much work of one kind this process does for administrators, all together, so that NocoBase keeps serving everyone else. */
export class Allowance {
  private readonly log = new InProcessAttemptLog();
  private running = 0;

  constructor(private readonly limits: { readonly atOnce: number; readonly aMinute: number }) {}

  /** @returns undefined, without doing anything, if a limit is reached */
  async within<T>(work: () => Promise<T>): Promise<{ readonly done: T } | undefined> {
    if (this.running >= this.limits.atOnce) return undefined;
    this.running += 1;
    const id = randomUUID();
    try {
      const leave = await this.log.begin(EVERYBODY, id, this.limits.aMinute);
      return leave.kind === 'free' ? { done: await work() } : undefined;
    } finally {
      this.running -= 1;
      // It counts for a minute, whatever its result.
      await this.log.end(EVERYBODY, id, true);
    }
  }
}
