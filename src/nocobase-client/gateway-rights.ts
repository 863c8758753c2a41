/** Collection, action, fields. */
type Rights = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** The column of `users` before whose time every token is refused; NocoBase itself writes it with a new password. */
export const SESSIONS_END_AT = 'passwordChangeTz';

/** The roles that every NocoBase has from the start: none is for the key of a gateway. */
export const NOCOBASES_OWN_ROLES: readonly string[] = ['root', 'admin', 'member'];

/**
 * All that the gateway's role may do at NocoBase: collection, action, fields. Everything else is refused with 403.
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
 * The rights where fields of `users` come from the identity provider (`DINGTALK_FIELDS`). NocoBase drops without a word
 * what is written past them. The action `update` is good for every user, root included: that protected accounts stay as
 * they are is the gateway's doing.
 *
 * @param stored all mapped fields: new users get them
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
