interface Due {
  at: number;
  run: () => void;
  timer: NodeJS.Timeout;
}

/** Time as the sandbox sees it: the real clock plus whatever the tests have skipped. */
export class Clock {
  #skippedMs = 0;
  readonly #due = new Set<Due>();

  now(): number {
    return Date.now() + this.#skippedMs;
  }

  /** What was to happen in the time that is skipped happens now, in its order. */
  advance(ms: number): void {
    this.#skippedMs += ms;
    const due = [...this.#due].filter(({ at }) => at <= this.now()).toSorted((one, other) => one.at - other.at);
    for (const entry of due) if (this.#due.has(entry)) this.#run(entry);
  }

  /** @returns how to call it off */
  after(ms: number, run: () => void): () => void {
    const entry: Due = { at: this.now() + ms, run, timer: setTimeout(() => this.#run(entry), ms).unref() };
    this.#due.add(entry);
    return () => this.#forget(entry);
  }

  reset(): void {
    this.#skippedMs = 0;
    for (const entry of this.#due) this.#forget(entry);
  }

  #run(entry: Due): void {
    this.#forget(entry);
    entry.run();
  }

  #forget(entry: Due): void {
    clearTimeout(entry.timer);
    this.#due.delete(entry);
  }
}
