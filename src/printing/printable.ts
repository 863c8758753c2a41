/**
 * Characters that move a terminal's cursor, hide text or change its direction: controls (C0, DEL, C1), format
 * characters (bidi, zero width, tags), line and paragraph separators.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text from people and from their files becomes one line of visible characters on a terminal and in a table. */
export function printable(value: string): string {
  return value.replaceAll(UNSEEN, ' ');
}

/** The same for a text of several lines, which stay separate. */
export function printableLines(text: string): string {
  return text.replaceAll(UNSEEN, (character, at: number) => {
    const endsLine = character === '\n' || (character === '\r' && text[at + 1] === '\n');
    return endsLine ? character : ' ';
  });
}

/** JSON for terminals and programs alike: invisible characters are written as `\u…`, which is equivalent. */
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
