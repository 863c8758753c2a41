import type { Operation } from './operations.js';

export interface Moment {
  /** How many more calls are answered as things are. */
  calls: number;
  /** Only calls of this kind count. Default: all that are DingTalk's. */
  operation?: Operation | undefined;
}

/** Changes of the world between two calls of one client: a scope that shrinks while somebody reads page by page. */
export class Later {
  #waiting: { left: number; operation: Operation | undefined; run: () => void }[] = [];

  after({ calls, operation }: Moment, run: () => void): void {
    this.#waiting.push({ left: calls, operation, run });
  }

  /** A call has come; what was to happen before it happens now. */
  called(operation: string): void {
    const counted = this.#waiting.filter((waiting) => (waiting.operation ?? operation) === operation);
    const due = counted.filter(({ left }) => left === 0);
    this.#waiting = this.#waiting.filter((waiting) => !due.includes(waiting));
    for (const waiting of counted) waiting.left -= 1;
    for (const { run } of due) run();
  }

  clear(): void {
    this.#waiting = [];
  }
}
