/** Collection, action, fields. */
type Rights = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** The column of `users` before whose time every token is refused; NocoBase itself sets it when a password changes. */
export const SESSIONS_END_AT = 'passwordChangeTz';

/** The roles that every NocoBase has by default: none is meant for a gateway's key. */
export const NOCOBASES_OWN_ROLES: readonly string[] = ['root', 'admin', 'member'];

/**
 * All rights of the gateway's role in NocoBase: collection, action, fields. Everything else is refused with 403.
 * `departments` shows the roles that people hold through one.
 */
export const GATEWAY_RIGHTS: Rights = {
  users: {
    view: ['id', 'phone', 'email', 'username', 'roles', 'departments'],
    create: ['nickname', 'phone', 'email', 'username', 'roles', 'usersAuthenticators'],
  },
  usersAuthenticators: {
    view: ['authenticator', 'userId', 'uuid', 'meta'],
    create: ['authenticator', 'userId', 'uuid', 'nickname', 'meta'],
  },
  issuedTokens: { create: ['id', 'jti', 'signInTime', 'issuedTime', 'userId', 'authenticator'] },
  tokenControlConfig: { view: ['key', 'config'] },
  roles: { view: ['name', 'default'] },
  authenticators: { view: ['name', 'enabled', 'authType'] },
};

/**
 * The rights if fields of `users` come from the identity provider (`DINGTALK_FIELDS`). NocoBase silently drops writes
 * beyond them. The action `update` covers every user, including root: the gateway itself leaves protected accounts
 * unchanged.
 *
 * @param stored all mapped fields, which new users get
 * @param updated those of them that later sign-ins may change
 * @param endsSessions whether the sessions of people who left are ended (`DINGTALK_LEAVERS=lock`)
 */
export function gatewayRights(
  stored: readonly string[],
  updated: readonly string[] = [],
  endsSessions = false,
): Rights {
  const { users, ...others } = GATEWAY_RIGHTS;
  const { view = [], create = [] } = users ?? {};
  const update = both(updated, endsSessions ? [SESSIONS_END_AT] : []);
  return {
    users: {
      view: both(view, updated),
      create: both(create, stored),
      ...(update.length === 0 ? {} : { update }),
    },
    ...others,
  };
}

function both(some: readonly string[], more: readonly string[]): readonly string[] {
  return [...new Set([...some, ...more])];
}
