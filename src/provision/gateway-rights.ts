/**
 * All that the gateway's role may do at NocoBase: collection, action, fields. Everything else is refused with 403.
 * `departments` shows the roles that people hold through one.
 */
export const GATEWAY_RIGHTS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  users: {
    view: ['id', 'phone', 'email', 'username', 'roles', 'departments'],
    create: ['nickname', 'phone', 'email', 'username', 'roles', 'usersAuthenticators'],
  },
  usersAuthenticators: {
    view: ['authenticator', 'userId', 'uuid'],
    create: ['authenticator', 'userId', 'uuid', 'nickname', 'meta'],
  },
  issuedTokens: { create: ['id', 'jti', 'signInTime', 'issuedTime', 'userId', 'authenticator'] },
  tokenControlConfig: { view: ['key', 'config'] },
  roles: { view: ['name', 'default'] },
  authenticators: { view: ['name', 'enabled', 'authType'] },
};
