/** One class of letters, digits, `-` and `_`, and how many: a pattern that no text makes slow. */
const PATTERN = /^\[(?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9_]|-(?=\]))+\]\{(\d{1,3})(?:,(\d{1,3}))?\}$/;

/** Reads `codePattern`, such as `[0-9a-f]{32}`. @returns undefined where it is none that a code could have */
export function codePattern(text: string): RegExp | undefined {
  const [, least, most = least] = PATTERN.exec(text) ?? [];
  if (Number(least) < 1 || Number(most) > 512 || !(Number(least) <= Number(most))) return undefined;
  try {
    return new RegExp(`^(?:${text})$`);
  } catch {
    return undefined;
  }
}
