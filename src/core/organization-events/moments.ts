/** Time, as a host or a test lends it: nothing here reads a clock or waits by itself. */
export interface Moments {
  /** In ms since 1970. */
  now(): number;
  /** @returns how to call it off */
  after(ms: number, then: () => void): () => void;
}

/** The process's own time. No timer keeps a process alive. */
export const realMoments: Moments = {
  now: () => Date.now(),
  after: (ms, then) => {
    const timer = setTimeout(then, ms).unref();
    return () => clearTimeout(timer);
  },
};
