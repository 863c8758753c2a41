/** Whoever holds one of these is never linked by a field, unless an administrator says otherwise. */
export const PROTECTED_ROLES: readonly string[] = ['root', 'admin'];
