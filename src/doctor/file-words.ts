import { inWordsOfTheEntry } from '../authenticators/index.js';
import type { Result } from './probe.js';
import type { Text } from '../core/texts/index.js';

/** The same finding, for settings that stand in `AUTHENTICATORS_FILE`: its author has its keys, not our variables. */
export function inWordsOfTheFile(result: Result): Result {
  const { title, detail, fix } = result;
  return {
    ...result,
    title: reworded(title),
    detail: reworded(detail),
    ...(fix === undefined ? {} : { fix: reworded(fix) }),
  };
}

function reworded({ en, zh }: Text): Text {
  return { en: inKeys(en), zh: inKeys(zh) };
}

function inKeys(sentence: string): string {
  return inWordsOfTheEntry(sentence.replaceAll('NOCOBASE_AUTHENTICATOR', 'name'));
}
