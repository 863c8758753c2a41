import type { StoredPhones } from '../accounts/index.js';
import { verbatim } from '../texts/index.js';
import { attention, type Finding, ok } from './probe.js';
import { STORED_PHONES } from './texts/accounts.js';

export const STORED_PHONES_PROBE = { id: 'nocobase.phones', title: STORED_PHONES.title } as const;

/** Whether people can be matched by the phone numbers stored in NocoBase. */
export function storedPhonesFinding({ numbers, unreadable, users, isAll }: StoredPhones): Finding {
  const among = isAll ? verbatim('') : STORED_PHONES.amongTheFirst;
  if (unreadable === 0) {
    return ok(STORED_PHONES.readable(numbers, among));
  }
  const ids = users.join(', ');
  const some = unreadable > users.length ? STORED_PHONES.andMore(ids) : verbatim(ids);
  return attention(STORED_PHONES.unreadable(unreadable, numbers, among, some), STORED_PHONES.write);
}
