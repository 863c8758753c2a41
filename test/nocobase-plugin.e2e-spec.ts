import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ASSERTION_TYPE, type TicketClaims, type TicketIdentity } from '../src/core/plugin-protocol/index.js';
import { freshFor, Signer } from '../src/plugin-client/signing/signer.js';
import { eventually } from './support/eventually.js';
import { HOSTILE_RETURN_PATHS } from './support/hostile-return-paths.js';
import type { TestNocoBase } from './support/nocobase.js';
import { launchWithPlugin } from './support/nocobase-plugin.js';
import { PluginBrowser, type Redeemed } from './support/plugin-browser.js';
import { someSecret, StandInGateway } from './support/stand-in-gateway.js';

const CORP = 'ding-ours';
/** How long the plugin may use keys without fetching them again. */
const KEYS_ARE_FRESH_SECONDS = 60;

describe('With the plugin in a real NocoBase', () => {
  /** Everything that NocoBase logs, down to its finest level. */
  const log: string[] = [];
  let nocobase: TestNocoBase;
  let gateway: StandInGateway;
  let rotating: StandInGateway;

  beforeAll(async () => {
    [nocobase, gateway, rotating] = await Promise.all([
      launchWithPlugin({ env: { NB_LOG: 'debug' }, commands: true, onProgress: (line) => log.push(line) }),
      StandInGateway.launch(),
      StandInGateway.launch(),
    ]);
    await configure('dingtalk', {});
    await addAuthenticator('strict', { autoSignUp: false });
    await addAuthenticator('rotating', { gatewayUrl: rotating.url });
  }, 120_000);

  afterAll(async () => {
    await nocobase?.stop();
    await Promise.all([gateway?.stop(), rotating?.stop()]);
  });

  function options(changes: object): object {
    return {
      gatewayUrl: gateway.url,
      nocobaseUrl: nocobase.url,
      clientId: 'ding-client',
      clientSecret: 'the-client-secret',
      corpIds: [CORP],
      autoSignUp: true,
      ...changes,
    };
  }

  async function configure(name: string, changes: object, row: object = {}): Promise<void> {
    const values = { enabled: true, options: options(changes), ...row };
    await nocobase.call('POST', `authenticators:update?filter=${JSON.stringify({ name })}`, values);
  }

  async function addAuthenticator(name: string, changes: object, row: object = {}): Promise<number> {
    const values = { name, authType: 'DingTalk', title: name, enabled: true, options: options(changes), ...row };
    return (await nocobase.call<{ id: number }>('POST', 'authenticators:create', values)).id;
  }

  const browser = (): PluginBrowser => new PluginBrowser(`${nocobase.url}/api`);

  /** A complete sign-in in a separate browser, with these claims in the ticket. */
  async function signIn(identity: TicketIdentity, claims: Partial<TicketClaims> = {}): Promise<Redeemed> {
    const own = browser();
    const { authenticator = 'dingtalk' } = claims;
    const { challenge } = await own.start({ authenticator });
    const issuer = authenticator === 'rotating' ? rotating : gateway;
    return own.redeem(await issuer.ticket({ aud: nocobase.url, challenge, identity, ...claims }), authenticator);
  }

  describe('a return path', () => {
    it("is a page of NocoBase's clients, or the default one, on the way to the gateway and back", async () => {
      for (const wanted of [...HOSTILE_RETURN_PATHS, '/portal/x']) {
        const { location } = await browser().start({ redirect: wanted });
        expect([wanted, location.searchParams.get('redirect')]).toEqual([wanted, null]);
        // A gateway that is older, or under an attacker's control by now.
        if (!/^[!-~]+$/.test(wanted)) continue;
        expect([wanted, await signIn(person(), { returnPath: wanted })]).toEqual([
          wanted,
          expect.objectContaining({ status: 200, redirect: '/admin' }),
        ]);
      }
    });

    it('keeps its own query and fragment, and may be one that an administrator listed', async () => {
      const authenticator = `listed-${randomInt(1e9)}`;
      await addAuthenticator(authenticator, { returnPaths: ['/portal'] });
      for (const wanted of ['/admin/x:y?code=1&state=2', '/portal/x', '/v/portal', '/v/admin/x']) {
        const { location } = await browser().start({ authenticator, redirect: wanted });
        expect(location.searchParams.get('redirect')).toBe(wanted);
        expect(await signIn(person(), { authenticator, returnPath: wanted })).toMatchObject({ redirect: wanted });
      }
    });
  });

  describe('a sign-in', () => {
    it('of a bound person creates a session of NocoBase that is valid, stored and renewed', async () => {
      const someone = person();
      const id = await nocobase.addUser({ nickname: 'Bound', username: `bound-${randomInt(1e9)}` });
      await bind(id, someone.subject);

      const own = browser();
      const { location, challenge } = await own.start({ redirect: '/admin/page?x=1' });
      expect(`${location.origin}${location.pathname}`).toBe(`${gateway.url}/auth/dingtalk/dingtalk`);
      expect(location.searchParams.get('redirect')).toBe('/admin/page?x=1');
      const ticket = await gateway.ticket({ aud: nocobase.url, challenge, identity: someone });
      const done = await own.redeem(ticket);

      expect(done).toMatchObject({ status: 200, redirect: '/admin/a?b=1', user: { id } });
      await expect(nocobase.whoIs(done.token!, 'dingtalk')).resolves.toMatchObject({ id });
      const issued = await nocobase.list('issuedTokens', { userId: id }, 'userId,authenticator');
      expect(issued).toEqual([expect.objectContaining({ userId: id, authenticator: 'dingtalk' })]);
      // NocoBase's own cookies, by which its files and its sockets know people.
      expect(own.cookies).toEqual(
        expect.arrayContaining(['nb_auth_token_main', 'nb_authenticator_main', 'nb_csrf_token_main']),
      );
      expect(own.cookies.filter((name) => name.startsWith('nb_dingtalk_'))).toEqual([]);
    });

    it('creates a session that NocoBase renews when its token is too old', async () => {
      const before = await nocobase.call<{ config: object }>(
        'GET',
        'tokenControlConfig:get?filterByTk=token-policy-config',
      );
      const config = { ...before.config, tokenExpirationTime: '1s' };
      await nocobase.call('POST', 'tokenControlConfig:update?filterByTk=token-policy-config', { config });
      try {
        const { token, user } = await signIn(person());
        await delay(1500);
        const headers = { authorization: `Bearer ${token!}`, 'x-authenticator': 'dingtalk' };
        const answer = await fetch(`${nocobase.url}/api/auth:check`, { headers });
        expect(answer.status).toBe(200);
        const renewed = answer.headers.get('x-new-token');
        expect(renewed).toEqual(expect.any(String));
        await expect(nocobase.whoIs(renewed!, 'dingtalk')).resolves.toMatchObject({ id: user!['id'] });
      } finally {
        await nocobase.call('POST', 'tokenControlConfig:update?filterByTk=token-policy-config', before);
      }
    });

    it('finds a person by phone number, and binds them from then on', async () => {
      const someone = person();
      const id = await nocobase.addUser({ nickname: 'By phone', phone: someone.phone!.slice(3) });
      expect(await signIn(someone)).toMatchObject({ status: 200, user: { id } });
      expect(await nocobase.bindingsOf(someone.subject)).toEqual([expect.objectContaining({ userId: id })]);
      await nocobase.call('POST', `users:update?filterByTk=${id}`, { phone: somePhone() });
      expect(await signIn(someone)).toMatchObject({ status: 200, user: { id } });
    });

    it('of a new person assigns the role that NocoBase gives to new users', async () => {
      const someone = person({ name: '张三' });
      expect(await signIn(someone)).toMatchObject({ status: 200, user: { nickname: '张三' } });
      expect(await rolesOf(someone)).toEqual(['member']);
      expect(await nocobase.bindingsOf(someone.subject)).toHaveLength(1);
    });

    it("of a new person applies the administrator's roles and fields", async () => {
      await nocobase.call('POST', 'roles:create', { name: 'reader', title: 'Reader' });
      await nocobase.call('POST', 'collections/users/fields:create', {
        name: 'jobNumber',
        type: 'string',
        interface: 'input',
        uiSchema: { type: 'string', title: 'jobNumber', 'x-component': 'Input' },
      });
      await addAuthenticator('roles', {
        defaultRoles: ['reader'],
        identity: 'member',
        fields: ['jobNumber=jobNumber:overwrite'],
      });
      const someone = person({ jobNumber: 'A-1' });
      expect(await signIn(someone, { authenticator: 'roles' })).toMatchObject({
        status: 200,
        user: { jobNumber: 'A-1' },
      });
      expect(await rolesOf(someone)).toEqual(['reader']);

      const promoted = await signIn({ ...someone, jobNumber: 'A-2' }, { authenticator: 'roles' });
      expect(promoted).toMatchObject({ user: { jobNumber: 'A-2' } });
    });

    it('of a new person registers them once, however many tabs and nodes sign in at the same time', async () => {
      const someone = person();
      const all = await Promise.all(Array.from({ length: 8 }, async () => signIn(someone)));
      expect(new Set(all.map(({ status, user }) => `${status} ${String(user?.['id'])}`)).size).toBe(1);
      expect(all[0]?.status).toBe(200);
      expect(await nocobase.userByPhone(someone.phone!.slice(3))).toHaveLength(1);
      expect(await nocobase.bindingsOf(someone.subject)).toHaveLength(1);
    });

    it('reports in NocoBase that a role does not exist, and leaves nothing behind', async () => {
      await addAuthenticator('no-role', { defaultRoles: ['no-such-role'] });
      const someone = person();
      expect(await signIn(someone, { authenticator: 'no-role' })).toMatchObject({ status: 500, code: 'misconfigured' });
      expect(await nocobase.userByPhone(someone.phone!.slice(3))).toEqual([]);
    });
  });

  describe('nobody gets in', () => {
    it.each<[string, () => Promise<TicketIdentity>, string, number, string]>([
      [
        'of another organization',
        async () => person({ organization: 'ding-other' }),
        'dingtalk',
        403,
        'organization_not_allowed',
      ],
      [
        'of no organization',
        async () => without(person(), 'organization'),
        'dingtalk',
        403,
        'organization_not_allowed',
      ],
      ['without a user, where there is no sign-up', async () => person(), 'strict', 403, 'user_not_registered'],
      ['whose number DingTalk does not give', async () => without(person(), 'phone'), 'dingtalk', 403, 'phone_missing'],
      ['with the number of the first user', async () => withPhoneOf(1), 'dingtalk', 403, 'account_protected'],
      [
        'with the number of an administrator',
        async () => withPhoneOf(await seed(['admin'])),
        'dingtalk',
        403,
        'account_protected',
      ],
      [
        'with the number of an administrator by department',
        async () => withPhoneOf(await seedInDepartment()),
        'dingtalk',
        403,
        'account_protected',
      ],
      ['with a number that two users have', async () => withSharedPhone(), 'dingtalk', 409, 'account_conflict'],
      [
        'with the number of a user who is bound to somebody else',
        async () => withBoundPhone(),
        'dingtalk',
        409,
        'account_conflict',
      ],
      ['whose user is gone', async () => withOrphanedBinding(), 'dingtalk', 409, 'account_conflict'],
    ])('%s', async (_who, make, authenticator, status, code) => {
      const identity = await make();
      const refused = await signIn(identity, { authenticator });
      expect(refused).toMatchObject({ status, code });
      expect(refused.token).toBeUndefined();
      expect(refused.message).not.toContain(identity.subject);
    });

    async function withPhoneOf(id: number): Promise<TicketIdentity> {
      const someone = person();
      await nocobase.call('POST', `users:update?filterByTk=${id}`, { phone: someone.phone!.slice(3) });
      return someone;
    }

    async function seed(roles: readonly string[]): Promise<number> {
      return nocobase.addUser({ nickname: 'Seeded', username: `seeded-${randomInt(1e9)}`, roles });
    }

    async function seedInDepartment(): Promise<number> {
      const id = await seed(['member']);
      await nocobase.call('POST', 'departments:create', { title: 'Administration', roles: ['admin'], members: [id] });
      return id;
    }

    async function withSharedPhone(): Promise<TicketIdentity> {
      const someone = person();
      await nocobase.addUser({ nickname: 'One', phone: someone.phone! });
      await nocobase.addUser({ nickname: 'Other', phone: someone.phone!.slice(3) });
      return someone;
    }

    async function withBoundPhone(): Promise<TicketIdentity> {
      const someone = person();
      const id = await nocobase.addUser({ nickname: 'Taken', phone: someone.phone! });
      await bind(id, person().subject);
      return someone;
    }

    async function withOrphanedBinding(): Promise<TicketIdentity> {
      const someone = person();
      await bind(123_456_789, someone.subject);
      return someone;
    }
  });

  describe('an account that another person may have', () => {
    const withPassword = { password: 'mallory-knows-it-1' };

    async function passwordSession(account: string): Promise<string> {
      const answer = await nocobase.call<{ token: string }>(
        'POST',
        'auth:signIn',
        { account, password: withPassword.password },
        { authorization: '', 'x-authenticator': 'basic' },
      );
      return answer.token;
    }

    const isGood = async (token: string, authenticator: string): Promise<boolean> =>
      nocobase.whoIs(token, authenticator).then(
        () => true,
        () => false,
      );

    const linkedLines = (userId: number): string[] =>
      log.filter((line) => line.includes('account_linked') && new RegExp(`"?userId"?[:=]\\s*${userId}\\b`).test(line));

    it('ends its other sessions when it is linked by number, and not the new one', async () => {
      const someone = person();
      const username = `mallory-${randomInt(1e9)}`;
      const id = await nocobase.addUser({ nickname: 'Mallory', username, ...withPassword });
      const own = await passwordSession(username);
      const headers = { authorization: `Bearer ${own}`, 'x-authenticator': 'basic' };
      const profile = { username, phone: someone.phone!.slice(3) };
      await nocobase.call('POST', 'users:updateProfile', profile, headers);
      const renewed = await passwordSession(username);

      const tabs = await Promise.all([signIn(someone), signIn(someone), signIn(someone)]);

      expect(tabs.map(({ status, user }) => [status, user?.['id']])).toEqual([
        [200, id],
        [200, id],
        [200, id],
      ]);
      expect([await isGood(own, 'basic'), await isGood(renewed, 'basic')]).toEqual([false, false]);
      for (const { token } of tabs) expect(await isGood(token!, 'dingtalk')).toBe(true);
      await delay(200);
      const lines = linkedLines(id);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/sessionsEnded"?[:=]\s*true/);
      for (const secret of [someone.subject, someone.phone!.slice(3), username]) expect(lines[0]).not.toContain(secret);
      // It is linked now: a returning person ends nothing.
      const again = await signIn(someone);
      for (const token of [...tabs.map((tab) => tab.token!), again.token!]) {
        expect(await isGood(token, 'dingtalk')).toBe(true);
      }
    });

    it('logs nothing, and ends nothing, if nobody can have used it', async () => {
      const someone = person();
      const id = await nocobase.addUser({ nickname: 'Fresh', phone: someone.phone!.slice(3) });
      expect(await signIn(someone)).toMatchObject({ status: 200, user: { id } });
      await delay(200);
      expect(linkedLines(id)).toEqual([]);
      const [user] = await nocobase.list('users', { id }, 'id,passwordChangeTz');
      expect(user?.['passwordChangeTz'] ?? null).toBeNull();
    });

    it('is not given to the next owner of its number by another authenticator, nor after that was renamed', async () => {
      const [former, next] = [person(), person()];
      const id = await nocobase.addUser({ nickname: 'Known', phone: former.phone!.slice(3) });
      const branch = await addAuthenticator('branch', {});
      await signIn(former, { authenticator: 'branch' });
      const nextOwner = { ...next, phone: former.phone! };

      expect(await signIn(nextOwner)).toMatchObject({ status: 409, code: 'account_conflict' });
      await nocobase.call('POST', `authenticators:update?filterByTk=${branch}`, {
        id: branch,
        name: 'branch-2',
        enabled: true,
      });
      expect(await signIn(nextOwner)).toMatchObject({ status: 409, code: 'account_conflict' });
      // The same person is recognized by the unionId, whatever the number is now.
      expect(await signIn({ ...former, phone: `+86${somePhone()}` })).toMatchObject({ status: 200, user: { id } });
    });

    it('may be linked from two organizations if the administrator allows it', async () => {
      const [here, there] = [person(), person({ organization: 'ding-other' })];
      const id = await nocobase.addUser({ nickname: 'Works in two', phone: here.phone!.slice(3) });
      await signIn(here);
      const both = { corpIds: [CORP, 'ding-other'] };
      await addAuthenticator('one-each', both);
      await addAuthenticator('several', { ...both, severalBindings: true });
      const second = { ...there, phone: here.phone! };

      expect(await signIn(second, { authenticator: 'one-each' })).toMatchObject({ code: 'account_conflict' });
      const sameOrganization = { ...second, organization: CORP };
      expect(await signIn(sameOrganization, { authenticator: 'several' })).toMatchObject({ code: 'account_conflict' });
      expect(await signIn(second, { authenticator: 'several' })).toMatchObject({ status: 200, user: { id } });
    });

    it.each([
      ['exactly one organization', [CORP], 200],
      ['several', [CORP, 'ding-third'], 409],
      ['none', [], 409],
    ])(
      'whose binding names no organization belongs to its authenticator’s: for one with %s',
      async (_what, corpIds, status) => {
        const before = `before-${randomInt(1e9)}`;
        await addAuthenticator(before, { corpIds, autoSignUp: false });
        await addAuthenticator(`after-${before}`, { corpIds: [CORP, 'ding-other'], severalBindings: true });
        const someone = person({ organization: 'ding-other' });
        const id = await nocobase.addUser({ nickname: 'Bound long ago', phone: someone.phone!.slice(3) });
        const values = { authenticator: before, userId: id, uuid: `u-${before}`, meta: { dingtalkGateway: {} } };
        await nocobase.call('POST', 'usersAuthenticators:create', values);

        expect(await signIn(someone, { authenticator: `after-${before}` })).toMatchObject({ status });
      },
    );

    it('is never found by a number if the administrator wants that: a new user gets none', async () => {
      await addAuthenticator('unmatched', { match: 'none' });
      const someone = person();
      const owner = await nocobase.addUser({ nickname: 'Has the number', phone: someone.phone! });
      const { status, user } = await signIn(someone, { authenticator: 'unmatched' });

      expect(status).toBe(200);
      expect(user?.['id']).not.toBe(owner);
      expect(user?.['phone'] ?? null).toBeNull();
      expect(await nocobase.userByPhone(someone.phone!)).toEqual([expect.objectContaining({ id: owner })]);
      expect(await signIn(without(person(), 'phone'), { authenticator: 'unmatched' })).toMatchObject({ status: 200 });
      await addAuthenticator('unmatched-strict', { match: 'none', autoSignUp: false });
      const known = person();
      await nocobase.addUser({ nickname: 'Has the number', phone: known.phone! });
      expect(await signIn(known, { authenticator: 'unmatched-strict' })).toMatchObject({ code: 'user_not_registered' });
    });
  });

  it('tells its gateway, and nobody else, which fields people may change themselves', async () => {
    const ask = async (query: string, headers: Record<string, string>) =>
      (await fetch(`${nocobase.url}/api/dingtalk:settings${query}`, { headers })).json() as Promise<{ data?: object }>;
    const asGateway = async () => ({ 'x-gateway-assertion': await gateway.assertion({ aud: nocobase.url }) });

    expect((await ask('', await asGateway())).data).not.toHaveProperty('facts');
    expect((await ask('?facts=1', {})).data).toBeUndefined();
    const facts = { selfServiceFields: ['nickname', 'username', 'email', 'phone'], sharesSecret: false };
    expect((await ask('?facts=1', await asGateway())).data).toMatchObject({ facts });
    await nocobase.call('POST', 'users:updateSystemSettings', { enableEditProfile: false });
    try {
      const { data } = await ask('?facts=1', await asGateway());
      expect(data).toMatchObject({ facts: { selfServiceFields: [] } });
    } finally {
      await nocobase.call('POST', 'users:updateSystemSettings', { enableEditProfile: true });
    }
  });

  describe('a ticket is refused', () => {
    const claims = (changes: Partial<TicketClaims>) => async (): Promise<Redeemed> => signIn(person(), changes);

    it.each<[string, () => Promise<Redeemed>]>([
      ['for another NocoBase', claims({ aud: 'https://elsewhere.example.com' })],
      ['for another application', claims({ app: 'sales' })],
      ['of another gateway', claims({ iss: 'https://gateway.example.com' })],
      ['that is too old', claims({ ...times(-190, -130) })],
      ['that is of tomorrow', claims({ ...times(3600, 3660) })],
      ['that lives too long', claims({ ...times(0, 90) })],
      ['whose return path is none', claims({ returnPath: '//evil.example.com' })],
      ['whose return path has a backslash', claims({ returnPath: '/\\evil.example.com' })],
      ['for another authenticator', async () => redeemedAt('strict', async (ticket) => ticket)],
      ['that is an assertion', async () => altered(async (_ticket, all) => gateway.signer.sign(ASSERTION_TYPE, all))],
      ['of no kind', async () => altered(async (_ticket, all) => gateway.signer.sign('JWT', all))],
      [
        'that a stranger signed',
        async () => altered(async (_ticket, all) => new Signer([someSecret()]).sign('dingtalk-ticket+jwt', all)),
      ],
      ['that a stranger signed in the name of our key', async () => altered(forged)],
      [
        'that nobody signed (alg none)',
        async () =>
          altered(async (_ticket, all) => `${part({ alg: 'none', typ: 'dingtalk-ticket+jwt' })}.${part(all)}.`),
      ],
      ['that is signed with the public key (HS256)', async () => altered(confused)],
      [
        'with one character changed',
        async () =>
          altered(async (ticket) => `${ticket.slice(0, -3)}${ticket.at(-3) === 'A' ? 'B' : 'A'}${ticket.slice(-2)}`),
      ],
      [
        'with other claims under its signature',
        async () => altered(async (ticket, all) => withClaims(ticket, { ...all, identity: person() })),
      ],
      ['that is none', async () => altered(async () => 'ticket')],
      ['that is missing', async () => altered(async () => '')],
    ])('%s', async (_which, attempt) => {
      const refused = await attempt();
      expect(refused).toMatchObject({ status: 400, code: 'invalid_request' });
      expect(refused.token).toBeUndefined();
    });

    it('in another browser, and in the same one when its cookie is gone', async () => {
      const [own, other] = [browser(), browser()];
      const { challenge } = await own.start();
      await other.start();
      const ticket = await gateway.ticket({ aud: nocobase.url, challenge, identity: person() });
      expect(await other.redeem(ticket)).toMatchObject({ status: 400, code: 'invalid_state' });
      expect(await browser().redeem(ticket)).toMatchObject({ status: 400, code: 'invalid_state' });
      // Nobody used it up for its owner.
      expect(await own.redeem(ticket)).toMatchObject({ status: 200 });
      expect(await own.redeem(ticket)).toMatchObject({ status: 400, code: 'invalid_state' });
    });

    it('with the cookie of another sign-in under the right name', async () => {
      const own = browser();
      const { challenge } = await own.start();
      const headers = { cookie: `nb_dingtalk_${challenge}=${Date.now()}.${randomBytes(32).toString('base64url')}` };
      const ticket = await gateway.ticket({ aud: nocobase.url, challenge, identity: person() });
      expect(await browser().redeem(ticket, 'dingtalk', headers)).toMatchObject({ status: 400, code: 'invalid_state' });
    });

    it('the second time, and of twenty at the same moment exactly one is accepted', async () => {
      const own = browser();
      const { challenge } = await own.start();
      // The cookie is kept by hand, as an attacker would who wants to use a ticket again.
      const cookie = own.cookieHeader('nb_dingtalk_');
      const ticket = await gateway.ticket({ aud: nocobase.url, challenge, identity: person() });
      const all = await Promise.all(
        Array.from({ length: 20 }, async () => browser().redeem(ticket, 'dingtalk', { cookie })),
      );
      expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(all.filter(({ code }) => code === 'invalid_state')).toHaveLength(19);
      expect(await browser().redeem(ticket, 'dingtalk', { cookie })).toMatchObject({ code: 'invalid_state' });
    });

    it('if its authenticator is disabled, whichever one NocoBase uses instead', async () => {
      const id = await addAuthenticator('off', {});
      const own = browser();
      const { challenge } = await own.start({ authenticator: 'off' });
      await nocobase.call('POST', `authenticators:update?filterByTk=${id}`, { id, enabled: false });
      const ticket = await gateway.ticket({ aud: nocobase.url, challenge, identity: person(), authenticator: 'off' });
      expect(await own.redeem(ticket, 'off')).toMatchObject({ status: 404, code: 'not_found' });
      await nocobase.call('POST', `authenticators:destroy?filterByTk=${id}`);
      expect(await own.redeem(ticket, 'off')).toMatchObject({ status: 404, code: 'not_found' });
      expect((await own.start({ authenticator: 'off' })).location.searchParams.get('dingtalk_error')).toBe('not_found');
    });

    it("for the moment, with a plain message, while the gateway's keys are unavailable", async () => {
      const away = await StandInGateway.launch();
      await addAuthenticator('away', { gatewayUrl: away.url });
      for (const keys of [
        (_: unknown, response: { writeHead(status: number): { end(): void } }) => response.writeHead(503).end(),
        // Redirects are not followed: they would lead to an address that no administrator chose.
        (_: unknown, response: { writeHead(status: number, headers: object): { end(): void } }) =>
          response.writeHead(302, { location: `${gateway.url}/.well-known/jwks.json` }).end(),
      ]) {
        away.keys = keys as never;
        const own = browser();
        const { challenge } = await own.start({ authenticator: 'away' });
        const ticket = await away.ticket({ aud: nocobase.url, challenge, identity: person(), authenticator: 'away' });
        expect(await own.redeem(ticket, 'away')).toMatchObject({
          status: 503,
          code: 'temporarily_unavailable',
          message: expect.stringContaining('try again'),
        });
      }
      await away.stop();
    });

    const all = async (): Promise<{ own: PluginBrowser; claims: TicketClaims; ticket: string }> => {
      const own = browser();
      const { challenge } = await own.start();
      const ticket = await gateway.ticket({ aud: nocobase.url, challenge, identity: person() });
      const claims = JSON.parse(Buffer.from(ticket.split('.')[1]!, 'base64url').toString()) as TicketClaims;
      return { own, claims, ticket };
    };

    async function altered(change: (ticket: string, claims: TicketClaims) => Promise<string>): Promise<Redeemed> {
      const { own, claims, ticket } = await all();
      return own.redeem(await change(ticket, claims));
    }

    async function redeemedAt(authenticator: string, change: (ticket: string) => Promise<string>): Promise<Redeemed> {
      const { own, ticket } = await all();
      return own.redeem(await change(ticket), authenticator);
    }

    async function forged(ticket: string, claims: TicketClaims): Promise<string> {
      const signature = (await new Signer([someSecret()]).sign('x', claims)).split('.')[2];
      return `${ticket.split('.').slice(0, 2).join('.')}.${signature}`;
    }

    async function confused(_ticket: string, claims: TicketClaims): Promise<string> {
      const [key] = gateway.signer.publicKeys().keys;
      const text = `${part({ alg: 'HS256', typ: 'dingtalk-ticket+jwt', kid: key!.kid })}.${part(claims)}`;
      return `${text}.${createHmac('sha256', Buffer.from(key!.x, 'base64url')).update(text).digest('base64url')}`;
    }

    async function withClaims(ticket: string, claims: TicketClaims): Promise<string> {
      const [header, , signature] = ticket.split('.');
      return `${header}.${part(claims)}.${signature}`;
    }
  });

  describe('the start', () => {
    it('keeps no more than the latest few sign-ins in a browser', async () => {
      const own = browser();
      const challenges: string[] = [];
      for (let n = 0; n < 7; n += 1) {
        challenges.push((await own.start()).challenge);
        await delay(2);
      }
      const kept = own.cookies.filter((name) => name.startsWith('nb_dingtalk_'));
      expect(kept.toSorted()).toEqual(
        challenges
          .slice(2)
          .map((challenge) => `nb_dingtalk_${challenge}`)
          .toSorted(),
      );
    });

    it('sets a cookie that scripts cannot read and other sites do not send', async () => {
      const plain = await fetch(`${nocobase.url}/api/dingtalk:start?authenticator=dingtalk`, { redirect: 'manual' });
      expect(plain.status).toBe(302);
      expect(plain.headers.get('cache-control')).toBe('no-store');
      expect(plain.headers.getSetCookie()).toEqual([
        expect.stringMatching(/^nb_dingtalk_[\w-]{43}=.*; Max-Age=600; Path=\/api\/; HttpOnly; SameSite=Lax$/),
      ]);
    });

    it.each([
      'https://evil.example.com/admin',
      '//evil.example.com',
      '/\\evil.example.com',
      '/admin/%2f/evil',
      'javascript:alert(1)',
      '/signin',
    ])('does not pass on %s', async (redirect) => {
      const { location } = await browser().start({ redirect });
      expect(location.origin).toBe(gateway.url);
      expect(location.searchParams.get('redirect')).toBeNull();
    });

    it('continues with the sign-in inside DingTalk, with the organization', async () => {
      const { location } = await browser().start({ flow: 'in-app', corpId: CORP, redirect: '/v/admin' });
      expect(location.pathname).toBe('/auth/dingtalk/dingtalk/in-app');
      expect(location.searchParams.get('corpId')).toBe(CORP);
      expect(location.searchParams.get('redirect')).toBe('/v/admin');
    });

    it('leads back to the sign-in page if there is no such authenticator, or it is incomplete', async () => {
      const id = await addAuthenticator('empty', { clientId: '', gatewayUrl: '' }, { enabled: true });
      for (const [authenticator, code] of [
        ['nobody', 'not_found'],
        ['basic', 'not_found'],
        ['empty', 'misconfigured'],
      ] as const) {
        const { location } = await browser().start({ authenticator });
        expect(`${location.pathname}${location.search}`).toBe(`/signin?dingtalk_error=${code}`);
        const modern = await browser().start({ authenticator, redirect: '/v/admin' });
        expect(modern.location.pathname).toBe('/v/signin');
      }
      await nocobase.call('POST', `authenticators:destroy?filterByTk=${id}`);
    });
  });

  describe('the page that redeems', () => {
    it('changes nothing, is not cached, runs only its own script and cannot be framed', async () => {
      const response = await fetch(`${nocobase.url}/api/dingtalk:redeem?authenticator=dingtalk`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^text\/html/);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/^default-src 'none'; script-src 'nonce-[\w-]{22}'; .*frame-ancestors 'none'$/);
      expect(policy).not.toContain('unsafe');
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(await response.text()).toContain('Signing you in');
    });

    it('speaks Chinese, and copies nothing unescaped from its address', async () => {
      const evil = '"><script>alert(1)</script>';
      const response = await fetch(`${nocobase.url}/api/dingtalk:redeem?authenticator=${encodeURIComponent(evil)}`, {
        headers: { 'accept-language': 'zh-CN,zh;q=0.9' },
      });
      const text = await response.text();
      expect(text).toContain('正在登录');
      expect(text).not.toContain('<script>alert');
    });
  });

  it('writes nothing of a ticket, of the browser or of a secret into any log', async () => {
    const own = browser();
    const { challenge } = await own.start();
    const cookie = own.cookieHeader('nb_dingtalk_');
    const someone = person({ name: 'Nobody knows me' });
    const ticket = await gateway.ticket({ aud: nocobase.url, challenge, identity: someone });
    await own.redeem(ticket);
    await browser().redeem(ticket);
    await configure('strict', { autoSignUp: false, clientSecret: 'another-secret-that-is-new' });
    // The update is the last one.
    await eventually(() => expect(log.join('\n')).toContain('authenticators:update'));
    const logged = log.join('\n');
    expect(logged).toContain('auth:signIn');
    expect(logged).toContain('dingtalk_sign_in');
    for (const secret of [
      ticket.split('.')[2]!,
      ticket.split('.')[1]!,
      cookie.split('.').at(-1)!,
      someone.subject,
      someone.phone!,
      'the-client-secret',
      'another-secret-that-is-new',
    ]) {
      expect(logged.includes(secret) ? secret : 'nothing').toBe('nothing');
    }
  });

  it('refuses signatures with a key that the gateway revoked, within a minute', async () => {
    // Its keys are in NocoBase's memory from here on.
    expect(await signIn(person(), { authenticator: 'rotating' })).toMatchObject({ status: 200 });
    const old = rotating.signer;
    rotating.signer = new Signer([someSecret()]);
    const later = KEYS_ARE_FRESH_SECONDS + 1;
    await nocobase.moveClock(later * 1000);
    const own = browser();
    const { challenge } = await own.start({ authenticator: 'rotating' });
    const { iat, exp, jti } = freshFor(60);
    const times = { iat: iat + later, exp: exp + later, jti };
    const claims = { iss: rotating.url, aud: nocobase.url, app: 'main', authenticator: 'rotating', ...times };
    const all = { ...claims, challenge, returnPath: '/admin', requestId: 'r', identity: person() };
    expect(await own.redeem(await old.sign('dingtalk-ticket+jwt', all), 'rotating')).toMatchObject({
      status: 400,
      code: 'invalid_request',
    });
    // The new key is valid, and was never announced to NocoBase.
    expect(await own.redeem(await rotating.signer.sign('dingtalk-ticket+jwt', all), 'rotating')).toMatchObject({
      status: 200,
    });
  });

  async function bind(userId: number, uuid: string): Promise<void> {
    const values = { authenticator: 'dingtalk', userId, uuid, nickname: 'bound' };
    await nocobase.call('POST', 'usersAuthenticators:create', values);
  }

  async function rolesOf(someone: TicketIdentity): Promise<readonly unknown[]> {
    const [user] = await nocobase.userByPhone(someone.phone!.slice(3));
    return (user!['roles'] as { name: string }[]).map(({ name }) => name);
  }
});

function person(details: Partial<TicketIdentity> = {}): TicketIdentity {
  return {
    subject: `union-${randomBytes(8).toString('hex')}`,
    name: 'Somebody',
    phone: `+86${somePhone()}`,
    organization: CORP,
    phonePermission: 'Contact.User.mobile',
    ...details,
  };
}

function without(identity: TicketIdentity, name: 'phone' | 'organization'): TicketIdentity {
  return Object.fromEntries(Object.entries(identity).filter(([key]) => key !== name)) as TicketIdentity;
}

function somePhone(): string {
  return `138${String(randomInt(1e8)).padStart(8, '0')}`;
}

function times(issued: number, ends: number): Pick<TicketClaims, 'iat' | 'exp'> {
  const now = Math.floor(Date.now() / 1000);
  return { iat: now + issued, exp: now + ends };
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
