/**
 * Counts, where somebody counts: what the core reports to whoever hosts it. `Counts` is what a room reports; telemetry of a host
 * may know more.
 */
export interface Counter<Counts> {
  count(report: (counts: Counts) => void): void;
}

/** For a host that counts nothing. */
export const uncounted: Counter<never> = { count: () => undefined };
