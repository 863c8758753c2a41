import { ofVariable, type Text } from '../texts/index.js';
import { declaredVariables } from './declared-variables.js';
import { VALUE } from './texts.js';

/**
 * Control and format characters (zero width, text direction), line and paragraph separators: no valid value has one.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const QUOTED = /^["'`“”‘’]|["'`“”‘’]$/;
const NAMED = /^(?:export\s+)?([A-Z][A-Z0-9_]*)=/;

/** What is wrong with a value of any kind, without quoting it. */
export function oddity(value: string): Text | undefined {
  const name = NAMED.exec(value)?.[1];
  if (name !== undefined && declaredVariables().has(name)) return VALUE.named(name);
  if (QUOTED.test(value)) return ofVariable('is in quotation marks: remove them');
  const unseen = UNSEEN.exec(value)?.[0];
  if (unseen === '\n' || unseen === '\r') return ofVariable('has several lines: it must be a single line');
  if (unseen === undefined) return undefined;
  return VALUE.unseen((unseen.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0'));
}

/** Whether it contains a character that nobody sees. */
export function isPartlyUnseen(value: string): boolean {
  return UNSEEN.test(value);
}

/** Removes spaces, newlines and the byte order mark around a value, left there by editors and copying. */
export function tidy(value: string): string {
  return value.trim();
}

/** The same check for a secret, which must not be trimmed: other programs use the same bytes. */
export function oddityOfSecret(secret: string): Text | undefined {
  return tidy(secret) === secret
    ? oddity(secret)
    : ofVariable('begins or ends with a space, a line break or an invisible character');
}
