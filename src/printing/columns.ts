/** Chinese characters, and signs of their width: two columns of a terminal each (UAX #11, wide and fullwidth). */
const WIDE = /[\p{Script=Han}\u3000-\u303F\uFF01-\uFF60]/u;

/** How many columns of a terminal a text takes. */
export function widthOf(text: string): number {
  return [...text].reduce((width, character) => width + (WIDE.test(character) ? 2 : 1), 0);
}

/** `padEnd` by columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
