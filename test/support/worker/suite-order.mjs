import { dirname } from 'node:path';

const BESIDE_ITS_SOURCE = /^(?:src|sandbox|nocobase-plugin)\//;

/** Changed suites first, then those beside changed files, then all others; otherwise unchanged. */
export function changedFirst(suites, changed, pathOf = (suite) => suite) {
  const files = new Set(changed);
  const folders = new Set(changed.map((path) => dirname(path)).filter((folder) => BESIDE_ITS_SOURCE.test(folder)));
  const rank = (path) => (files.has(path) ? 0 : folders.has(dirname(path)) ? 1 : 2);
  return suites.toSorted((one, other) => rank(pathOf(one)) - rank(pathOf(other)));
}
