import { createHash } from 'node:crypto';

/** As long as the book takes. */
const MAX_LENGTH = 128;

/** The same for the same, however long its parts are. */
export function hintId(...parts: readonly string[]): string {
  const whole = parts.join('.');
  return whole.length <= MAX_LENGTH ? whole : createHash('sha256').update(whole).digest('base64url');
}
