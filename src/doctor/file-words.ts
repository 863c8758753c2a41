import { type Result, withNames } from '../core/doctor/index.js';
import { keyOf } from '../authenticators/index.js';

/** The same finding, for settings in `AUTHENTICATORS_FILE`: its author knows its keys, not our variables. */
export function inWordsOfTheFile(result: Result): Result {
  return withNames(result, keyOf);
}
