import { InMemorySessionIssuer } from '../fakes/in-memory-session-issuer.js';
import { InMemoryUserDirectory } from '../fakes/in-memory-user-directory.js';
import { describeSessionIssuer } from './session-issuer.contract.js';
import { describeUserDirectory } from './user-directory.contract.js';

describeUserDirectory('in memory', async () => {
  const directory = new InMemoryUserDirectory();
  directory.seedUser({ phone: '13800000000', username: 'nocobase', roles: ['root', 'admin'] }, 1);
  directory.readOnly.add('jobTitle');
  return {
    directory,
    defaultRole: directory.defaultRole,
    otherRole: 'guest',
    seedUser: async (user) => directory.seedUser(user),
    seedBinding: async (userId, subject, authenticator = directory.authenticator) =>
      directory.seedBinding(userId, subject, { authenticator }),
    seedAuthenticator: async (authType) => {
      const name = `other-${directory.otherAuthenticators.size + 1}`;
      directory.otherAuthenticators.set(name, authType);
      return { name, forget: async () => void directory.otherAuthenticators.delete(name) };
    },
    directoryOf: (authenticator) => directory.at(authenticator),
    rolesOf: async (userId) => directory.user(userId)?.roles ?? [],
    read: async (userId) => {
      const user = directory.user(userId);
      const { nickname, username, phone, email, roles, profile } = user ?? {};
      return { nickname, username, phone, email, roles, ...profile };
    },
  };
});

describeSessionIssuer('in memory', async () => {
  const issuer = new InMemorySessionIssuer('dingtalk');
  let users = 1;
  return {
    issuer,
    authenticator: 'dingtalk',
    seedUser: async () => (users += 1),
    userOf: async (token) => issuer.userOf(token),
  };
});
