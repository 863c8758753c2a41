/**
 * What moves a terminal's cursor, hides or turns text around: controls (C0, DEL, C1), format characters (bidi, zero width,
 * tags), line and paragraph separators.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Names are chosen by people, and files written by them: on a terminal and in a table they are one line of what is seen. */
export function printable(value: string): string {
  return value.replaceAll(UNSEEN, ' ');
}

/** The same for a text of several lines, whose ends stay. */
export function printableLines(text: string): string {
  return text.replaceAll(UNSEEN, (character, at: number) => {
    const endsLine = character === '\n' || (character === '\r' && text[at + 1] === '\n');
    return endsLine ? character : ' ';
  });
}

/** JSON for terminals and programs alike: what cannot be seen is written as `\u…`, which means the same. */
export function asJsonText(value: unknown): string {
  const escaped = (character: string): string =>
    character === '\n'
      ? character
      : character
          .split('')
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
          .join('');
  return `${JSON.stringify(value, undefined, 2).replaceAll(UNSEEN, escaped)}\n`;
}
