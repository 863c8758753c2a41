/** Time as the sandbox sees it: the real clock plus whatever the tests have skipped. */
export class Clock {
  #skippedMs = 0;

  now(): number {
    return Date.now() + this.#skippedMs;
  }

  advance(ms: number): void {
    this.#skippedMs += ms;
  }

  reset(): void {
    this.#skippedMs = 0;
  }
}
