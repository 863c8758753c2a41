/** Visible ASCII of bounded length: RFC 6749 appendix A.11. DingTalk documents no form of its codes. */
export const CODE_PATTERN = /^[\x21-\x7e]{1,512}$/;

/** One class of letters, digits, `-` and `_`, and how many: a pattern that no text makes slow. */
const PATTERN = /^\[(?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9_]|-(?=\]))+\]\{(\d{1,3})(?:,(\d{1,3}))?\}$/;

/** Reads `DINGTALK_CODE_PATTERN`, such as `[0-9a-f]{32}`. @returns undefined where it is none that a code could have */
export function codePattern(text: string): RegExp | undefined {
  const [, least, most = least] = PATTERN.exec(text) ?? [];
  if (Number(least) < 1 || Number(most) > 512 || !(Number(least) <= Number(most))) return undefined;
  try {
    return new RegExp(`^(?:${text})$`);
  } catch {
    return undefined;
  }
}

/** Whether a text can be a code at all: anything else is not sent to DingTalk. */
export function isCode(text: string, pattern?: RegExp): boolean {
  return CODE_PATTERN.test(text) && (pattern === undefined || pattern.test(text));
}
