import type { Text } from '../core/texts/index.js';
import { withNames } from './names-of-settings.js';
import type { Result } from './probe.js';
import { FIELDS } from './texts/form.js';

const WORDS: Readonly<Record<string, Text>> = FIELDS;

/** The same finding, for settings that stand in NocoBase. */
export function inWordsOfTheForm(result: Result): Result {
  return withNames(result, (_section, key, lang) => WORDS[key]?.[lang]);
}
