const FIRST_MS = 1000;
const LONGEST_MS = 60_000;
/** A connection open for this long was stable. */
export const STABLE_MS = 60_000;

/**
 * The delay before the next attempt, with full jitter, so that replicas which lost their connections together do not
 * reconnect together. https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 *
 * @param failures in a row, from 1
 */
export function backOffMs(failures: number, random: () => number): number {
  return Math.round(random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10)));
}
