/** NocoBase's own administrator, whom nobody becomes by signing in. */
const FOR_NOBODY = 'root';

/** Whether roles for new users name one that nobody gets. */
export function namesRoot(roles: readonly unknown[]): boolean {
  return roles.includes(FOR_NOBODY);
}
