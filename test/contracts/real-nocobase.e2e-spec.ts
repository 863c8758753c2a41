import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { launchMariaDb, type MariaDb } from '../../real-nocobase/mariadb.mjs';
import { launchPostgres, type Postgres } from '../../real-nocobase/postgres.mjs';
import { nonEmptyString, UserDirectory } from '../../src/core/accounts/index.js';
import { GATEWAY_RIGHTS, gatewayRights, NocoBaseClientModule, SessionIssuer } from '../../src/nocobase-client/index.js';
import { provision } from '../../src/cli/provision/index.js';
import { UpstreamHttpClient } from '../../src/core/upstream/index.js';
import { UpstreamModule } from '../../src/upstream/index.js';
import { TestNocoBase } from '../support/nocobase.js';
import { describeWith } from '../support/requirements.js';
import { describeSessionIssuer } from './session-issuer.contract.js';
import { describeUserDirectory } from './user-directory.contract.js';

/** Custom fields; later sign-ins may change the first two of them. */
const CUSTOM_FIELDS = ['avatarUrl', 'jobNumber', 'jobTitle'];

async function addCustomFields(nocobase: TestNocoBase): Promise<void> {
  for (const name of CUSTOM_FIELDS) {
    await nocobase.call('POST', 'collections/users/fields:create', {
      name,
      type: 'string',
      interface: 'input',
      unique: name === 'jobNumber',
      uiSchema: { type: 'string', title: name, 'x-component': 'Input' },
    });
  }
}

/** Names of further authenticators that a test may create. */
const OTHERS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];

/** As `provision` does if `DINGTALK_FIELDS` is set. */
async function grantFields(nocobase: TestNocoBase): Promise<void> {
  const { users } = gatewayRights(CUSTOM_FIELDS, ['nickname', 'phone', 'email', 'avatarUrl', 'jobNumber']);
  const where = { dataSourceKey: 'main', name: 'users' };
  const query = new URLSearchParams({ filter: JSON.stringify(where) }).toString();
  await nocobase.call('POST', `roles/dingtalk-gateway/dataSourceResources:update?${query}`, {
    ...where,
    usingActionsConfig: true,
    actions: Object.entries({ ...users, view: [...(users?.['view'] ?? []), 'jobTitle'] }).map(([name, fields]) => ({
      name,
      fields,
    })),
  });
}

/**
 * Both contracts, with exactly the rights that SECURITY.md recommends to operators.
 *
 * @param narrow converts tables so that they cannot store characters above U+FFFF, if the database can have such tables
 */
function describeClient(database: string, launch: () => Promise<TestNocoBase>, narrow?: () => Promise<void>): void {
  describe(`NocoBase on ${database}, with the least-privileged key`, () => {
    let nocobase: TestNocoBase;
    let client: INestApplicationContext;
    const others: INestApplicationContext[] = [];
    const made = new Set<string>();
    let directories: Record<string, UserDirectory> = {};

    beforeAll(async () => {
      nocobase = await launch();
      const upstream = await NestFactory.createApplicationContext(UpstreamModule, { logger: false });
      const apiKey = await provision(
        upstream.get(UpstreamHttpClient),
        {
          url: nocobase.url,
          ...nocobase.root,
          name: 'dingtalk-gateway',
          authenticator: 'dingtalk',
          dryRun: false,
          rights: GATEWAY_RIGHTS,
        },
        () => undefined,
      );
      await upstream.close();
      await addCustomFields(nocobase);
      await grantFields(nocobase);
      const optionsOf = (authenticator: string) => ({
        url: nocobase.url,
        publicUrl: nocobase.url,
        app: 'main',
        apiToken: apiKey!,
        jwtSecret: Buffer.from(nocobase.jwtSecret),
        authenticator,
        handOff: 'query' as const,
        timeoutMs: 10_000,
      });
      const start = async (authenticator: string) =>
        NestFactory.createApplicationContext(NocoBaseClientModule.forRoot(optionsOf(authenticator)), { logger: false });
      client = await start('dingtalk');
      for (const name of OTHERS) {
        others.push(await start(name));
        directories = { ...directories, [name]: others.at(-1)!.get(UserDirectory) };
      }
    }, 120_000);

    afterAll(async () => {
      await Promise.all([client, ...others].map((context) => context?.close()));
      await nocobase?.stop();
    });

    describeUserDirectory(`NocoBase on ${database}`, async () => ({
      directory: client.get(UserDirectory),
      defaultRole: 'member',
      otherRole: 'admin',
      seedUser: async (user) => nocobase.addUser({ nickname: 'Seeded', ...user }),
      seedBinding: async (userId, uuid, authenticator = 'dingtalk') => {
        await nocobase.call('POST', 'usersAuthenticators:create', { authenticator, userId, uuid });
      },
      seedAuthenticator: async (authType) => {
        const name = OTHERS.find((one) => !made.has(one))!;
        made.add(name);
        const row = { name, authType, title: name, enabled: true };
        const { id } = await nocobase.call<{ id: number }>('POST', 'authenticators:create', row);
        return {
          name,
          forget: async () => {
            const renamed = { id, name: `${name}-renamed`, enabled: true };
            await nocobase.call('POST', `authenticators:update?filterByTk=${id}`, renamed);
          },
        };
      },
      directoryOf: (authenticator) => directories[authenticator]!,
      rolesOf: async (userId) => {
        const roles = await nocobase.call<{ name: string }[]>('GET', `users/${userId}/roles:list?fields=name`);
        return roles.map(({ name }) => name);
      },
      read: async (userId) => {
        const fields = ['nickname', 'username', 'phone', 'email', ...CUSTOM_FIELDS].join(',');
        const [user] = await nocobase.list('users', { id: userId }, fields, 'roles');
        const roles = (user?.['roles'] ?? []) as { name: string }[];
        return { ...user, roles: roles.map(({ name }) => name) };
      },
    }));

    describeSessionIssuer(`NocoBase on ${database}`, async () => ({
      issuer: client.get(SessionIssuer),
      authenticator: 'dingtalk',
      seedUser: async () => nocobase.addUser({ nickname: 'Seeded' }),
      userOf: async (token) =>
        nocobase.whoIs(token, 'dingtalk').then(
          ({ id }) => id,
          () => undefined,
        ),
    }));

    it('returns the roles that people hold through a department', async () => {
      const userId = await nocobase.addUser({ nickname: 'Head', phone: '13711112222' });
      const department = await nocobase.call<{ id: number }>('POST', 'departments:create', {
        title: 'Heads',
        roles: ['admin'],
      });
      await nocobase.call('POST', `departments/${department.id}/members:add`, [userId]);

      const { byPhone } = await client.get(UserDirectory).findMatches('+8613711112222' as never, undefined);

      expect(byPhone).toEqual([{ id: userId, roles: expect.arrayContaining(['member', 'admin']) }]);
    });

    // Last, because it changes tables.
    if (narrow === undefined) return;
    it('signs in people whose name its tables cannot store', async () => {
      await narrow();
      const directory = client.get(UserDirectory);
      const subject = nonEmptyString('union-with-an-emoji');
      const name = { nickname: '李雷😀', username: nonEmptyString('li-lei-with-an-emoji') };

      const id = await directory.register({ ...name, subject, roles: [] });

      expect(await directory.findByBinding(subject)).toEqual({ here: id, elsewhere: [] });
      expect(await nocobase.list('users', { id }, 'nickname,username')).toEqual([{ ...name, nickname: '李雷' }]);
      const another = await nocobase.addUser({ nickname: 'Bound later' });
      const later = { subject: nonEmptyString('union-bound-later'), nickname: '𠮷😀', organization: undefined };
      await directory.bind(another, later);
      expect(await directory.findByBinding(later.subject)).toEqual({ here: another, elsewhere: [] });
    });
  });
}

describeClient('SQLite', async () => TestNocoBase.launch());

for (const as of ['2.1', '2.0'] as const) {
  describeClient(`SQLite, looking like ${as}`, async () => TestNocoBase.launch({ as }));
}

describeWith('postgres', 'On PostgreSQL', () => {
  let postgres: Postgres;
  afterAll(async () => postgres?.stop());

  describeClient('PostgreSQL', async () => {
    postgres = await launchPostgres();
    const { host, port, user, database } = postgres;
    return TestNocoBase.launch({ database: { dialect: 'postgres', host, port, user, database } });
  });
});

describeWith('mariadb', 'On MariaDB', () => {
  let mariadb: MariaDb;
  afterAll(async () => mariadb?.stop());

  describeClient(
    'MariaDB',
    async () => {
      mariadb = await launchMariaDb();
      const { host, port, user, database } = mariadb;
      return TestNocoBase.launch({ database: { dialect: 'mariadb', host, port, user, database } });
    },
    // As in an installation from before utf8mb4. Not in strict mode, so that existing rows keep what can be converted.
    async () => {
      for (const table of ['users', 'usersAuthenticators']) {
        await mariadb.run(`SET sql_mode = ''; ALTER TABLE ${table} CONVERT TO CHARACTER SET utf8mb3`);
      }
    },
  );
});
