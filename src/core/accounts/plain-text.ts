import type { ProfileValues } from './profile-field.js';
import type { NewBinding, NewUser } from './user-directory.js';

/** Characters of four bytes in UTF-8, such as emoji, which MySQL's and MariaDB's `utf8mb3` cannot store. */
const FOUR_BYTES = /[\u{10000}-\u{10ffff}]/gu;

/** @returns undefined if every character fits in three bytes */
export function plainUser(user: NewUser): NewUser | undefined {
  const { profile } = user;
  const nickname = plainText(user.nickname) || user.username;
  const plain = profile && plainProfile(profile);
  if (nickname === user.nickname && plain === undefined) return undefined;
  return { ...user, nickname, ...(plain === undefined ? {} : { profile: plain }) };
}

/** @returns undefined if every character fits in three bytes */
export function plainBinding(binding: NewBinding): NewBinding | undefined {
  const nickname = plainText(binding.nickname);
  return nickname === binding.nickname ? undefined : { ...binding, nickname };
}

/** @returns undefined if every character fits in three bytes */
export function plainProfile(profile: ProfileValues): ProfileValues | undefined {
  const plain = [...profile].map(([field, value]) => [field, plainText(value)] as const);
  if (plain.every(([field, value]) => value === profile.get(field))) return undefined;
  // A value that becomes empty does not erase the field.
  return new Map(plain.filter(([, value]) => value !== ''));
}

/**
 * A name never prevents a sign-in: if the database refuses a value, it is written once more without the characters that
 * it may be unable to store.
 *
 * @param isRefusal whether the database refused the value for another reason than a duplicate
 */
export async function writeOrPlain<Values, Written>(
  values: Values,
  plain: Values | undefined,
  write: (values: Values) => Promise<Written>,
  isRefusal: (error: unknown) => boolean,
): Promise<Written> {
  try {
    return await write(values);
  } catch (error) {
    if (plain === undefined || !isRefusal(error)) throw error;
    return write(plain);
  }
}

function plainText(text: string): string {
  const plain = text.replace(FOUR_BYTES, '');
  return plain === text ? text : plain.replace(/ {2,}/g, ' ').trim();
}
