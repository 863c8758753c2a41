import type { Operation } from './operations.js';

export interface Moment {
  /** How many more calls are answered before the change. */
  calls: number;
  /** Only calls of this kind count. Default: all calls of DingTalk's API. */
  operation?: Operation | undefined;
}

/** Changes of the world between two calls of one client: for example a scope that is reduced while a client reads page by page. */
export class Later {
  #waiting: { left: number; operation: Operation | undefined; run: () => void }[] = [];

  after({ calls, operation }: Moment, run: () => void): void {
    this.#waiting.push({ left: calls, operation, run });
  }

  /** Called for each call; runs the changes that are due before it. */
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
