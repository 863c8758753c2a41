/** A code that an upstream gave: nothing but a code's own characters, and not too many. */
export function printableCode(code: string): string {
  return code.replaceAll(/[^\w.-]/g, '').slice(0, 80);
}
