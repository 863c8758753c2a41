import { setTimeout as delay } from 'node:timers/promises';

/** Far longer than anything takes on a busy machine: what ends it is the event, this is only the end of patience. */
const PATIENCE_MS = 30_000;

/** Looks until nothing is thrown: for what another process does in its own time. @throws what the last look threw */
export async function eventually<T>(look: () => T | Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  for (const end = performance.now() + patienceMs; ; await delay(20)) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
  }
}
