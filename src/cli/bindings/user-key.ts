import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { TextError } from '../../core/texts/index.js';
import { TEXTS } from '../texts.js';
import { numberIn, phoneNumber, type Region, storedFormats } from '../../core/accounts/index.js';
import type { UserKey } from '../provision/index.js';

/** The ways to identify a NocoBase user, in the order in which the columns of a CSV line are tried. */
export const USER_FIELDS = ['id', 'username', 'phone', 'email'] as const;
export type UserField = (typeof USER_FIELDS)[number];

/** @throws TextError */
export function userKey(field: UserField, value: string, home: Region): UserKey {
  if (field === 'id') {
    const id = Number(value);
    if (!/^\d+$/.test(value) || !Number.isSafeInteger(id) || id === 0) throw new TextError(TEXTS.idIsNumber);
    return { field, values: [id] };
  }
  if (field !== 'phone') return { field, values: [value] };
  const phone = numberIn(value, home) ?? phoneNumber(parsePhoneNumberFromString(value, home)?.number ?? '');
  if (phone === undefined) throw new TextError(TEXTS.notAPhone);
  const [first, ...others] = storedFormats(phone, home);
  return { field, values: [first, ...others], isMeant: (stored) => numberIn(stored, home) === phone };
}

/**
 * `id:12`, `username:li-lei`, … A value without a prefix is refused: 13800000000 could be an id, a username or a phone
 * number.
 */
export function prefixedUserKey(text: string, home: Region): UserKey | undefined {
  const at = text.indexOf(':');
  const field = USER_FIELDS.find((name) => name === text.slice(0, at));
  const value = text.slice(at + 1).trim();
  return field === undefined || value === '' ? undefined : userKey(field, value, home);
}
