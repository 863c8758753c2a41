/** All are paths from the root. */
export function changedFirst(suites: readonly string[], changed: readonly string[]): string[];
