import { declaredVariables } from './declared-variables.js';

/** Controls, format characters (zero width, text direction), line and paragraph separators: no value of ours has one. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const QUOTED = /^["'`“”‘’]|["'`“”‘’]$/;
const NAMED = /^(?:export\s+)?([A-Z][A-Z0-9_]*)=/;

/** What is wrong with a value, whatever it stands for; never what it says. */
export function oddity(value: string): string | undefined {
  const name = NAMED.exec(value)?.[1];
  if (name !== undefined && declaredVariables().has(name)) return `begins with "${name}=": leave that out`;
  if (QUOTED.test(value)) return 'stands in quotation marks: leave them out';
  const unseen = UNSEEN.exec(value)?.[0];
  if (unseen === '\n' || unseen === '\r') return 'has several lines: it is one line';
  if (unseen === undefined) return undefined;
  const code = (unseen.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `has a character that cannot be seen (U+${code}): type it anew`;
}

/** Blanks, line ends and the byte order mark around a value, which editors and copying leave there. */
export function tidy(value: string): string {
  return value.trim();
}

/** The same question about a secret that nobody may change by tidying it up: others hold the same bytes. */
export function oddityOfSecret(secret: string): string | undefined {
  return tidy(secret) === secret ? oddity(secret) : 'begins or ends with a blank, a line break or an invisible mark';
}
