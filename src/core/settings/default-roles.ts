/** NocoBase's own administrator role, which no one gets by signing in. */
const FOR_NOBODY = 'root';

/** Whether roles for new users include one that no one gets. */
export function namesRoot(roles: readonly unknown[]): boolean {
  return roles.includes(FOR_NOBODY);
}
