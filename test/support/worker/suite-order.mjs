import { dirname } from 'node:path';
import { SLOW_SUITES } from './slow-suites.mjs';

const BESIDE_ITS_SOURCE = /^(?:src|sandbox|nocobase-plugin)\//;

/** Changed suites first, then those beside changed files, then the slow ones, then all others; otherwise unchanged. */
export function changedFirst(suites, changed, pathOf = (suite) => suite) {
  const files = new Set(changed);
  const folders = new Set(changed.map((path) => dirname(path)).filter((folder) => BESIDE_ITS_SOURCE.test(folder)));
  const rank = (path) => {
    if (files.has(path)) return 0;
    if (folders.has(dirname(path))) return 1;
    const slow = SLOW_SUITES.indexOf(path);
    return 2 + (slow < 0 ? SLOW_SUITES.length : slow);
  };
  return suites.toSorted((one, other) => rank(pathOf(one)) - rank(pathOf(other)));
}
