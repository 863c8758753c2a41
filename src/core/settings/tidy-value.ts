import { ofVariable, type Text, text } from '../texts/index.js';
import { declaredVariables } from './declared-variables.js';

/** Controls, format characters (zero width, text direction), line and paragraph separators: no value of ours has one. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const QUOTED = /^["'`“”‘’]|["'`“”‘’]$/;
const NAMED = /^(?:export\s+)?([A-Z][A-Z0-9_]*)=/;

/** What is wrong with a value, whatever it stands for; never what it says. */
export function oddity(value: string): Text | undefined {
  const name = NAMED.exec(value)?.[1];
  if (name !== undefined && declaredVariables().has(name)) {
    return text(`begins with "${name}=": leave that out`, `以“${name}=”开头：请去掉`);
  }
  if (QUOTED.test(value)) return ofVariable('stands in quotation marks: leave them out');
  const unseen = UNSEEN.exec(value)?.[0];
  if (unseen === '\n' || unseen === '\r') return ofVariable('has several lines: it is one line');
  if (unseen === undefined) return undefined;
  const code = (unseen.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return text(
    `has a character that cannot be seen (U+${code}): type it anew`,
    `含有看不见的字符（U+${code}）：请重新输入`,
  );
}

/** Blanks, line ends and the byte order mark around a value, which editors and copying leave there. */
export function tidy(value: string): string {
  return value.trim();
}

/** The same question about a secret that nobody may change by tidying it up: others hold the same bytes. */
export function oddityOfSecret(secret: string): Text | undefined {
  return tidy(secret) === secret
    ? oddity(secret)
    : ofVariable('begins or ends with a blank, a line break or an invisible mark');
}
