import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_CORP_ID, OTHER_CORP_ID } from '../sandbox/index.js';
import { AloneCase } from './support/alone-case.js';
import { eventually } from './support/eventually.js';
import { outcome, PluginBrowser } from './support/plugin-browser.js';

describe('A NocoBase whose plugin signs people in by itself', () => {
  /** Everything that NocoBase logs, down to its finest level. */
  const log: string[] = [];
  let alone: AloneCase;

  beforeAll(async () => {
    alone = await AloneCase.start({ env: { NB_LOG: 'debug' }, commands: true, onProgress: (line) => log.push(line) });
  }, 120_000);

  afterAll(async () => alone?.close());

  beforeEach(() => {
    alone.sandbox.requests.length = 0;
    alone.sandbox.failures.clear();
  });

  const exchanges = (): number =>
    alone.sandbox.requests.filter(({ operation }) => operation === 'userAccessToken').length;

  // The first test: later failures use up what their address may write to the log in a minute.
  it('names in its log the permission that the application lacks, which the page does not show', async () => {
    alone.sandbox.world.app(DEMO_CLIENT_ID).permissions['Contact.User.Read'] = false;
    try {
      expect(outcome(await alone.signIn('mary'))).toBe('500 misconfigured');
      const logged = (): string => log.join('\n');
      await eventually(() =>
        expect(logged()).toContain('"code":"misconfigured","setting":"DingTalk: Contact.User.Read"'),
      );
    } finally {
      alone.sandbox.world.app(DEMO_CLIENT_ID).permissions['Contact.User.Read'] = true;
    }
  });

  it('sends a browser to DingTalk, with its own redirect URL, which has no query', async () => {
    const own = alone.browser;
    const { location } = await own.start({ redirect: '/admin/orders' });
    expect(`${location.origin}${location.pathname}`).toBe(`${alone.sandbox.loginUrl}/oauth2/auth`);
    expect(location.searchParams.get('redirect_uri')).toBe(`${alone.nocobase.url}/api/dingtalk/callback/dingtalk`);
    expect(location.searchParams.get('corpId')).toBe(DEMO_CORP_ID);
    expect(own.cookies).toEqual([expect.stringMatching(/^sign-in-[\w-]{16}$/)]);
  });

  describe('a start at another address than the saved one', () => {
    const origin = (): string => alone.nocobase.url.replace('127.0.0.1', 'localhost');
    const elsewhere = (): PluginBrowser => new PluginBrowser(`${origin()}/api`);
    const page = (): string => `${origin()}/signin`;

    it('continues at the saved one, with the whole query and before any cookie is set', async () => {
      const away = elsewhere();
      const query = { redirect: '/admin/x?y=1#z', flow: 'in-app', corpId: DEMO_CORP_ID };
      const { location } = await away.start(query, page());
      expect([location.origin, away.cookies]).toEqual([alone.nocobase.url, []]);
      expect(location.pathname).toBe('/api/dingtalk:start');
      const sentOn = { authenticator: 'dingtalk', ...query, 'sent-on': '1' };
      expect(Object.fromEntries(location.searchParams)).toEqual(sentOn);

      const own = alone.browser;
      const there = await elsewhere().start({ redirect: '/admin/x?y=1#z' }, page());
      const answer = await alone.answerFor('li-lei', own, Object.fromEntries(there.location.searchParams));
      expect(await own.bring(answer)).toMatchObject({ status: 200, redirect: '/admin/x?y=1#z' });
    });

    it('is redirected to that one only, and once, whatever page it names', async () => {
      const referer = 'https://evil.example.com/';
      const started = async (query: string): Promise<URL> => {
        const response = await alone.browser.fetch(`dingtalk:start?${query}`, { headers: { referer } });
        return new URL(response.headers.get('location')!, alone.nocobase.url);
      };
      const sentOn = await started('authenticator=dingtalk&redirect=/admin/x');
      expect(sentOn.origin).toBe(alone.nocobase.url);
      expect((await started(sentOn.search.slice(1))).origin).toBe(new URL(alone.sandbox.loginUrl).origin);
    });
  });

  it('registers a new person, and recognizes them the next time, with a valid session', async () => {
    const own = alone.browser;
    const first = await alone.signIn('li-lei', { redirect: '/admin/orders?x=1', own });
    expect(first).toMatchObject({ status: 200, redirect: '/admin/orders?x=1', user: { nickname: '李雷' } });
    expect(own.cookies.filter((name) => name.startsWith('sign-in-'))).toEqual([]);
    const second = await alone.signIn('li-lei', { redirect: '/v/admin/x' });
    expect(second).toMatchObject({ status: 200, redirect: '/v/admin/x', user: { id: first.user!['id'] } });
    await expect(alone.nocobase.whoIs(second.token!, 'dingtalk')).resolves.toMatchObject({ id: first.user!['id'] });
    // NocoBase's own middleware keeps its order: a request has its id.
    expect(second.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  });

  // Browsers load NocoBase's files with it. The plugin finds the role with one statement, where NocoBase takes four.
  describe('the role in NocoBase’s cookie', () => {
    const account = { account: 'role-of-cookie', password: 'a-Passw0rd-of-wei' };
    let id: number;

    const roleIn = ({ headers }: { headers: Headers }): string | undefined =>
      headers
        .getSetCookie()
        .map((line) => /^nb_role_main=([^;]*)/.exec(line)?.[1])
        .find((role) => role !== undefined);
    const asUser = async (changes: object): Promise<unknown> =>
      alone.nocobase.call('POST', `users:update?filterByTk=${id}`, changes);
    const makeDefault = async (role: string, isDefault: boolean): Promise<unknown> => {
      const filter = JSON.stringify({ userId: id, roleName: role });
      return alone.nocobase.call('POST', `rolesUsers:update?filter=${filter}`, { default: isDefault });
    };
    const byPassword = async (): Promise<{ token: string; headers: Headers }> => {
      const response = await alone.browser.fetch('auth:signIn', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-authenticator': 'basic' },
        body: JSON.stringify(account),
      });
      const { data } = (await response.json()) as { data: { token: string } };
      return { token: data.token, headers: response.headers };
    };

    beforeAll(async () => {
      alone.addPerson({
        id: 'of-cookie',
        name: 'Wei',
        mobile: '13912340077',
        stateCode: '86',
        memberships: [{ corpId: DEMO_CORP_ID }],
      });
      id = Number((await alone.signIn('of-cookie')).user!['id']);
      await asUser({ username: account.account, password: account.password });
    });

    it.each([
      ['the only one', ['member'], undefined, 'member'],
      ['the default one', ['admin', 'member'], 'member', 'member'],
      ['the default one, again', ['admin', 'member'], 'admin', 'admin'],
      ['of several without a default, the one that NocoBase chooses', ['member', 'admin'], undefined, 'admin'],
      ['none', [], undefined, undefined],
    ])('is the same as after NocoBase’s own sign-in: %s', async (_what, roles, ofDefault, expected) => {
      await asUser({ roles: [] });
      await asUser({ roles });
      if (ofDefault !== undefined) await makeDefault(ofDefault, true);
      const [own, ours] = [roleIn(await byPassword()), roleIn(await alone.signIn('of-cookie'))];
      expect([own, ours]).toEqual([expected, expected]);
    });

    it('stays the one that a person has switched to when a page renews the cookies', async () => {
      await asUser({ roles: ['admin', 'member'] });
      await makeDefault('admin', true);
      const { token: ours } = await alone.signIn('of-cookie');
      const { token: own } = await byPassword();
      const renewed = async (authenticator: string, token: string, role?: string): Promise<unknown> => {
        const response = await alone.browser.fetch('auth:syncCookies', {
          method: 'POST',
          headers: {
            authorization: `Bearer ${token}`,
            'x-authenticator': authenticator,
            ...(role === undefined ? {} : { 'x-role': role }),
          },
        });
        const names = response.headers.getSetCookie().map((line) => /^[^=]*/.exec(line)?.[0]);
        return { status: response.status, role: roleIn(response), names };
      };
      for (const role of ['member', 'admin', undefined]) {
        const ofOurs = await renewed('dingtalk', ours!, role);
        expect(ofOurs).toEqual(await renewed('basic', own, role));
        expect(ofOurs).toMatchObject({ status: 200, role: role ?? 'admin' });
      }
    });

    it('is none that the request of the sign-in claims', async () => {
      await asUser({ roles: ['member'] });
      const own = alone.browser;
      const answer = await alone.answerFor('of-cookie', own);
      const signedIn = await own.bring(answer, 'dingtalk', 'x-dingtalk-answer', { 'x-role': 'root' });
      expect([signedIn.status, roleIn(signedIn)]).toEqual([200, 'member']);
    });
  });

  describe('the page at the redirect URL', () => {
    it('changes nothing, whoever requests it, is not cached and runs only its own script', async () => {
      const own = alone.browser;
      const answer = await alone.answerFor('li-lei', own);
      for (const method of ['GET', 'HEAD', 'GET']) {
        const response = await own.fetch(`dingtalk/callback/dingtalk?${answer}`, { method });
        expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
        expect(response.headers.get('cache-control')).toBe('no-store');
        expect(response.headers.get('referrer-policy')).toBe('no-referrer');
        const policy = response.headers.get('content-security-policy') ?? '';
        expect(policy).toMatch(/^default-src 'none'; script-src 'nonce-[\w-]{22}'; .*frame-ancestors 'none'$/);
        expect(response.headers.getSetCookie()).toEqual([]);
        expect(await response.text()).not.toContain(new URLSearchParams(answer).get('state'));
      }
      expect(exchanges()).toBe(0);
      expect(outcome(await own.bring(answer))).toBe('200 signed in');
    });

    it.each(['dingtalk/callback', 'dingtalk/callback/', 'dingtalk/callback/a%2fb', 'dingtalk/callback/a/b'])(
      'is at no other address: %s',
      async (path) => {
        const response = await alone.browser.fetch(path);
        expect(response.headers.get('content-type')).not.toMatch(/html/);
      },
    );
  });

  describe('an answer', () => {
    it('with a code that DingTalk does not know is refused, and many of them are stopped before they reach it', async () => {
      const refusals: string[] = [];
      const guessed = async (): Promise<void> => {
        const own = alone.browser;
        const { location } = await own.start();
        const state = location.searchParams.get('state')!;
        refusals.push(outcome(await own.bring(`code=made-up&state=${state}`)));
      };
      for (let count = 0; count < 32; count += 1) await guessed();
      expect(new Set(refusals.slice(0, 25))).toEqual(new Set(['401 invalid_grant']));
      expect(refusals.at(-1)).toBe('429 rate_limited');
      expect(exchanges()).toBeLessThanOrEqual(30);
      // A minute later: the rest of this suite uses the same address.
      await alone.nocobase.moveClock(61_000);
    }, 60_000);
  });

  describe('nobody gets in', () => {
    it('from another organization', async () => {
      // Two organizations: DingTalk lets people choose.
      await alone.add('two', { corpIds: [DEMO_CORP_ID, 'ding-a-third'] });
      const refused = await alone.signIn('han-meimei', { authenticator: 'two', corpId: OTHER_CORP_ID });
      expect(outcome(refused)).toBe('403 organization_not_allowed');
      expect(await alone.nocobase.userByPhone('13800000004')).toEqual([]);
    });

    it('by a mobile number that the root account has', async () => {
      const [root] = await alone.nocobase.list('users', { id: 1 }, 'id,phone');
      await alone.nocobase.call('POST', 'users:update?filterByTk=1', { phone: '13900000001' });
      try {
        alone.addPerson({
          id: 'mallory',
          name: 'Mallory',
          mobile: '13900000001',
          stateCode: '86',
          memberships: [{ corpId: DEMO_CORP_ID }],
        });
        expect(outcome(await alone.signIn('mallory'))).toBe('403 account_protected');
      } finally {
        await alone.nocobase.call('POST', 'users:update?filterByTk=1', { phone: root!['phone'] ?? null });
      }
    });

    it('by an authenticator that is disabled, or belongs to a gateway', async () => {
      await alone.add('off', {}, { enabled: false });
      await alone.add('of-a-gateway', { signInBy: 'gateway', gatewayUrl: 'https://sso.example.com' });
      const { location: off } = await alone.browser.start({ authenticator: 'off' });
      expect(`${off.pathname}${off.search}`).toBe('/signin?dingtalk_error=not_found');
      const { location: gateway } = await alone.browser.start({ authenticator: 'of-a-gateway' });
      expect(gateway.origin).toBe('https://sso.example.com');
      const own = alone.browser;
      const answer = await alone.answerFor('li-lei', own);
      expect(outcome(await own.bring(answer, 'off'))).toBe('404 not_found');
      expect(outcome(await own.bring(answer, 'of-a-gateway'))).toMatch(/^(?:400|503) /);
      expect(outcome(await own.redeem('x.y.z'))).toBe('400 invalid_request');
      expect(exchanges()).toBe(0);
    });
  });

  describe('a failing DingTalk', () => {
    it('does not answer: NocoBase keeps serving everyone else', async () => {
      await alone.add('hurried');
      alone.sandbox.failures.set('userAccessToken', { delayMs: 2000 });
      const waiting = Array.from({ length: 20 }, async () => alone.signIn('li-lei'));
      await eventually(() => expect(exchanges()).toBeGreaterThan(10));
      await expect(alone.nocobase.call('GET', 'auth:check')).resolves.toBeDefined();
      expect((await Promise.all(waiting)).map(outcome)).toEqual(Array(20).fill('200 signed in'));
    }, 60_000);
  });

  it("applies the administrator's settings: dedicated accounts, and codes of a known form", async () => {
    await alone.add('strict', { exclusiveLogin: true, codePattern: '[0-9a-f]{7}' });
    const own = alone.browser;
    const { location } = await own.start({ authenticator: 'strict' });
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      exclusiveLogin: 'true',
      exclusiveCorpId: DEMO_CORP_ID,
    });
    const state = location.searchParams.get('state')!;
    expect(outcome(await own.bring(`code=ABC&state=${state}`, 'strict'))).toBe('400 invalid_request');
    expect(exchanges()).toBe(0);
  });

  it('writes no code, state, cookie, secret, number or unionId into any log', async () => {
    const own = alone.browser;
    const answer = await alone.answerFor('mary', own, { redirect: '/admin' });
    await own.fetch(`dingtalk/callback/dingtalk?${answer}`);
    const cookie = own.cookieHeader('sign-in-');
    await own.bring(answer);
    await own.bring(answer);
    await alone.nocobase.call('GET', 'auth:check');
    const { code, state } = Object.fromEntries(new URLSearchParams(answer));
    await eventually(() => expect(log.join('\n')).toContain('dingtalk_sign_in'));
    const logged = log.join('\n');
    const unionId = alone.sandbox.world.unionIdOf('mary', DEMO_CLIENT_ID);
    for (const secret of [code!, state!, cookie.split('=')[1]!, DEMO_CLIENT_SECRET, unionId, '2025550143']) {
      expect([secret, logged.includes(secret)]).toEqual([secret, false]);
    }
  });
});
