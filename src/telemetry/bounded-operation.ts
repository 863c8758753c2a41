/**
 * The name of a call without the names of rows that stand in it: `authenticators/dingtalk/users:create` is
 * `authenticators/:name/users:create` for every authenticator.
 */
export function boundedOperation(operation: string): string {
  const named = operation.replace(/\/[^/]+\//g, '/:name/');
  return /^[\w:/]{1,64}$/.test(named) ? named : 'other';
}
