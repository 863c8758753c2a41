import { DEMO_CLIENT_ID } from '../sandbox/index.js';
import type { SignInTransaction } from '../src/core/sign-in/index.js';
import { TransactionSeal } from '../src/core/sign-in/transaction-seal.js';
import { DEFAULT_RETURN_PATH } from '../src/core/return-path/index.js';
import { type Answer, Browser } from './support/browser.js';
import { watched } from './support/carried-out.js';
import { freePort } from './support/free-port.js';
import { PATHS_TO_ELSEWHERE } from './support/hostile-return-paths.js';
import { answering, NocoBaseProxy } from './support/nocobase-proxy.js';
import { TestNocoBase } from './support/nocobase.js';
import { type RawAnswer, rawRequest } from './support/raw-request.js';
import { TestRedis } from './support/redis.js';
import { describeWith } from './support/requirements.js';
import { handedOver, SignInCase } from './support/sign-in-case.js';
import { SESSION_TOKEN } from './support/session-token.js';

/** No ordinary answer contains it: if it appears, something was echoed. */
const CANARY = 'canary7f3a';
const COOKIE_SECRET = 'the-cookie-secret-that-several-gateways-share';
const PROXY_HEADERS = {
  host: 'evil.example',
  forwarded: 'for=1.2.3.4;host=evil.example;proto=https',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
  'x-forwarded-port': '4443',
  'x-forwarded-prefix': '/evil.example',
  'x-forwarded-server': 'evil.example',
  'x-original-url': '/evil.example',
  'x-rewrite-url': '/evil.example',
};

/** The parts of a callback's address. */
interface Running {
  readonly browser: Browser;
  readonly callback: URL;
  readonly state: string;
  readonly code: string;
}

describe('An attack', () => {
  let nocobase: TestNocoBase;
  let testCase: SignInCase;
  const others: SignInCase[] = [];
  /** The local ports of gateways that browsers know under another address. */
  const ports = new Map<SignInCase, number>();
  const portOf = (at: SignInCase): number => ports.get(at) ?? Number(new URL(at.gateway.url).port);

  beforeAll(async () => {
    nocobase = await TestNocoBase.launch();
    testCase = await SignInCase.start(environment());
    await testCase.signIn('li-lei');
  }, 120_000);

  beforeEach(() => {
    testCase.sandbox.requests.length = 0;
  });

  afterEach(async () => {
    testCase.sandbox.failures.clear();
    await Promise.all(others.splice(0).map((other) => other.gateway.close()));
  });

  afterAll(async () => {
    await Promise.all([testCase?.close(), nocobase?.stop()]);
  });

  const environment = (changes: Record<string, string> = {}): Record<string, string> => ({
    ...nocobase.environment,
    AUTH_COOKIE_SECRET: COOKIE_SECRET,
    AUTH_RATE_LIMIT_PER_ADDRESS: '0',
    DINGTALK_CORP_ID: 'dingcorp1',
    DINGTALK_AUTO_SIGN_UP: 'true',
    ...changes,
  });

  /** Another gateway with the same DingTalk and NocoBase, until the end of the test. */
  async function another(
    changes: Record<string, string> = {},
    listen: { port?: number; publicUrl?: string } = {},
  ): Promise<SignInCase> {
    const { sandbox } = testCase;
    const other = await SignInCase.start(environment(changes), { sandbox, ...listen });
    const name = changes['NOCOBASE_AUTHENTICATOR'];
    if (name !== undefined) {
      sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(`${other.gateway.url}/auth/dingtalk/${name}/callback`);
    }
    others.push(other);
    if (listen.port !== undefined) ports.set(other, listen.port);
    return other;
  }

  /** A sign-in that lacks only the callback. */
  async function approved(at = testCase, browser = new Browser(), redirect?: string): Promise<Running> {
    const callback = new URL(await at.sandbox.approve(await at.startSignIn(browser, redirect), 'li-lei'));
    const { searchParams } = callback;
    return { browser, callback, state: searchParams.get('state')!, code: searchParams.get('code')! };
  }

  const callbackUrl = (query: string, at = testCase): string =>
    `${at.gateway.url}/auth/dingtalk/dingtalk/callback?${query}`;

  /** A gateway's calls to DingTalk. */
  const exchanges = (): number =>
    testCase.sandbox.requests.filter(({ operation }) => operation === 'userAccessToken').length;

  const sessions = async (): Promise<number> =>
    (await nocobase.list('issuedTokens', { authenticator: 'dingtalk' }, 'id')).length;

  describe('with injected text', () => {
    const markup = `%3Cscript%3E${CANARY}%3C%2Fscript%3E`;
    const HEADERS = {
      ...Object.fromEntries(Object.keys(PROXY_HEADERS).map((name) => [name, CANARY])),
      referer: `https://${CANARY}/`,
      origin: `https://${CANARY}`,
      'user-agent': CANARY,
      'x-request-id': CANARY,
      'request-id': CANARY,
      'x-correlation-id': CANARY,
      traceparent: CANARY,
      'accept-language': CANARY,
      cookie: `${CANARY}=1; a="${CANARY}`,
      authorization: `Bearer ${CANARY}`,
    };

    it.each([
      `/auth/dingtalk/dingtalk/callback?code=${markup}&authCode=${CANARY}&state=${markup}&error=${markup}`,
      `/auth/dingtalk/dingtalk/callback?error=${markup}&error_description=${markup}&state=${'A'.repeat(43)}`,
      `/auth/dingtalk/dingtalk/callback?error=${markup}&error=${markup}`,
      `/auth/dingtalk/dingtalk/callback?${CANARY}=${CANARY}`,
      `/auth/dingtalk/dingtalk/callback/${CANARY}?state=${CANARY}`,
      `/auth/dingtalk/${CANARY}`,
      `/auth/dingtalk/${markup}/callback?code=x&state=y`,
      `/auth/dingtalk/${CANARY.repeat(50)}`,
      `/auth/dingtalk?redirect=https://${CANARY}/&redirect=//${CANARY}`,
      `/auth/dingtalk?redirect=//${CANARY}/`,
      `/${CANARY}?${CANARY}=${markup}`,
      `/${markup}`,
      `/%${CANARY}`,
      `/%ff${CANARY}`,
      `//${CANARY}/auth/dingtalk`,
      `/health/${CANARY}`,
      `/health/live?${CANARY}`,
      `/auth/dingtalk/dingtalk/callback?code=${CANARY}&pad=${'x'.repeat(20_000)}`,
    ])('gets nothing of it back from %.60s', async (path) => {
      for (const accept of ['text/html', 'application/json', CANARY]) {
        const answer = await rawRequest(testCase.gateway.url + path, { headers: { ...HEADERS, accept } });
        expect(answer.everything).not.toContain(CANARY);
        expect(JSON.stringify(testCase.gateway.log)).not.toContain(CANARY);
      }
    });

    it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('gets nothing of it back by %s', async (method) => {
      for (const type of ['application/json', 'application/x-www-form-urlencoded', CANARY]) {
        const headers = { ...HEADERS, accept: 'text/html', 'content-type': type };
        const answer = await rawRequest(callbackUrl(`state=${CANARY}`), { method, headers, body: `{"${CANARY}` });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.everything).not.toContain(CANARY);
      }
    });
  });

  describe('with many simultaneous callbacks', () => {
    async function twenty(urls: readonly URL[], browser: Browser): Promise<Answer[]> {
      const kept = new Map(browser.cookies);
      return Promise.all(
        Array.from({ length: 20 }, (_, index) => {
          const tab = new Browser();
          for (const [name, value] of kept) tab.cookies.set(name, value);
          return tab.get(urls[index % urls.length]!.href);
        }),
      );
    }

    describeWith('redis', 'on gateways that share a Redis', (program) => {
      let redis: TestRedis;
      beforeAll(async () => {
        redis = await TestRedis.start(program);
      });
      afterAll(async () => redis?.stop());

      it('causes one exchange and one session', async () => {
        const [one, two] = await Promise.all([another({ REDIS_URL: redis.url }), another({ REDIS_URL: redis.url })]);
        const { browser, callback } = await approved(one);
        const atTwo = new URL(callback.href.replace(one.gateway.url, two.gateway.url));
        const before = await sessions();

        const answers = await twenty([callback, atTwo], browser);

        expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
        expect(answers.filter(({ errorCode }) => errorCode === 'invalid_state')).toHaveLength(19);
        expect(exchanges()).toBe(1);
        expect(await sessions()).toBe(before + 1);
      });

      it('cannot use an outage of Redis: no sign-in works until it is back', async () => {
        const gateway = await another({ REDIS_URL: redis.url });
        const { browser, callback } = await approved(gateway);
        await redis.stop();

        const refused = await browser.get(callback.href);
        const ready = await browser.get(`${gateway.gateway.url}/health/ready`);

        expect([refused.status, refused.errorCode]).toEqual([503, 'temporarily_unavailable']);
        expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
        expect(ready.status).toBe(503);
        expect(exchanges()).toBe(0);

        await redis.startAgain();
        expect((await signedInOnceReady(gateway)).status).toBe(303);
      });

      /** A Redis client takes a moment to notice that it is back. */
      async function signedInOnceReady(at: SignInCase): Promise<Answer> {
        const deadline = Date.now() + 8000;
        while (Date.now() < deadline) {
          if ((await new Browser().get(`${at.gateway.url}/health/ready`)).status === 200) break;
        }
        return at.signIn('li-lei');
      }

      it('cannot start a sign-in if Redis was never available', async () => {
        const gateway = await another({ REDIS_URL: `redis://:${CANARY}@127.0.0.1:${await freePort()}` });
        const { browser, callback } = await approved(gateway);
        expect((await browser.get(callback.href)).status).toBe(503);
        expect(exchanges()).toBe(0);
        expect(JSON.stringify(gateway.gateway.log)).not.toContain(CANARY);
      });
    });
  });

  describe('on the transaction cookie', () => {
    it('cannot outlive its secret: the cookie works while that follows a new one, and not without it', async () => {
      const [old, fresh] = ['o'.repeat(40), 'n'.repeat(40)];
      const before = await another({ AUTH_COOKIE_SECRET: old });
      const rotated = await another({ AUTH_COOKIE_SECRET: `${fresh},${old}` });
      const after = await another({ AUTH_COOKIE_SECRET: fresh });
      const at = (gateway: SignInCase, { callback }: Running): string =>
        callback.href.replace(before.gateway.url, gateway.gateway.url);
      const [kept, lost] = [await approved(before), await approved(before)];

      expect((await lost.browser.get(at(after, lost))).errorCode).toBe('invalid_state');
      expect((await kept.browser.get(at(rotated, kept))).status).toBe(303);
      const { browser, callback } = await approved(rotated);
      const sealedByNew = await browser.get(callback.href.replace(rotated.gateway.url, after.gateway.url));
      expect(sealedByNew.status).toBe(303);
    });

    it('cannot open it with a key derived for another purpose', async () => {
      // The counterpart of the test above: a value sealed under the correct secret does open.
      const seal = new TransactionSeal([COOKIE_SECRET]);
      const transaction: SignInTransaction = {
        state: 'A'.repeat(43),
        authenticator: 'dingtalk',
        returnPath: DEFAULT_RETURN_PATH,
        flow: 'browser',
      };
      const text = await seal.seal(transaction, 60);
      expect(await seal.open(text)).toEqual(transaction);
      expect(await new TransactionSeal(['x'.repeat(40)]).open(text)).toBeUndefined();
      expect(await seal.open(await seal.seal(transaction, -1))).toBeUndefined();
    });
  });

  describe('by headers that name another host', () => {
    it.each<[string, Record<string, string>]>([
      ['from anybody', {}],
      ['from a trusted proxy', { TRUST_PROXY: '127.0.0.1' }],
    ])('%s changes no address', async (_name, changes) => {
      const { gateway } = changes['TRUST_PROXY'] ? await another(changes) : testCase;
      const at = async (path: string): Promise<RawAnswer> =>
        rawRequest(gateway.url + path, { headers: { ...PROXY_HEADERS, accept: 'text/html' } });

      const start = await at('/auth/dingtalk?redirect=/admin/x');
      const query = new URL(start.headers.location!).searchParams;
      expect(query.get('redirect_uri')).toBe(`${gateway.url}/auth/dingtalk/dingtalk/callback`);

      const code = new URL(await testCase.sandbox.approve(start.headers.location!, 'li-lei')).searchParams.get('code');
      const cookie = start.headers['set-cookie']![0]!.split(';')[0]!;
      const path = `/auth/dingtalk/dingtalk/callback?code=${code}&state=${query.get('state')}`;
      const end = await rawRequest(gateway.url + path, { headers: { ...PROXY_HEADERS, cookie } });
      expect(new URL(end.headers.location!).origin).toBe(nocobase.url);

      const pages = [await at('/'), await at('/nothing-here'), await at('/auth/dingtalk/dingtalk/callback?code=x')];
      expect(pages.map(({ text }) => text.includes(`href="${gateway.url}/`))).toEqual([true, true, true]);
      for (const { everything } of [start, end, ...pages]) expect(everything).not.toContain('evil.example');
    });
  });

  describe('by the wanted page', () => {
    it.each<[string, Record<string, string>]>([
      ['at the root', {}],
      ['under a base path', { NOCOBASE_PUBLIC_URL: 'https://app.example.com/nb' }],
    ])('never leaves NocoBase %s', async (_name, changes) => {
      const at = changes['NOCOBASE_PUBLIC_URL'] ? await another(changes) : testCase;
      const home = new URL(changes['NOCOBASE_PUBLIC_URL'] ?? nocobase.url);
      for (const redirect of PATHS_TO_ELSEWHERE) {
        const { location } = await at.signIn('li-lei', { redirect });
        const { origin, pathname, username, password } = new URL(location);
        expect([redirect, origin, username + password]).toEqual([redirect, home.origin, '']);
        expect(`${pathname}/`.startsWith(`${home.pathname}/`.replace('//', '/'))).toBe(true);
        expect(location).toMatch(/^[\x21-\x7e]+$/);
        expect(pathname).not.toMatch(/\/\/|\\|%2f|%5c|%2e/i);
      }
    });

    it('cannot add a token or an authenticator', async () => {
      const names = ['token', 'authenticator', 'code', 'authCode', 'state', 'tok%65n', '%74oken', 'token%00'];
      const redirect = `/admin?a=1&${names.map((name) => `${name}=${CANARY}`).join('&')}&b=2`;
      const { url, token, authenticator } = handedOver((await testCase.signIn('li-lei', { redirect })).location);

      expect(url.searchParams.getAll('token')).toEqual([token]);
      expect(url.searchParams.getAll('authenticator')).toEqual([authenticator]);
      expect((await nocobase.whoIs(token, authenticator)).nickname).toBe('李雷');
      expect(['code', 'authCode', 'state'].filter((name) => url.searchParams.has(name))).toEqual([]);
      expect([url.searchParams.get('a'), url.searchParams.get('b')]).toEqual(['1', '2']);
    });

    /** Where the hand-off page of a gateway on NocoBase's own origin leads, and the gateway's response there. */
    async function landing(publicUrl: string, redirect: string): Promise<[path: string, status: number]> {
      const port = await freePort();
      const shared = await another({}, { publicUrl, port });
      const direct = (url: string): string => url.replace(nocobase.url, `http://127.0.0.1:${port}`);
      const browser = new Browser();
      const query = new URLSearchParams({ redirect }).toString();
      const { location } = await browser.get(direct(`${publicUrl}/auth/dingtalk?${query}`));
      const end = await browser.get(direct(await shared.sandbox.approve(location, 'li-lei')));
      expect(end.status).toBe(200);
      const target = /&#34;location&#34;:&#34;([^&]+)&#34;/.exec(end.text)![1]!;
      expect(new URL(target).origin).toBe(nocobase.url);
      return [new URL(target).pathname, (await browser.get(direct(target))).status];
    }

    it.each(['/sso/auth/dingtalk', '/sso', '/sso/', '/SSO/auth/dingtalk', '/x/../sso/auth/dingtalk', '/sso?x#y'])(
      'does not lead back to the gateway: %s',
      async (redirect) => {
        expect(await landing(`${nocobase.url}/sso`, redirect)).toEqual(['/admin', 404]);
      },
    );

    it.each(['/auth/dingtalk', '/auth/dingtalk/dingtalk/callback?code=x', '/Auth/dingtalk'])(
      'does not lead back to a gateway at the root: %s',
      async (redirect) => {
        expect(await landing(nocobase.url, redirect)).toEqual(['/admin', 404]);
      },
    );

    it.each(['/%73so/auth/dingtalk', '/s%73o/auth/dingtalk'])(
      'does not lead back to the gateway by escapes: %s',
      async (redirect) => {
        const [, status] = await landing(`${nocobase.url}/sso`, redirect);
        expect(status).toBe(404);
      },
    );
  });

  describe('meets protective headers', () => {
    const COMMON = {
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-powered-by': undefined,
      server: undefined,
    };
    const KINDS: [string, number, string, Record<string, string>?][] = [
      ['the sign-in page', 200, '/'],
      ['the start', 302, '/auth/dingtalk'],
      ['an error page', 400, '/auth/dingtalk/dingtalk/callback?code=x'],
      ['an error as JSON', 400, '/auth/dingtalk/dingtalk/callback?code=x', { accept: 'application/json' }],
      ['a page that does not exist', 404, '/nothing-here'],
      ['an unknown authenticator', 404, '/auth/dingtalk/nobody'],
      ['an address that cannot be decoded', 400, '/%zz'],
    ];
    const HEALTH: typeof KINDS = [
      ['liveness', 200, '/health/live'],
      ['readiness', 200, '/health/ready'],
    ];

    async function expectProtected(at: SignInCase, [, status, path, headers = {}]: (typeof KINDS)[number]) {
      const base = new URL(at.gateway.url);
      const url = `http://127.0.0.1:${portOf(at)}${base.pathname.replace(/\/$/, '')}${path}`;
      const answer = await rawRequest(url, { headers: { accept: 'text/html', ...headers } });
      expect([path, answer.status]).toEqual([path, status]);
      expect(Object.fromEntries(Object.keys(COMMON).map((name) => [name, answer.headers[name]]))).toEqual(COMMON);
      const hsts = answer.headers['strict-transport-security'];
      expect(hsts).toEqual(base.protocol === 'https:' ? expect.stringMatching(/^max-age=\d{7,}/) : undefined);
      if (answer.text !== '') expectPolicy(answer.headers['content-security-policy'], answer.text);
    }

    function expectPolicy(policy: unknown, text: string): void {
      expect(policy).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(policy).not.toMatch(/unsafe-|\*|https?:/);
      const nonce = /'nonce-([^']+)'/.exec(String(policy))?.[1];
      for (const [, attributes] of text.matchAll(/<(?:script|style)\b([^>]*)>/g)) {
        expect(attributes).toBe(` nonce="${nonce}"`);
      }
      expect(text).not.toMatch(/<[^>]+\s(?:on\w+|style)=/);
    }

    // HealthController answers without the Responder: no nosniff, no-referrer, CSP or HSTS.
    it.each(HEALTH)('on %s', async (...kind) => expectProtected(testCase, kind));

    it('on the hand-off, by redirect and by page', async () => {
      const redirected = await testCase.signIn('li-lei');
      const shared = await another(
        { NOCOBASE_PUBLIC_URL: 'http://127.0.0.1:1' },
        { publicUrl: 'http://127.0.0.1:1', port: await freePort() },
      );
      const direct = (url: string): string => url.replace('http://127.0.0.1:1/', `http://127.0.0.1:${portOf(shared)}/`);
      const browser = new Browser();
      const { location } = await browser.get(direct('http://127.0.0.1:1/auth/dingtalk'));
      const page = await browser.get(direct(await shared.sandbox.approve(location, 'li-lei')));

      expect([redirected.status, page.status]).toEqual([303, 200]);
      for (const { headers } of [redirected, page]) {
        for (const [name, value] of Object.entries(COMMON)) expect(headers.get(name) ?? undefined).toBe(value);
      }
      expectPolicy(page.headers.get('content-security-policy'), page.text);
      expect(page.text).toContain('<script nonce=');
    });
  });

  it('finds no secret, code, token or state in any log line, page or header', async () => {
    const { sandbox } = testCase;
    const app = sandbox.world.app(DEMO_CLIENT_ID);
    const honest = app.clientSecret;
    app.clientSecret = `${CANARY}-client-secret`;
    const nocobaseProxy = await NocoBaseProxy.before(nocobase.url);
    const dingtalkProxy = await NocoBaseProxy.before(sandbox.url);
    const userTokens = new Set<string>();
    dingtalkProxy.failOn(
      'v1.0/oauth2/userAccessToken',
      watched(sandbox.url, (text) => {
        const tokens = JSON.parse(text) as Record<string, string>;
        for (const name of ['accessToken', 'refreshToken']) if (tokens[name]) userTokens.add(tokens[name]);
      }),
    );
    const leaky = await another({
      AUTH_COOKIE_SECRET: `${CANARY}-cookie-secret-with-enough-letters`,
      DINGTALK_CLIENT_SECRET: app.clientSecret,
      DINGTALK_API_URL: `${dingtalkProxy.url}/api`,
      NOCOBASE_URL: nocobaseProxy.url,
      NOCOBASE_PUBLIC_URL: nocobase.url,
    });
    const secrets = new Set([CANARY, nocobase.apiKey, nocobase.jwtSecret]);
    const answers: Answer[] = [];
    const states = new Set<string>();

    async function attempt(): Promise<Answer> {
      const { browser, callback, state, code } = await approved(leaky);
      secrets.add(code);
      states.add(state);
      for (const value of browser.cookies.values()) secrets.add(value);
      const end = await browser.get(callback.href);
      answers.push(end, await browser.get(callback.href));
      return end;
    }

    const session = handedOver((await attempt()).location).token;
    // What an upstream knows about us, it may send back to us.
    const parrot = `${CANARY} ${nocobase.apiKey} ${session}`;
    const said = JSON.stringify({ code: 'x', message: parrot, errors: [{ message: parrot }] });
    for (const status of [400, 401, 403, 404, 500, 503]) {
      for (const action of ['usersAuthenticators:list', 'issuedTokens:create']) {
        nocobaseProxy.failOn(action, answering(status, said));
        await attempt();
        nocobaseProxy.heal();
      }
      sandbox.failures.set('userAccessToken', { status, body: said });
      await attempt();
      sandbox.failures.clear();
      sandbox.failures.set('currentUser', { status, body: said });
      await attempt();
      sandbox.failures.clear();
    }
    for (const failure of ['truncated-json', 'wrong-content-type', 'drop-after-burn', 'huge-body'] as const) {
      sandbox.failures.set('currentUser', failure);
      await attempt();
      sandbox.failures.clear();
    }
    app.clientSecret = honest;
    await attempt();
    nocobaseProxy.failOn('*', answering(200, said));
    answers.push(await new Browser().get(`${leaky.gateway.url}/health/ready`));
    await Promise.all([nocobaseProxy.close(), dingtalkProxy.close()]);

    expect(userTokens.size).toBeGreaterThan(10);
    const lines = leaky.gateway.log.map((line) => JSON.stringify(line));
    expect(lines.length).toBeGreaterThan(answers.length / 2);
    const { mobile } = sandbox.world.person('li-lei');
    const inNoLine = [
      ...secrets,
      ...userTokens,
      ...states,
      session,
      mobile!,
      sandbox.world.unionIdOf('li-lei', DEMO_CLIENT_ID),
    ];
    expect(lines.filter((line) => inNoLine.some((secret) => line.includes(secret)))).toEqual([]);

    const inNoAnswer = [...secrets, ...userTokens, ...states];
    const spoken = answers.map(({ text, headers }) => text + JSON.stringify([...headers]));
    expect(spoken.filter((text) => inNoAnswer.some((secret) => text.includes(secret)))).toEqual([]);
    expect(spoken.filter((text) => SESSION_TOKEN.test(text))).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
  });
});
