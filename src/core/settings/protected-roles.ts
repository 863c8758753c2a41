/** Users with one of these roles are never linked by a field, unless an administrator configures otherwise. */
export const PROTECTED_ROLES: readonly string[] = ['root', 'admin'];
