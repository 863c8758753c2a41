/** One class of letters, digits, `-` and `_`, and its count: a pattern that takes linear time for any text. */
const PATTERN = /^\[(?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9_]|-(?=\]))+\]\{(\d{1,3})(?:,(\d{1,3}))?\}$/;

/** Parses `codePattern`, such as `[0-9a-f]{32}`. @returns undefined if no code could match it */
export function codePattern(text: string): RegExp | undefined {
  const [, least, most = least] = PATTERN.exec(text) ?? [];
  if (Number(least) < 1 || Number(most) > 512 || !(Number(least) <= Number(most))) return undefined;
  try {
    return new RegExp(`^(?:${text})$`);
  } catch {
    return undefined;
  }
}
