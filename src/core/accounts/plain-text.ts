import type { ProfileValues } from './profile-field.js';
import type { NewBinding, NewUser } from './user-directory.js';

/** Characters that take four bytes in UTF-8, such as emoji: MySQL's and MariaDB's `utf8mb3` has no room for them. */
const FOUR_BYTES = /[\u{10000}-\u{10ffff}]/gu;

/** @returns undefined where all of it can be stored in three bytes a character */
export function plainUser(user: NewUser): NewUser | undefined {
  const { profile } = user;
  const nickname = plainText(user.nickname) || user.username;
  const plain = profile && plainProfile(profile);
  if (nickname === user.nickname && plain === undefined) return undefined;
  return { ...user, nickname, ...(plain === undefined ? {} : { profile: plain }) };
}

/** @returns undefined where all of it can be stored in three bytes a character */
export function plainBinding(binding: NewBinding): NewBinding | undefined {
  const nickname = plainText(binding.nickname);
  return nickname === binding.nickname ? undefined : { ...binding, nickname };
}

/** @returns undefined where all of it can be stored in three bytes a character */
export function plainProfile(profile: ProfileValues): ProfileValues | undefined {
  const plain = [...profile].map(([field, value]) => [field, plainText(value)] as const);
  if (plain.every(([field, value]) => value === profile.get(field))) return undefined;
  // A value of which nothing is left empties no field.
  return new Map(plain.filter(([, value]) => value !== ''));
}

/**
 * A name keeps nobody out: what a database refuses is written once more without the characters that it may have no room
 * for.
 *
 * @param isRefusal whether the database said no, and not because a value is taken
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
