import { DEMO_CLIENT_ID } from '../sandbox/index.js';
import type { SignInTransaction } from '../src/core/sign-in/index.js';
import { TransactionSeal } from '../src/core/sign-in/transaction-seal.js';
import { DEFAULT_RETURN_PATH } from '../src/core/return-path/index.js';
import { type Answer, Browser } from './support/browser.js';
import { watched } from './support/carried-out.js';
import { freePort } from './support/free-port.js';
import { isProgram } from './support/gateway.js';
import { answering, NocoBaseProxy } from './support/nocobase-proxy.js';
import { TestNocoBase } from './support/nocobase.js';
import { type RawAnswer, rawRequest } from './support/raw-request.js';
import { TestRedis } from './support/redis.js';
import { describeWith } from './support/requirements.js';
import { handedOver, SignInCase } from './support/sign-in-case.js';

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

  describe('with a wrong state', () => {
    it.each<[string, string, (own: string) => string]>([
      ['none', 'invalid_state', () => ''],
      ['an empty one', 'invalid_state', () => 'state='],
      ['a short one', 'invalid_state', (own) => `state=${own.slice(1)}`],
      ['a long one', 'invalid_state', (own) => `state=${own}A`],
      ['a foreign one', 'invalid_state', () => `state=${'A'.repeat(43)}`],
      ['one with a blank', 'invalid_state', (own) => `state=${own}%20`],
      ['one with a null character', 'invalid_state', (own) => `state=${own}%00`],
      ['one with a line feed', 'invalid_state', (own) => `state=${own}%0a`],
      ['a list of the same', 'invalid_request', (own) => `state=${own}&state=${own}`],
      ['a list with a foreign one', 'invalid_request', (own) => `state=${'A'.repeat(43)}&state=${own}`],
      ['a list by brackets', 'invalid_state', (own) => `state[]=${own}`],
      ['an object', 'invalid_state', (own) => `state[value]=${own}`],
      ['another name', 'invalid_state', (own) => `State=${own}`],
      ['10 kB', 'invalid_state', () => `state=${'x'.repeat(10_000)}`],
      ['markup', 'invalid_state', () => `state=%3Cscript%3E${CANARY}%3C/script%3E`],
      ['a prototype', 'invalid_state', () => `__proto__[state]=x&constructor=x&__proto__=x`],
    ])('%s is refused without a call to DingTalk, and the correct one still works', async (_name, error, query) => {
      const { browser, callback, state, code } = await approved();

      const refused = await browser.get(callbackUrl(`code=${code}&${query(state)}`));

      expect([refused.status, refused.errorCode]).toEqual([400, error]);
      expect(refused.text).not.toContain(CANARY);
      expect(exchanges()).toBe(0);
      expect((await browser.get(callback.href)).status).toBe(303);
    });

    it('in another browser is refused, and its owner can still finish', async () => {
      const { browser, callback } = await approved();
      const stranger = await new Browser().get(callback.href);
      expect([stranger.status, stranger.errorCode]).toEqual([400, 'invalid_state']);
      expect(exchanges()).toBe(0);
      expect((await browser.get(callback.href)).status).toBe(303);
    });

    it("of an attacker's own sign-in does not finish another person's", async () => {
      const [victim, attacker] = [await approved(), await approved()];
      const refused = await victim.browser.get(attacker.callback.href);
      expect(refused.errorCode).toBe('invalid_state');
      expect((await victim.browser.get(victim.callback.href)).status).toBe(303);
    });

    it('after success is refused, even for a browser that kept its cookie', async () => {
      const { browser, callback } = await approved(testCase, new Browser(), '/admin/orders');
      const kept = new Map(browser.cookies);
      expect((await browser.get(callback.href)).status).toBe(303);
      const before = await sessions();

      const refreshed = await browser.get(callback.href);
      for (const [name, value] of kept) browser.cookies.set(name, value);
      const replayed = await browser.get(callback.href);

      for (const { status, errorCode } of [refreshed, replayed]) {
        expect([status, errorCode]).toEqual([400, 'invalid_state']);
      }
      expect(replayed.text).toContain('redirect=%2Fadmin%2Forders');
      expect(exchanges()).toBe(1);
      expect(await sessions()).toBe(before);
    });
  });

  describe('with a wrong code', () => {
    it.each<[string, (own: string) => string]>([
      ['none', () => ''],
      ['an empty one', () => 'code=&authCode='],
      ['a list', (own) => `code=${own}&code=${own}`],
      ['a list by brackets', (own) => `code[]=${own}`],
      ['two different ones', (own) => `code=${own}&authCode=x${own}`],
      ['10 kB', () => `code=${'x'.repeat(10_000)}`],
      ['a line feed', (own) => `code=${own}%0d%0aX-Injected:%201`],
      ['a null character', (own) => `code=${own}%00`],
      ['a blank', (own) => `code=${own}+${own}`],
      ['letters beyond ASCII', () => 'code=%E4%B8%AD'],
    ])('%s is refused without a call to DingTalk', async (_name, query) => {
      const { browser, state, code } = await approved();
      const refused = await browser.get(callbackUrl(`state=${state}&${query(code)}`));
      expect([refused.status, refused.errorCode]).toEqual([400, 'invalid_request']);
      expect(exchanges()).toBe(0);
    });

    it.each<[string, (code: string) => string]>([
      ['code', (code) => `code=${code}`],
      ['authCode', (code) => `authCode=${code}`],
      ['code beside an empty authCode', (code) => `code=${code}&authCode=`],
      ['code beside parameters of no concern', (code) => `code=${code}&x=1&x=2&${CANARY}=1`],
    ])('is not the same as %s alone', async (_name, query) => {
      const { browser, state, code } = await approved();
      expect((await browser.get(callbackUrl(`state=${state}&${query(code)}`))).status).toBe(303);
    });

    it('if it is an error, takes precedence over a code beside it', async () => {
      const { browser, state, code } = await approved();
      const denied = await browser.get(callbackUrl(`state=${state}&code=${code}&error=%3Cb%3E${CANARY}`));
      expect([denied.status, denied.errorCode]).toEqual([403, 'access_denied']);
      expect(exchanges()).toBe(0);
    });
  });

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

    it("in the browser's cookies does not break the start", async () => {
      const cookie = Array.from({ length: 6 }, (_, index) => `sign-in-\u00e9${index}=1`).join('; ');
      const answer = await rawRequest(`${testCase.gateway.url}/auth/dingtalk`, { headers: { cookie } });
      expect(answer.status).toBe(302);
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

    it('on one gateway causes one exchange and one session', async () => {
      const { browser, callback } = await approved();
      const before = await sessions();

      const answers = await twenty([callback], browser);

      expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
      expect(answers.filter(({ errorCode }) => errorCode === 'invalid_state')).toHaveLength(19);
      expect(exchanges()).toBe(1);
      expect(await sessions()).toBe(before + 1);
    });

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
    it('that was issued for another authenticator is refused at this one', async () => {
      const [a, b] = [testCase, await another({ NOCOBASE_AUTHENTICATOR: 'other' })];
      const { browser, callback } = await approved(a);
      const elsewhere = `${b.gateway.url}/auth/dingtalk/other/callback${callback.search}`;

      const refused = await browser.get(elsewhere);

      expect([refused.status, refused.errorCode]).toEqual([400, 'invalid_state']);
      expect(exchanges()).toBe(0);
    });

    // A test cannot change the clock of a separate process.
    if (!isProgram) it("cannot outlive its lifetime, by the server's clock", endsWithItsTime);
    async function endsWithItsTime(): Promise<void> {
      const gateway = await another({ AUTH_TRANSACTION_TTL_SECONDS: '30' });
      const [late, inTime] = [await approved(gateway), await approved(gateway)];
      const clock = jest.useFakeTimers({
        now: Date.now() + 28_000,
        doNotFake: [
          ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
          ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
        ],
      });
      try {
        expect((await inTime.browser.get(inTime.callback.href)).status).toBe(303);
        clock.setSystemTime(Date.now() + 4000);
        const refused = await late.browser.get(late.callback.href);
        expect([refused.status, refused.errorCode]).toEqual([400, 'invalid_state']);
        expect(exchanges()).toBe(1);
      } finally {
        jest.useRealTimers();
      }
    }

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

    it('that changed it anywhere is refused', async () => {
      const { browser, callback } = await approved();
      const [[name, value]] = [...browser.cookies] as [[string, string]];
      const parts = value.split('.');
      const forged = [
        ...parts.map((_, index) => parts.map((part, at) => (at === index ? flipped(part) : part)).join('.')),
        '',
        '.',
        '....',
        value.slice(0, -1),
        `${value}A`,
        parts.slice(0, 4).join('.'),
        `${b64({ alg: 'none' })}.${b64({ exp: 9e9 })}.`,
        `${b64({ alg: 'dir', enc: 'A256GCM' })}....`,
      ];
      for (const text of forged) {
        const thief = new Browser();
        thief.cookies.set(name, text);
        expect((await thief.get(callback.href)).errorCode).toBe('invalid_state');
      }
      expect(exchanges()).toBe(0);
      expect((await browser.get(callback.href)).status).toBe(303);
    });

    it('that takes it from another sign-in of the same browser is refused', async () => {
      const browser = new Browser();
      const one = await approved(testCase, browser);
      const [name] = [...browser.cookies.keys()];
      await approved(testCase, browser);
      const [, [, other]] = [...browser.cookies] as [unknown, [string, string]];
      browser.cookies.set(name!, other);
      expect((await browser.get(one.callback.href)).errorCode).toBe('invalid_state');
      expect(exchanges()).toBe(0);
    });

    it('does not affect several tabs, which finish in any order', async () => {
      const browser = new Browser();
      const tabs = [];
      for (const redirect of ['/admin/a', '/admin/b', '/admin/c']) {
        tabs.push(await approved(testCase, browser, redirect));
      }
      for (const [index, path] of [
        [2, '/admin/c'],
        [0, '/admin/a'],
        [1, '/admin/b'],
      ] as const) {
        expect(new URL((await browser.get(tabs[index]!.callback.href)).location).pathname).toBe(path);
      }
      expect(browser.cookies.size).toBe(0);
    });

    it('cannot make it large, by any number of starts or any length of the wanted page', async () => {
      const browser = new Browser();
      for (let round = 0; round < 8; round += 1) await testCase.startSignIn(browser, `/${'a'.repeat(1023)}`);
      expect(browser.cookies.size).toBe(4);
      for (const [name, value] of browser.cookies) expect(name.length + value.length).toBeLessThan(4000);
    });

    it('cannot make it large by a page with a Chinese address', async () => {
      // Browsers silently drop a cookie of more than 4096 bytes: https://www.rfc-editor.org/rfc/rfc6265bis 5.7
      const browser = new Browser();
      await testCase.startSignIn(browser, `/admin/${'中'.repeat(600)}`);
      for (const [name, value] of browser.cookies) expect(name.length + value.length).toBeLessThan(4096);
    });

    it('finds it limited to this host, this site and HTTP, and sealed', async () => {
      const secure = await another({}, { publicUrl: 'https://sso.example.com', port: await freePort() });
      const url = `http://127.0.0.1:${portOf(secure)}/auth/dingtalk`;
      const onHttps = await rawRequest(url);
      const onHttp = await rawRequest(`${testCase.gateway.url}/auth/dingtalk`);
      const lines = [onHttps, onHttp].map(({ headers }) => headers['set-cookie']);

      const attributes = 'Max-Age=600; Path=/; HttpOnly; ';
      expect(lines).toEqual([
        [expect.stringMatching(new RegExp(`^__Host-sign-in-[\\w-]{16}=[\\w.-]+; ${attributes}Secure; SameSite=Lax$`))],
        [expect.stringMatching(new RegExp(`^sign-in-[\\w-]{16}=[\\w.-]+; ${attributes}SameSite=Lax$`))],
      ]);
      const state = new URL(onHttp.headers.location!).searchParams.get('state')!;
      expect(lines[1]![0]).not.toContain(state);
      expect(Buffer.from(lines[1]![0]!.split('.')[3]!, 'base64url').toString('latin1')).not.toContain('admin');
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

  it.each(['HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'])(
    'by %s starts nothing and uses nothing up',
    async (method) => {
      const { browser, callback } = await approved();
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');

      const answers = [
        await rawRequest(callback.href, { method, headers: { cookie, accept: 'text/html' } }),
        await rawRequest(`${testCase.gateway.url}/auth/dingtalk`, { method, headers: { cookie } }),
      ];

      for (const { status, headers } of answers) {
        expect([status, headers['set-cookie'], headers.location]).toEqual([404, undefined, undefined]);
      }
      expect(exchanges()).toBe(0);
      expect((await browser.get(callback.href)).status).toBe(303);
    },
  );

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
    const NASTY = [
      ['https://evil.example/', '//evil.example', '///evil.example', '/\\evil.example', '\\\\evil.example'],
      ['/\t/evil.example', '/\r\n/evil.example', '\u0000//evil.example', ' //evil.example', '/%09/evil.example'],
      ['/%2fevil.example', '/%5cevil.example', '/%252fevil.example', '/..//evil.example', '/.//evil.example'],
      ['/../../evil.example', '/%2e%2e/%2e%2e/evil.example', '/admin/..%2f..%2fevil.example', '/..;/evil.example'],
      ['@evil.example', '.evil.example', ':80@evil.example', '/@evil.example', 'javascript:alert(1)//'],
      ['/\u2025/evil.example', '/\uff0fevil.example', '/\u202eevil.example', '/\u3002/evil.example'],
      ['?redirect=//evil.example', '#//evil.example', '', '/', '/signin', '/v/signin?redirect=//evil.example'],
      ['/admin?next=//evil.example#//evil.example', 'https:evil.example', 'http:///evil.example', '/;@evil.example'],
    ].flat();

    it.each<[string, Record<string, string>]>([
      ['at the root', {}],
      ['under a base path', { NOCOBASE_PUBLIC_URL: 'https://app.example.com/nb' }],
    ])('never leaves NocoBase %s', async (_name, changes) => {
      const at = changes['NOCOBASE_PUBLIC_URL'] ? await another(changes) : testCase;
      const home = new URL(changes['NOCOBASE_PUBLIC_URL'] ?? nocobase.url);
      for (const redirect of NASTY) {
        const { location } = await at.signIn('li-lei', { redirect });
        const { origin, pathname, username, password } = new URL(location);
        expect([redirect, origin, username + password]).toEqual([redirect, home.origin, '']);
        expect(`${pathname}/`.startsWith(`${home.pathname}/`.replace('//', '/'))).toBe(true);
        expect(location).toMatch(/^[\x21-\x7e]+$/);
        expect(pathname).not.toMatch(/\/\/|\\|%2f|%5c|%2e/i);
      }
    });

    it('cannot pass a list or an object', async () => {
      for (const query of ['redirect=/admin/a&redirect=/admin/b', 'redirect[]=/admin/a', 'redirect[x]=/admin/a']) {
        const browser = new Browser();
        const { location } = await browser.get(`${testCase.gateway.url}/auth/dingtalk?${query}`);
        const end = await browser.get(await testCase.sandbox.approve(location, 'li-lei'));
        expect(new URL(end.location).pathname).toBe('/admin');
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

    it.each(KINDS)('on %s (http)', async (...kind) => expectProtected(testCase, kind));

    it('on all of them behind https', async () => {
      const secure = await another({}, { publicUrl: 'https://sso.example.com/sso', port: await freePort() });
      for (const kind of KINDS) await expectProtected(secure, kind);
    });

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

    it('with a nonce that is new every time', async () => {
      const policies = await Promise.all(
        [1, 2, 3].map(async () => (await rawRequest(`${testCase.gateway.url}/`)).headers['content-security-policy']),
      );
      expect(new Set(policies).size).toBe(3);
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
    expect(spoken.filter((text) => text.includes('eyJ'))).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
  });
});

const b64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A different text of the same length. */
function flipped(text: string): string {
  const middle = Math.floor(text.length / 2);
  if (text === '') return 'AAAA';
  return text.slice(0, middle) + (text[middle] === 'A' ? 'B' : 'A') + text.slice(middle + 1);
}
