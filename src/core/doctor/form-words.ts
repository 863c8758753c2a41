import type { Text } from '../texts/index.js';
import { type Program, withNames } from './names-of-settings.js';
import type { Result } from './probe.js';
import { FIELDS } from './texts/names.js';

const WORDS: Readonly<Record<string, Text>> = FIELDS;

/**
 * The same finding, for settings that are stored in NocoBase.
 *
 * @param program that people sign in through; default: a gateway
 */
export function inWordsOfTheForm(result: Result, program?: Program): Result {
  return withNames(result, (_section, key, lang) => WORDS[key]?.[lang], program);
}
