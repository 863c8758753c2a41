import { printable } from './printable.js';

/**
 * What a spreadsheet treats as a formula, in half and full width (Chinese and Japanese ones accept both) and after
 * spaces, a tab or a line break; `|` and `%` start commands in old ones (OWASP, CSV injection).
 */
const FORMULA = /^(?:[\t\r\n]|[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*[=+\-−@|%])/u;

/** RFC 4180; a cell that would be a formula gets an apostrophe, which marks text in spreadsheets. */
export function csvCell(value: string): string {
  // NFKC turns ＝＋－＠｜％, and their small and superscript forms, into the plain characters.
  const shown = FORMULA.test(value.normalize('NFKC')) ? `'${printable(value)}` : printable(value);
  // In many countries Excel uses a semicolon as the separator.
  return /[",;]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
