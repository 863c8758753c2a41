import type { Text } from '../texts/index.js';
import { WEAKNESS } from './texts/secrets.js';

/** Words from examples. */
const PLACEHOLDER = /change[-_ ]?(?:me|this)|placeholder|your[-_ ]|example|replace|passw(?:or)?d|qwerty|x{6}|^<.*>$/i;
/** Below this entropy a text is repetitive or a sequence. */
const LEAST_BITS = 60;

/** Why a secret can be guessed; undefined if it is not obvious. Finds obvious weaknesses, proves nothing. */
export function weaknessOf(secret: string, minLength: number): Text | undefined {
  if (secret.length < minLength) return WEAKNESS.short(minLength);
  if (/^\x20|\x20$/.test(secret) && /^[\x20-\x7e]+$/.test(secret)) return WEAKNESS.blank;
  if (PLACEHOLDER.test(secret)) return WEAKNESS.placeholder;
  if (isRepeated(secret) || countsUp(secret)) return WEAKNESS.repeated;
  // Entropy says little about a short secret that another system chose.
  if (minLength >= 32 && entropyBits(secret) < LEAST_BITS) return WEAKNESS.fewCharacters;
  return undefined;
}

/** `abcabcabc…`: the text contains itself at an offset within its first half. */
function isRepeated(secret: string): boolean {
  const period = `${secret}${secret}`.indexOf(secret, 1);
  return period <= secret.length / 2;
}

/** Most characters are the successor of the previous one. */
function countsUp(secret: string): boolean {
  let steps = 0;
  for (let i = 1; i < secret.length; i += 1) {
    if (Math.abs(secret.charCodeAt(i) - secret.charCodeAt(i - 1)) <= 1) steps += 1;
  }
  return steps > (secret.length - 1) * 0.6;
}

/** Shannon entropy of the characters. */
function entropyBits(secret: string): number {
  const counts = new Map<string, number>();
  for (const character of secret) counts.set(character, (counts.get(character) ?? 0) + 1);
  const perCharacter = [...counts.values()]
    .map((count) => count / secret.length)
    .reduce((sum, share) => sum - share * Math.log2(share), 0);
  return perCharacter * secret.length;
}
