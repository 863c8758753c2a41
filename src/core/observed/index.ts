/** Reports counts from the core to its host. `Counts` is what a room reports; a host's telemetry may have more. */
export interface Counter<Counts> {
  count(report: (counts: Counts) => void): void;
}

/** For a host that counts nothing. */
export const uncounted: Counter<never> = { count: () => undefined };
