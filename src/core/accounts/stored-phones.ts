import { canBeFound, type Region } from './phone-number.js';

/** What stands in `users.phone`, which is free text at NocoBase; no number, only whose row it is. */
export interface StoredPhones {
  readonly numbers: number;
  /** By how many of them nobody can be found. */
  readonly unreadable: number;
  /** Whose they are: the first of them. */
  readonly users: readonly number[];
  /** Whether every user was looked at. */
  readonly isAll: boolean;
}

const PAGE_SIZE = 200;
/** A look, not an inventory: two thousand users say whether there is something to put right. */
const MAX_PAGES = 10;
const SHOWN = 5;

interface User {
  readonly id: number;
  readonly phone?: string | null | undefined;
}

/** @param read gives a page of users by id, from 1 on; undefined where it cannot be read */
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
