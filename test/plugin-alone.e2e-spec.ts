import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_CORP_ID, OTHER_CORP_ID } from '../sandbox/index.js';
import { AloneCase } from './support/alone-case.js';
import { eventually } from './support/eventually.js';
import { HOSTILE_RETURN_PATHS } from './support/hostile-return-paths.js';
import { outcome } from './support/plugin-browser.js';

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

  it('sends a browser to DingTalk, with its own redirect URL, which has no query', async () => {
    const own = alone.browser;
    const { location } = await own.start({ redirect: '/admin/orders' });
    expect(`${location.origin}${location.pathname}`).toBe(`${alone.sandbox.loginUrl}/oauth2/auth`);
    expect(location.searchParams.get('redirect_uri')).toBe(`${alone.nocobase.url}/api/dingtalk/callback/dingtalk`);
    expect(location.searchParams.get('corpId')).toBe(DEMO_CORP_ID);
    expect(own.cookies).toEqual([expect.stringMatching(/^sign-in-[\w-]{16}$/)]);
  });

  it.each([
    ['HEAD', {}],
    ['GET', { 'sec-purpose': 'prefetch;prerender' }],
    ['GET', { 'x-purpose': 'preview' }],
  ] as const)('starts nothing for a preview: %s %j', async (method, headers) => {
    const response = await alone.browser.fetch('dingtalk:start?authenticator=dingtalk', { method, headers });
    expect([response.status, response.headers.getSetCookie()]).toEqual([204, []]);
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

  it('leads people to pages of NocoBase only', async () => {
    for (const wanted of HOSTILE_RETURN_PATHS) {
      const done = await alone.signIn('mary', { redirect: wanted });
      expect([wanted, done.status, done.redirect]).toEqual([wanted, 200, '/admin']);
    }
  }, 120_000);

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
    it('of another browser is refused, and the sign-in of its own browser can still finish', async () => {
      const own = alone.browser;
      const answer = await alone.answerFor('li-lei', own);
      expect(outcome(await alone.browser.bring(answer))).toBe('400 invalid_state');
      const somebodyElse = alone.browser;
      await somebodyElse.start();
      expect(outcome(await somebodyElse.bring(answer))).toBe('400 invalid_state');
      expect(exchanges()).toBe(0);
      expect(outcome(await own.bring(answer))).toBe('200 signed in');
    });

    it('is valid once, however often and fast it arrives: its code is sent once', async () => {
      const own = alone.browser;
      const answer = await alone.answerFor('li-lei', own);
      const cookie = own.cookieHeader('sign-in-');
      const header = { cookie };
      const all = await Promise.all(
        Array.from({ length: 10 }, async () => alone.browser.bring(answer, 'dingtalk', 'x-dingtalk-answer', header)),
      );
      expect(all.map(outcome).toSorted()).toEqual(['200 signed in', ...Array(9).fill('400 invalid_state')]);
      expect(outcome(await alone.browser.bring(answer, 'dingtalk', 'x-dingtalk-answer', header))).toBe(
        '400 invalid_state',
      );
      expect(exchanges()).toBe(1);
    });

    it('is valid for the authenticator that requested it, and for no other', async () => {
      await alone.add('second');
      const own = alone.browser;
      const answer = await alone.answerFor('li-lei', own);
      expect(outcome(await own.bring(answer, 'second'))).toBe('400 invalid_state');
      expect(exchanges()).toBe(0);
    });

    it('that is a denial is reported as such, with the page that the person wanted', async () => {
      const own = alone.browser;
      const { location } = await own.start({ redirect: '/v/admin/订单' });
      const denied = new URL(await alone.sandbox.deny(location.href)).search.slice(1);
      const refused = await own.bring(denied);
      expect(outcome(refused)).toBe('403 access_denied');
      expect(decodeURI(refused.headers.get('x-dingtalk-return-path')!)).toBe('/v/admin/%E8%AE%A2%E5%8D%95');
      expect(outcome(await own.bring(denied))).toBe('400 invalid_state');
    });

    it.each([
      ['nothing', '', '400 invalid_state'],
      ['a state of nobody', `code=abc&state=${'A'.repeat(43)}`, '400 invalid_state'],
      ['two states', `code=abc&state=${'A'.repeat(43)}&state=${'B'.repeat(43)}`, '400 invalid_request'],
      ['a long text', `code=${'x'.repeat(5000)}`, '400 invalid_state'],
      ['__proto__', '__proto__=x&state[]=y', '400 invalid_state'],
    ])('with %s is refused without a call to DingTalk', async (_what, answer, expected) => {
      expect(outcome(await alone.browser.bring(answer))).toBe(expected);
      expect(alone.sandbox.requests).toEqual([]);
    });

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
    it.each([
      ['answers that it is busy', 'qps', '503 temporarily_unavailable'],
      ['breaks off', 'drop', '503 temporarily_unavailable'],
      ['shows a page', 'html-ban', '502 upstream_failed'],
      ['leads elsewhere', 'redirect', '502 upstream_failed'],
      ['answers with a bomb', 'gzip-bomb', '502 upstream_failed'],
    ] as const)('%s: people are told, and the code is sent once', async (_what, failure, expected) => {
      alone.sandbox.failures.set('userAccessToken', failure);
      expect(outcome(await alone.signIn('li-lei'))).toBe(expected);
      expect(exchanges()).toBe(1);
    });

    it('does not answer: NocoBase keeps serving everyone else', async () => {
      await alone.add('hurried');
      alone.sandbox.failures.set('userAccessToken', { delayMs: 4000 });
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

  describe('inside DingTalk’s client', () => {
    const inApp = { flow: 'in-app', corpId: DEMO_CORP_ID };
    const stateIn = async (own: ReturnType<typeof page>): Promise<string> =>
      /data-state="([\w-]{43})"/.exec(await (await own).text())![1]!;
    const page = async (own = alone.browser): Promise<Response> =>
      own.fetch(
        `dingtalk:start?${new URLSearchParams({ authenticator: 'dingtalk', redirect: '/admin/x', ...inApp }).toString()}`,
      );

    it('signs in with the code that the client returns to a page of NocoBase', async () => {
      const own = alone.browser;
      const state = await stateIn(page(own));
      const code = alone.sandbox.world.issueInAppCode('li-lei', DEMO_CORP_ID);
      const done = await own.bring(`code=${code}&state=${state}`, 'dingtalk', 'x-dingtalk-in-app');
      expect(done).toMatchObject({ status: 200, redirect: '/admin/x' });
      expect(exchanges()).toBe(0);
    });

    it('accepts a code for its own flow only: not as an answer of DingTalk’s pages, and not vice versa', async () => {
      const own = alone.browser;
      const state = await stateIn(page(own));
      expect(outcome(await own.bring(`code=abc&state=${state}`))).toBe('400 invalid_state');
      const answer = await alone.answerFor('li-lei', own);
      expect(outcome(await own.bring(answer, 'dingtalk', 'x-dingtalk-in-app'))).toBe('400 invalid_state');
      expect(alone.sandbox.requests.filter(({ operation }) => operation === 'getUserInfo')).toEqual([]);
      expect(exchanges()).toBe(0);
    });
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
