import { formatToStore, numberIn, phoneNumber, type Region } from './phone-number.js';
import type { ProfileField } from './profile-field.js';
import type { FieldState } from './user-directory.js';

/** DingTalk's value in the format of NocoBase's column. Phone numbers have several formats there, see `numberIn`. */
export function textToStore(field: ProfileField, value: string, home: Region): string {
  const phone = field === 'phone' ? phoneNumber(value) : undefined;
  return phone === undefined ? value : formatToStore(phone, home);
}

/** @param stored the value in NocoBase's column; `undefined` if NocoBase does not return it */
export function fieldState(stored: unknown, field: ProfileField, value: string, home: Region): FieldState {
  if (stored === null || stored === '') return 'empty';
  if (typeof stored !== 'string' && typeof stored !== 'number') return 'hidden';
  const phone = field === 'phone' ? phoneNumber(value) : undefined;
  const isSame = phone === undefined ? String(stored) === value : numberIn(String(stored), home) === phone;
  return isSame ? 'same' : 'other';
}
