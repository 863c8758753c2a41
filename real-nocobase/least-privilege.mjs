// Makes the least-privileged role the gateway needs, a user that holds it, and an API key of both. Types:
// least-privilege.d.mts. An operator can do each step in NocoBase's pages as well.
import { randomBytes } from 'node:crypto';

/** Collection -> action -> the fields it may touch. Everything else is refused with 403. */
export const GATEWAY_RIGHTS = {
  // "roles" and "departments" let `appends=roles,departments.roles` show which roles a person holds
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
  authenticators: { view: ['name', 'enabled', 'authType'] },
  roles: { view: ['name', 'default'] },
};

const NO_SETTINGS_PAGES = ['!ui.*', '!pm', '!pm.*'];
/** Held only while the key is made: without it a user cannot create API keys, not even for itself. */
const API_KEYS_PAGE = ['!ui.*', 'pm.api-keys.configuration'];

export async function createGatewayRole({
  url,
  apiKey,
  roleName = 'dingtalk-gateway',
  userName = roleName,
  rights = GATEWAY_RIGHTS,
  expiresIn = 'never',
}) {
  const call = async (method, action, body, token = apiKey) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const response = await fetch(`${url}/api/${action}`, { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${action}: ${response.status} ${text}`);
    }
    return JSON.parse(text).data;
  };
  const grant = (collection, actions) =>
    call('POST', `roles/${roleName}/dataSourceResources:create`, {
      dataSourceKey: 'main',
      name: collection,
      usingActionsConfig: true,
      actions: Object.entries(actions).map(([name, fields]) => ({ name, fields })),
    });

  // the title is unique, too
  await call('POST', 'roles:create', { name: roleName, title: roleName, snippets: NO_SETTINGS_PAGES });
  for (const [collection, actions] of Object.entries(rights)) {
    await grant(collection, actions);
  }

  const password = randomBytes(24).toString('base64url');
  const user = await call('POST', 'users:create', {
    nickname: userName,
    username: userName,
    password,
    roles: [roleName],
  });
  const setSnippets = (snippets) => call('POST', `roles:update?filterByTk=${roleName}`, { snippets });
  await setSnippets(API_KEYS_PAGE);
  try {
    const { token } = await call('POST', 'auth:signIn', { account: userName, password }, null);
    const key = await call('POST', 'apiKeys:create', { name: userName, role: { name: roleName }, expiresIn }, token);
    return { apiKey: key.token, userId: user.id };
  } finally {
    await setSnippets(NO_SETTINGS_PAGES);
  }
}
