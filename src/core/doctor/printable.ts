/** An upstream's error code, reduced to the characters that codes consist of, and shortened. */
export function printableCode(code: string): string {
  return code.replaceAll(/[^\w.-]/g, '').slice(0, 80);
}
