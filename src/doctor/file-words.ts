import { keyOf } from '../authenticators/index.js';
import { withNames } from './names-of-settings.js';
import type { Result } from './probe.js';

/** The same finding, for settings that stand in `AUTHENTICATORS_FILE`: its author has its keys, not our variables. */
export function inWordsOfTheFile(result: Result): Result {
  return withNames(result, keyOf);
}
