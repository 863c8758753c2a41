export const SLOW_SUITES: readonly string[];
