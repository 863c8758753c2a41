import { setTimeout as delay } from 'node:timers/promises';

/** Far longer than anything takes on a busy machine: tests end with the event, and this only limits the wait. */
const PATIENCE_MS = 30_000;

/** Retries until nothing is thrown: for results of another process. @throws the error of the last attempt */
export async function eventually<T>(look: () => T | Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  for (const end = performance.now() + patienceMs; ; await delay(20)) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
  }
}
