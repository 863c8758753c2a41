import { canBeFound, type Region } from './phone-number.js';

/** What `users.phone` contains, which is free text in NocoBase. No numbers, only the ids of their users. */
export interface StoredPhones {
  readonly numbers: number;
  /** How many of them cannot be matched. */
  readonly unreadable: number;
  /** The first users with such a number. */
  readonly users: readonly number[];
  /** Whether all users were checked. */
  readonly isAll: boolean;
}

const PAGE_SIZE = 200;
/** A sample, not an inventory: two thousand users show whether something needs fixing. */
const MAX_PAGES = 10;
const SHOWN = 5;

interface User {
  readonly id: number;
  readonly phone?: string | null | undefined;
}

/** @param read returns a page of users by id, starting with 1; undefined if it cannot be read */
export async function lookAtStoredPhones<Page extends readonly User[] | undefined>(
  home: Region,
  read: (page: { readonly number: number; readonly size: number }) => Promise<Page>,
): Promise<StoredPhones | Extract<Page, undefined>> {
  let numbers = 0;
  const unreadable: number[] = [];
  const seen = (isAll: boolean): StoredPhones => ({
    numbers,
    unreadable: unreadable.length,
    users: unreadable.slice(0, SHOWN),
    isAll,
  });
  for (let number = 1; number <= MAX_PAGES; number += 1) {
    const users = await read({ number, size: PAGE_SIZE });
    if (users === undefined) return undefined as Extract<Page, undefined>;
    for (const { id, phone } of users) {
      if (phone === undefined || phone === null || phone.trim() === '') continue;
      numbers += 1;
      if (!canBeFound(phone, home)) unreadable.push(id);
    }
    if (users.length < PAGE_SIZE) return seen(true);
  }
  return seen(false);
}
