import { z } from 'zod';
import type { NocoBaseAdmin } from './nocobase-admin.js';

/** How an administrator names a user; several phone numbers are the ways of writing one. */
export type UserKey =
  | { readonly field: 'id'; readonly values: readonly [number, ...number[]] }
  | { readonly field: 'username' | 'email' | 'phone'; readonly values: readonly [string, ...string[]] };

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

/** The users that an administrator means, re-checked by exact equality. */
export async function findUsers(admin: NocoBaseAdmin, { field, values }: UserKey): Promise<PersonAtNocoBase[]> {
  const wanted = new Set<string | number | null | undefined>(values);
  const rows = await admin.list('users', { [field]: values }, row, 'roles,departments.roles');
  return rows
    .filter((user) => wanted.has(user[field]))
    .map(({ id, username, nickname, roles, departments }) => ({
      id,
      username: username ?? undefined,
      nickname: nickname ?? undefined,
      roles: [roles, ...departments.map((department) => department.roles)].flat().map(({ name }) => name),
    }));
}
