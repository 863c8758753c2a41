import { printable } from './printable.js';

/**
 * What a spreadsheet takes for a formula, in half and full width (Chinese and Japanese ones read both) and behind blanks,
 * a tab or a line break; `|` and `%` begin commands in old ones (OWASP, CSV injection).
 */
const FORMULA = /^(?:[\t\r\n]|[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*[=+\-−@|%])/u;

/** RFC 4180; a cell that would be a formula gets an apostrophe, which spreadsheets take for "text". */
export function csvCell(value: string): string {
  // NFKC makes ＝＋－＠｜％, and the small and raised forms of them, the signs that they are read as.
  const shown = FORMULA.test(value.normalize('NFKC')) ? `'${printable(value)}` : printable(value);
  // Excel in many countries separates by a semicolon.
  return /[",;]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
