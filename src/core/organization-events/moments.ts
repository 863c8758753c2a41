/** Time, provided by a host or a test: nothing here reads a clock or waits by itself. */
export interface Moments {
  /** In ms since 1970. */
  now(): number;
  /** @returns a function to cancel it */
  after(ms: number, then: () => void): () => void;
}

/** The system clock. No timer keeps a process alive. */
export const realMoments: Moments = {
  now: () => Date.now(),
  after: (ms, then) => {
    const timer = setTimeout(then, ms).unref();
    return () => clearTimeout(timer);
  },
};
