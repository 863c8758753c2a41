import { listed } from '../texts/index.js';
import { failed, type Finding, ok } from './probe.js';
import { NEW_USER_ROLES } from './texts/accounts.js';

export const NEW_USER_ROLES_PROBE = { id: 'nocobase.new-user-roles', title: NEW_USER_ROLES.title } as const;

interface Role {
  readonly name: string;
  readonly default?: boolean | null | undefined;
}

/** Without a role a new user can do nothing. @param wanted those of the settings; @param roles those of NocoBase */
export function newUserRolesFinding(wanted: readonly string[], roles: readonly Role[]): Finding {
  const known = new Set(roles.map(({ name }) => name));
  const unknown = wanted.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    return failed(NEW_USER_ROLES.unknown(unknown.join(', ')), NEW_USER_ROLES.correct);
  }
  const given = wanted.length > 0 ? wanted : roles.flatMap((role) => (role.default ? [role.name] : []));
  if (given.length > 0) return ok(NEW_USER_ROLES.given(listed(given)));
  return failed(NEW_USER_ROLES.none, NEW_USER_ROLES.setOne);
}
