interface Due {
  at: number;
  run: () => void;
  timer: NodeJS.Timeout;
}

/** The sandbox's time: the real clock plus the time that tests have skipped. */
export class Clock {
  #skippedMs = 0;
  readonly #due = new Set<Due>();

  now(): number {
    return Date.now() + this.#skippedMs;
  }

  /** Timers that fall into the skipped time fire now, in order. */
  advance(ms: number): void {
    this.#skippedMs += ms;
    const due = [...this.#due].filter(({ at }) => at <= this.now()).toSorted((one, other) => one.at - other.at);
    for (const entry of due) if (this.#due.has(entry)) this.#run(entry);
  }

  /** @returns a function that cancels it */
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
