/** Visible ASCII of bounded length: RFC 6749 appendix A.11. DingTalk does not document the format of its codes. */
export const CODE_PATTERN = /^[\x21-\x7e]{1,512}$/;

/** Whether a text can be a code. Nothing else is sent to DingTalk. */
export function isCode(text: string, pattern?: RegExp): boolean {
  return CODE_PATTERN.test(text) && (pattern === undefined || pattern.test(text));
}
