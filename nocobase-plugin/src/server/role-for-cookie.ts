import type { Database } from '@nocobase/database';
import { modelOf } from './model-of.js';

/**
 * The role that NocoBase puts in its cookie at a sign-in: the user's default role, or their only one (`setSessionCookies` in its
 * package `@nocobase/auth`). NocoBase looks for it with four statements, a fifth of the CPU time of a sign-in; this is one.
 *
 * @returns undefined if the user holds none directly, or NocoBase has to choose among several
 */
export async function roleForCookie(db: Database, userId: number): Promise<string | undefined> {
  const rows = await modelOf(db, 'rolesUsers').findAll({ where: { userId }, attributes: ['roleName', 'default'] });
  const role = rows.find((row) => row.get('default') === true) ?? (rows.length === 1 ? rows[0] : undefined);
  const name = role?.get('roleName');
  return typeof name === 'string' ? name : undefined;
}
