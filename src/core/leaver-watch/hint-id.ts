import { createHash } from 'node:crypto';

/** The book's limit. */
const MAX_LENGTH = 128;

/** Equal parts give equal ids, however long the parts are. */
export function hintId(...parts: readonly string[]): string {
  const whole = parts.join('.');
  return whole.length <= MAX_LENGTH ? whole : createHash('sha256').update(whole).digest('base64url');
}
