import { z } from 'zod';
import { nonEmptyString } from '../../core/accounts/index.js';
import { NocoBaseFilter } from '../../nocobase-client/index.js';
import type { NocoBaseAdmin } from './nocobase-admin.js';

/** How an administrator identifies a user. */
export type UserKey =
  | { readonly field: 'id'; readonly values: readonly [number, ...number[]] }
  | { readonly field: 'username' | 'email'; readonly values: readonly [string, ...string[]] }
  /** The spellings of one number, and whether a stored text is this number. */
  | {
      readonly field: 'phone';
      readonly values: readonly [string, ...string[]];
      readonly isMeant: (stored: string) => boolean;
    };

export interface PersonAtNocoBase {
  readonly id: number;
  readonly username: string | undefined;
  readonly nickname: string | undefined;
  /** Held themselves or through a department. */
  readonly roles: readonly string[];
}

const roleNames = z.array(z.object({ name: z.string() }));
const row = z.object({
  id: z.int().positive(),
  username: z.string().nullish(),
  nickname: z.string().nullish(),
  phone: z.string().nullish(),
  email: z.string().nullish(),
  roles: roleNames,
  departments: z.array(z.object({ roles: roleNames })).default([]),
});

/** The users with this key: re-checked by exact equality, phone numbers by their value. */
export async function findUsers(admin: NocoBaseAdmin, key: UserKey): Promise<PersonAtNocoBase[]> {
  const { field, values } = key;
  const wanted = new Set<string | number | null | undefined>(values);
  const isMeant = (user: z.output<typeof row>): boolean =>
    key.field === 'phone' ? typeof user.phone === 'string' && key.isMeant(user.phone) : wanted.has(user[field]);
  const [first, ...rest] = values;
  const others = rest.map((value) => nonEmptyString(String(value)));
  const rows = await admin.list(
    'users',
    NocoBaseFilter.oneOf(field, [nonEmptyString(String(first)), ...others]),
    row,
    'roles,departments.roles',
  );
  return rows.filter(isMeant).map(({ id, username, nickname, roles, departments }) => ({
    id,
    username: username ?? undefined,
    nickname: nickname ?? undefined,
    roles: [roles, ...departments.map((department) => department.roles)].flat().map(({ name }) => name),
  }));
}
