import { DEMO_CLIENT_ID } from '../sandbox/index.js';
import { Browser } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import { NocoBaseProxy } from './support/nocobase-proxy.js';
import { TestNocoBase } from './support/nocobase.js';
import { handedOver, SignInCase } from './support/sign-in-case.js';

const IOS =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 AliApp(DingTalk/7.8.1) com.laiwang.DingTalk/46766536 Channel/201200 language/zh-Hans-CN UT4Aplus/0.0.6 WK';

interface Posted {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, string>;
}

/** The browser's part of the flow, over plain HTTP: `in-app.browser.e2e-spec.ts` runs it in Chromium. */
describe('Silent sign-in inside DingTalk', () => {
  let nocobase: TestNocoBase;
  let proxy: NocoBaseProxy;
  let testCase: SignInCase;

  beforeAll(async () => {
    nocobase = await TestNocoBase.launch();
    proxy = await NocoBaseProxy.before(nocobase.url);
    testCase = await start();
  }, 120_000);
  afterAll(async () => {
    await testCase?.close();
    await proxy?.close();
    await nocobase?.stop();
  });
  afterEach(() => testCase.sandbox.failures.clear());

  async function start(change: Record<string, string> = {}): Promise<SignInCase> {
    return SignInCase.start({
      ...nocobase.environment,
      NOCOBASE_URL: proxy.url,
      NOCOBASE_PUBLIC_URL: nocobase.url,
      DINGTALK_CORP_ID: 'dingcorp1,dingcorp2',
      DINGTALK_AUTO_SIGN_UP: 'true',
      ...change,
    });
  }

  const address = (of = testCase): string => `${of.gateway.url}/auth/dingtalk/dingtalk/in-app`;
  const codeOf = (person: string, corpId = 'dingcorp1'): string =>
    testCase.sandbox.world.issueInAppCode(person, corpId);

  async function open(browser = new Browser(), query = '', of = testCase) {
    const page = await browser.get(`${address(of)}${query}`, { 'user-agent': IOS });
    const data = (name: string): string =>
      (new RegExp(`data-${name}="([^"]*)"`).exec(page.text)?.[1] ?? '').replace(/&#(\d+);/g, (_all, code: string) =>
        String.fromCharCode(Number(code)),
      );
    return { page, browser, data, state: data('state') };
  }

  async function post(
    browser: Browser,
    body: unknown,
    change: Record<string, string | undefined> = {},
    of = testCase,
  ): Promise<Posted> {
    const headers = Object.entries({
      origin: new URL(of.gateway.url).origin,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/json',
      accept: 'application/json',
      cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...change,
    }).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const response = await fetch(address(of), {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Posted['body'] };
  }

  it('gives the page what it needs to ask DingTalk, and exchanges the code for a NocoBase session', async () => {
    const { page, browser, state, data } = await open(new Browser(), '?redirect=/admin/x');
    expect(page.status).toBe(200);
    expect([data('corp-id'), data('client-id')]).toEqual(['dingcorp1', DEMO_CLIENT_ID]);
    expect(page.headers.get('content-security-policy')).toMatch(/script-src 'nonce-[^']+'; .*connect-src 'self'/);
    expect(page.headers.get('cache-control')).toBe('no-store');

    const answer = await post(browser, { code: codeOf('li-lei'), state });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body)).toEqual(['location']);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { token, authenticator, url } = handedOver(answer.body['location']!);
    expect(url.pathname).toBe('/admin/x');
    expect((await nocobase.whoIs(token, authenticator)).nickname).toBe('李雷');
    const line = {
      event: 'sign_in',
      route: 'POST /auth/dingtalk/:authenticator/in-app',
      outcome: 'success',
      match: 'registered',
    };
    await eventually(() => expect(testCase.gateway.log).toContainEqual(expect.objectContaining(line)));
  });

  it('gives the session to the page if both share an origin', async () => {
    const port = await freePort();
    const same = await SignInCase.start(
      {
        ...nocobase.environment,
        NOCOBASE_PUBLIC_URL: `http://127.0.0.1:${port}/nb`,
        DINGTALK_CORP_ID: 'dingcorp1',
        DINGTALK_AUTO_SIGN_UP: 'true',
      },
      { port, publicUrl: `http://127.0.0.1:${port}/sso` },
    );
    try {
      const { browser, state, data } = await open(new Browser(), '?redirect=/admin/x%23y', same);
      const code = same.sandbox.world.issueInAppCode('li-lei', 'dingcorp1');
      const answer = await post(browser, { code, state }, {}, same);
      expect(answer.body).toEqual({
        token: expect.stringMatching(/^eyJ/),
        authenticator: 'dingtalk',
        location: `http://127.0.0.1:${port}/nb/admin/x#y`,
      });
      expect(JSON.parse(data('storage'))).toEqual({
        storage: 'localStorage',
        token: 'NOCOBASE_TOKEN',
        authenticator: 'NOCOBASE_AUTH',
        role: 'NOCOBASE_ROLE',
        signOutUrl: `http://127.0.0.1:${port}/nb/api/auth:signOut`,
        app: 'main',
      });
    } finally {
      await same.close();
    }
  });

  it('finds the same person as in the browser, and a returning one costs two calls to each side', async () => {
    await testCase.signIn('li-lei', { corpId: 'dingcorp1' });
    const first = await open();
    await post(first.browser, { code: codeOf('li-lei'), state: first.state });
    const { browser, state } = await open();
    const [dingtalk, asked] = [testCase.sandbox.requests.length, proxy.asked.length];
    const answer = await post(browser, { code: codeOf('li-lei'), state });

    expect(answer.status).toBe(200);
    expect(testCase.sandbox.requests.slice(dingtalk).map(({ operation }) => operation)).toEqual([
      'getUserInfo',
      'getUser',
    ]);
    expect(proxy.asked.length - asked).toBe(2);
    const unionId = testCase.sandbox.world.unionIdOf('li-lei', DEMO_CLIENT_ID);
    expect(await nocobase.bindingsOf(unionId)).toHaveLength(1);
  });

  it.each([
    ['that the application does not belong to', 'dingcorp2', ''],
    ['that only the address names', 'dingcorp1,dingcorp2', '?corpId=dingcorp2'],
    ['that DingTalk does not know', 'dingnobody', ''],
  ])('lets nobody in for an organization %s', async (_what, allowed, query) => {
    const strict = await start({ DINGTALK_CORP_ID: allowed });
    try {
      const { browser, state } = await open(new Browser(), query, strict);
      // A person of dingcorp1 asks their client about that organization, whatever our page says.
      const code = strict.sandbox.world.issueInAppCode('li-lei', 'dingcorp1');
      const answer = await post(browser, { code, state }, {}, strict);
      expect([answer.status, answer.body['error']]).toEqual([403, 'organization_not_allowed']);
      expect(strict.sandbox.requests.map(({ operation }) => operation)).not.toContain('getUserInfo');
    } finally {
      await strict.close();
    }
  });

  it('continues in the browser immediately outside DingTalk, and keeps the return path', async () => {
    const answer = await new Browser().get(`${address()}?redirect=/admin/x`, {
      'user-agent': 'Mozilla/5.0 Chrome/130',
    });
    expect(answer.status).toBe(302);
    expect(answer.location).toBe(`${testCase.gateway.url}/auth/dingtalk/dingtalk?redirect=%2Fadmin%2Fx`);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('uses the organization in the address only if it is an allowed one', async () => {
    const asked = async (query: string): Promise<string> => (await open(new Browser(), query)).data('corp-id');
    expect(await asked('?corpId=dingcorp2')).toBe('dingcorp2');
    expect(await asked('?corpid=dingcorp2')).toBe('dingcorp2');
    expect(await asked('?corpId=$CORPID$')).toBe('dingcorp1');
    expect(await asked('?corpId=dingevil')).toBe('dingcorp1');
    expect(await asked('?corpId=dingcorp2&corpId=dingevil')).toBe('dingcorp1');
  });

  it('continues in the browser without a configured organization', async () => {
    const open = await start({ DINGTALK_CORP_ID: '', DINGTALK_AUTO_SIGN_UP: 'false' });
    const answer = await new Browser().get(`${address(open)}?corpId=dingcorp1`, { 'user-agent': IOS });
    await open.close();
    expect(answer.status).toBe(302);
  });

  describe('is refused, without any call to DingTalk,', () => {
    async function refused(answer: Posted, code: string): Promise<void> {
      expect(testCase.sandbox.requests.filter(({ operation }) => operation.startsWith('get'))).toEqual([]);
      expect([answer.status, answer.body['error']]).toEqual([400, code]);
      expect(answer.headers.get('content-type')).toContain('application/json');
    }
    beforeEach(() => testCase.sandbox.requests.splice(0));

    it.each([
      ['another origin', { origin: 'https://evil.example' }],
      ['no origin', { origin: undefined }],
      ['an opaque origin', { origin: 'null' }],
      ['another site', { 'sec-fetch-site': 'cross-site' }],
      ['a sister site', { 'sec-fetch-site': 'same-site' }],
      ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
      ['plain text', { 'content-type': 'text/plain' }],
    ])('from %s', async (_what, change) => {
      const { browser, state } = await open();
      await refused(await post(browser, { code: codeOf('li-lei'), state }, change), 'invalid_request');
    });

    it.each([
      ['no code', (state: string) => ({ state })],
      ['an empty code', (state: string) => ({ code: '', state })],
      ['a code that is none', (state: string) => ({ code: ['a'], state })],
      ['a huge code', (state: string) => ({ code: 'a'.repeat(513), state })],
      ['no state', () => ({ code: 'a' })],
      ['more than that', (state: string) => ({ code: 'a', state, token: 'b' })],
      ['no JSON', () => '{'],
      ['a list', () => []],
    ])('with %s', async (_what, body) => {
      const { browser, state } = await open();
      await refused(await post(browser, body(state)), 'invalid_request');
    });
  });

  const platform = (errcode: number) => ({ status: 200, body: { errcode, errmsg: 'CANARY' } });
  const gateway = (sub: string) => ({ status: 200, body: { errcode: 88, errmsg: `subcode=${sub}`, sub_code: sub } });
  it.each([
    ['40078', platform(40078), 401, 'invalid_grant', 'start again'],
    ['40079', platform(40079), 500, 'misconfigured', 'visible range of the application'],
    ['60011', gateway('60011'), 500, 'misconfigured', 'qyapi_base'],
    ['60020', gateway('60020'), 500, 'misconfigured', 'server egress IP'],
    ['50002', platform(50002), 500, 'misconfigured', 'contact scope'],
    ['88/90018', gateway('90018'), 503, 'temporarily_unavailable', 'try again'],
  ] as const)('has a page for %s, and exchanges the code once', async (_what, failure, status, code, says) => {
    testCase.sandbox.failures.set('getUserInfo', failure);
    const before = testCase.sandbox.requests.length;
    const { browser, state } = await open();
    const answer = await post(browser, { code: codeOf('li-lei'), state });
    expect([answer.status, answer.body['error']]).toEqual([status, code]);
    expect(answer.body['message']).toContain(says);
    expect(answer.body['requestId']).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.stringify(answer.body)).not.toContain('CANARY');
    const asked = testCase.sandbox.requests.slice(before).filter(({ operation }) => operation === 'getUserInfo');
    expect(asked).toHaveLength(1);
  });

  it('sends a code once even if DingTalk has forgotten the application token, and has a new one the next time', async () => {
    const { browser, state } = await open();
    testCase.sandbox.failures.set('getUserInfo', gateway('40014'), { times: 1 });
    const before = testCase.sandbox.requests.length;
    const answer = await post(browser, { code: codeOf('li-lei'), state });
    expect([answer.status, answer.body['error']]).toEqual([503, 'temporarily_unavailable']);
    const next = await open();
    expect((await post(next.browser, { code: codeOf('li-lei'), state: next.state })).status).toBe(200);
    const operations = testCase.sandbox.requests.slice(before).map(({ operation }) => operation);
    expect(operations).toEqual(['getUserInfo', 'appAccessToken', 'getUserInfo', 'getUser']);
  });

  it('starts at the front door: the page there redirects, inside DingTalk only', async () => {
    const inside = await new Browser().get(`${testCase.gateway.url}/?redirect=/admin/x`, { 'user-agent': IOS });
    const outside = await new Browser().get(`${testCase.gateway.url}/?redirect=/admin/x`);
    expect(inside.text).toContain(
      `data-in-app="${testCase.gateway.url}/auth/dingtalk/dingtalk/in-app?corpId=dingcorp1&#38;redirect=%2Fadmin%2Fx"`,
    );
    expect(inside.text).toContain('Sign in with DingTalk');
    const paused = await new Browser().get(`${testCase.gateway.url}/?pause=1`, { 'user-agent': IOS });
    expect(paused.text).toContain('Sign in with DingTalk');
    expect(paused.text).not.toContain('data-in-app');
    expect(outside.text).not.toContain('data-in-app');
    expect(outside.text).not.toContain('<script');
  });

  it('serves its scripts from its own origin, as immutable', async () => {
    const { page } = await open();
    const [, src = ''] = /<script nonce="[^"]+" src="([^"]+)"/.exec(page.text) ?? [];
    expect(src).toMatch(new RegExp(`^${testCase.gateway.url}/assets/in-app\\.[0-9a-f]{12}\\.js$`));
    const script = await fetch(src);
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await fetch(src.replace(/[0-9a-f]{12}/, '0'.repeat(12)))).status).toBe(404);
    expect((await fetch(`${testCase.gateway.url}/assets/..%2f..%2fpackage.json`)).status).toBe(404);
  });

  it('shows a code to scan if that is enabled, to desktop browsers only', async () => {
    const scanning = await start({
      DINGTALK_SCAN_WIDGET: 'true',
      DINGTALK_SCAN_SCRIPT_URL: 'https://scan.example/;dd.js',
    });
    const desktop = await new Browser().get(`${scanning.gateway.url}/`, {
      'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Chrome/130',
    });
    const phone = await new Browser().get(`${scanning.gateway.url}/`, {
      'user-agent': 'Mozilla/5.0 (iPhone) Mobile Safari',
    });
    await scanning.close();
    const policy = desktop.headers.get('content-security-policy')!;
    // The one script and not its host: anyone can publish scripts on a public one.
    expect(policy).toMatch(/script-src 'nonce-[^']+' https:\/\/scan\.example\/%3Bdd\.js;/);
    expect(policy).toContain(`frame-src ${new URL(scanning.sandbox.loginUrl).origin};`);
    expect(desktop.text).toContain('id="scan"');
    expect(desktop.headers.getSetCookie()).toHaveLength(1);
    expect(phone.text).not.toContain('id="scan"');
    expect(phone.headers.get('content-security-policy')).not.toContain('scan.example');
    expect(phone.headers.getSetCookie()).toEqual([]);
  });

  it('starts no sign-in by showing that code for a prefetch, or beyond the rate limit: only the button is shown', async () => {
    const scanning = await start({ DINGTALK_SCAN_WIDGET: 'true', AUTH_RATE_LIMIT_PER_ADDRESS: '2' });
    const desktop = { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Chrome/130' };
    const codes: boolean[] = [];
    for (const headers of [{ ...desktop, 'sec-purpose': 'prefetch' }, desktop, desktop, desktop]) {
      const answer = await new Browser().get(`${scanning.gateway.url}/`, headers);
      expect([answer.status, answer.text.includes('/auth/dingtalk"')]).toEqual([200, true]);
      expect(answer.text.includes('id="scan"')).toBe(answer.headers.getSetCookie().length === 1);
      codes.push(answer.text.includes('id="scan"'));
    }
    await scanning.close();
    expect(codes).toEqual([false, true, true, false]);
  });
});
