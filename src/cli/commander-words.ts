import type { Lang } from '../core/texts/index.js';
import { OF_COMMANDER } from './help-texts.js';

const PATTERNS = OF_COMMANDER.map(({ en, zh }) => {
  const literal = en.split('{}').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return { pattern: new RegExp(`${literal.join('(.+?)')}$`), zh };
});

/** A line written by Commander, in the language of the command line; unknown lines stay unchanged. */
export function translated(line: string, lang: Lang): string {
  if (lang === 'en') return line;
  for (const { pattern, zh } of PATTERNS) {
    const [found, ...parts] = pattern.exec(line) ?? [];
    if (found !== undefined) return line.replace(found, () => zh.replaceAll('{}', () => parts.shift() ?? ''));
  }
  return line;
}
