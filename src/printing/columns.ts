/** Chinese characters, and symbols of their width: two columns of a terminal each (UAX #11, wide and fullwidth). */
const WIDE = /[\p{Script=Han}\u3000-\u303F\uFF01-\uFF60]/gu;

/** The number of terminal columns that a text takes. */
export function widthOf(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0);
}

/** `padEnd` by columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
