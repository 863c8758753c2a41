/**
 * The name of a call without names of records: `authenticators/dingtalk/users:create` is
 * `authenticators/:name/users:create` for every authenticator.
 */
export function boundedOperation(operation: string): string {
  const named = operation.replace(/\/[^/]+\//g, '/:name/');
  return /^[\w:/]{1,64}$/.test(named) ? named : 'other';
}
