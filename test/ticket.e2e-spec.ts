import { decodeJwt, decodeProtectedHeader } from 'jose';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET } from '../sandbox/index.js';
import { type Answer, Browser } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { filledIn, PluginDouble } from './support/plugin-double.js';
import { isProgram } from './support/gateway.js';
import { readiness } from './support/readiness.js';
import { SignInCase } from './support/sign-in-case.js';
import { challengeOf, TicketDesk } from './support/ticket-desk.js';

const IPHONE = {
  'user-agent': 'Mozilla/5.0 (iPhone) Mobile/15E148 AliApp(DingTalk/7.8.1) com.laiwang.DingTalk/46766536',
};
const DESKTOP = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0' };
const CHALLENGE = challengeOf('what this browser keeps');
const SECRET = 'a-cookie-secret-for-tests-and-not-a-real-one';

/** The ticket at the end of a sign-in, from the fragment. */
const ticketIn = (location: string): string => /^#ticket=([\w.-]+)$/.exec(new URL(location).hash)?.[1] ?? '';

/** The gateway in front of a NocoBase with the companion plugin, which a double replaces. */
describe('Ticket hand-off', () => {
  /** NocoBase's address for browsers, and for the gateway. */
  let plugin: TicketDesk;
  let inside: PluginDouble;
  let testCase: SignInCase;

  beforeAll(async () => {
    plugin = await TicketDesk.start();
    inside = await PluginDouble.start();
    inside.publicUrl = plugin.url;
    testCase = await start();
    plugin.trust(testCase.gateway.url);
    inside.gateways.set(testCase.gateway.url, [filledIn()]);
  }, 60_000);
  afterAll(async () => {
    await testCase?.close();
    await plugin?.close();
    await inside?.goAway();
  });
  beforeEach(() => {
    plugin.requests.length = 0;
    inside.asked.length = 0;
    inside.queries.length = 0;
    testCase.sandbox.requests.length = 0;
  });
  afterEach(() => testCase.sandbox.failures.clear());

  /** With neither an API key nor NocoBase's secret. */
  async function start(change: Record<string, string> = {}): Promise<SignInCase> {
    return SignInCase.start({
      NOCOBASE_URL: inside.url,
      NOCOBASE_PUBLIC_URL: plugin.url,
      NOCOBASE_HANDOFF: 'ticket',
      DINGTALK_CORP_ID: 'dingcorp1',
      AUTH_COOKIE_SECRET: SECRET,
      ...change,
    });
  }

  async function withCase(change: Record<string, string>, test: (own: SignInCase) => Promise<void>): Promise<void> {
    const own = await start(change);
    plugin.trust(own.gateway.url);
    try {
      await test(own);
    } finally {
      plugin.trust(testCase.gateway.url);
      await own.close();
    }
  }

  /** As in a browser, from any address of the gateway, through the plugin, to DingTalk's consent page. */
  async function toDingTalk(
    browser: Browser,
    path = '/auth/dingtalk?redirect=/admin/x',
    of = testCase,
  ): Promise<string> {
    const { location: begin } = await browser.get(of.gateway.url + path);
    const { location: back } = await browser.get(begin);
    return (await browser.get(back)).location;
  }

  async function signIn(browser = new Browser(), person = 'li-lei', of = testCase): Promise<Answer> {
    return browser.get(await of.sandbox.approve(await toDingTalk(browser, undefined, of), person));
  }

  async function inApp(browser: Browser, state: string, code: string, of = testCase): Promise<Response> {
    return fetch(`${of.gateway.url}/auth/dingtalk/dingtalk/in-app`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        origin: of.gateway.url,
        'content-type': 'application/json',
        accept: 'application/json',
        cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      body: JSON.stringify({ code, state }),
    });
  }

  describe('A person', () => {
    it('is redirected through the plugin to DingTalk, and returns to it with a ticket that identifies them', async () => {
      const since = Math.floor(Date.now() / 1000);
      const answer = await signIn();

      expect(answer.status).toBe(303);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
      const claims = await plugin.redeem(ticketIn(answer.location), answer.browser.cookies);
      expect(claims).toMatchObject({
        authenticator: 'dingtalk',
        app: 'main',
        returnPath: '/admin/x',
        identity: {
          subject: testCase.sandbox.world.unionIdOf('li-lei', DEMO_CLIENT_ID),
          name: '李雷',
          phone: expect.stringMatching(/^\+86/),
          organization: 'dingcorp1',
          phonePermission: expect.any(String),
        },
      });
      expect(claims.exp - claims.iat).toBeLessThanOrEqual(60);
      expect(claims.iat).toBeGreaterThanOrEqual(since);
      expect(claims.iat).toBeLessThanOrEqual(Math.floor(Date.now() / 1000));
    });

    it('costs NocoBase no call on the way: the browser was there, the gateway was not', async () => {
      await signIn();
      expect(plugin.requests).toEqual(['GET /nb/api/dingtalk:start']);
      expect(inside.asked).toEqual([]);
    });

    it('has the ticket in the fragment, which no server receives, and nothing else about themselves in the address', async () => {
      const { location } = await signIn();
      const { origin, pathname, search } = new URL(location);
      expect(origin + pathname + search).toBe(`${plugin.url}/api/dingtalk:redeem?authenticator=dingtalk`);
      expect(decodeProtectedHeader(ticketIn(location))).toEqual({
        alg: 'EdDSA',
        typ: 'dingtalk-ticket+jwt',
        kid: expect.any(String),
      });
    });

    it('has a line in the log, without the ticket, the challenge or the code', async () => {
      await withCase({}, async (own) => {
        const browser = new Browser();
        const callback = await own.sandbox.approve(await toDingTalk(browser, undefined, own), 'li-lei');
        const { location } = await browser.get(callback);
        const { challenge, jti, requestId } = decodeJwt<{ challenge: string; requestId: string }>(ticketIn(location));
        const denied = await browser.get(await own.sandbox.deny(await toDingTalk(browser, undefined, own)));

        const lines = [
          { requestId, authenticator: 'dingtalk', outcome: 'success', match: 'ticket' },
          {
            requestId: new URL(denied.location).searchParams.get('dingtalk_request'),
            outcome: 'failure',
            code: 'access_denied',
          },
        ];
        await eventually(() =>
          expect(own.gateway.log.filter(({ event }) => event === 'sign_in')).toEqual(
            lines.map((line) => expect.objectContaining(line) as unknown),
          ),
        );
        const text = JSON.stringify(own.gateway.log);
        for (const secret of [ticketIn(location), challenge, jti!, new URL(callback).searchParams.get('code')!]) {
          expect(secret.length).toBeGreaterThan(8);
          expect(text).not.toContain(secret);
        }
      });
    });

    it('gets a new ticket each time', async () => {
      const locations = await Promise.all([signIn(), signIn(), signIn()]);
      const claims = locations.map(({ location }) => decodeJwt<{ challenge: string }>(ticketIn(location)));
      expect(new Set(claims.map(({ jti }) => jti)).size).toBe(3);
      expect(new Set(claims.map(({ challenge }) => challenge)).size).toBe(3);
    });

    it('of a sub-app comes from and returns to that sub-app', async () => {
      await withCase({ NOCOBASE_APP: 'branch', NOCOBASE_AUTHENTICATOR: 'dingtalk' }, async (own) => {
        const answer = await signIn(new Browser(), 'li-lei', own);
        expect(answer.location).toMatch(
          `${plugin.url}/api/__app/branch/dingtalk:redeem?authenticator=dingtalk#ticket=`,
        );
        expect(plugin.requests).toContain('GET /nb/api/__app/branch/dingtalk:start');
        await expect(plugin.redeem(ticketIn(answer.location), answer.browser.cookies, 'branch')).resolves.toBeDefined();
        await expect(plugin.redeem(ticketIn(answer.location), answer.browser.cookies)).rejects.toThrow(/another app/);
      });
    });

    it('with any name, however long, gets a ticket that fits an address', async () => {
      const id = 'has-a-long-name';
      testCase.addPerson({
        id,
        name: `\u202e${'长'.repeat(900)}`,
        email: 'not an address',
        avatarUrl: `https://static.example.com/${'x'.repeat(3000)}`,
        mobile: '13800009999',
        stateCode: '86',
        memberships: [{ corpId: 'dingcorp1' }],
      });
      const { location, browser } = await signIn(new Browser(), id);
      expect(location.length).toBeLessThan(4000);
      const { identity } = await plugin.redeem(ticketIn(location), browser.cookies);
      expect(identity).toMatchObject({ name: '长'.repeat(100), phone: '+8613800009999' });
      expect(Object.keys(identity)).not.toEqual(expect.arrayContaining(['avatarUrl']));
      expect(Object.keys(identity)).not.toEqual(expect.arrayContaining(['email']));
    });
  });

  describe('A sign-in starts', () => {
    it.each(['/auth/dingtalk', '/auth/dingtalk/dingtalk'])('at the plugin, also from %s', async (path) => {
      const answer = await new Browser().get(`${testCase.gateway.url}${path}?redirect=/admin/x%3Fy=1`);
      expect(answer.status).toBe(302);
      expect(answer.location).toBe(
        `${plugin.url}/api/dingtalk:start?authenticator=dingtalk&redirect=%2Fadmin%2Fx%3Fy%3D1`,
      );
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    });

    it('at no address from a request', async () => {
      const wanted = encodeURIComponent('https://evil.example/admin');
      const { location } = await new Browser().get(`${testCase.gateway.url}/auth/dingtalk?redirect=${wanted}`);
      expect(location).toBe(`${plugin.url}/api/dingtalk:start?authenticator=dingtalk`);
    });

    it('from the sign-in page, which shows no QR code, because the plugin would not know of that sign-in', async () => {
      await withCase({ DINGTALK_SCAN_WIDGET: 'true' }, async (own) => {
        const page = await new Browser().get(`${own.gateway.url}/?redirect=/admin/x`, DESKTOP);
        expect(page.status).toBe(200);
        expect(page.text).not.toContain('id="scan"');
        expect(page.headers.getSetCookie()).toEqual([]);
        expect(page.text).toContain(`href="${own.gateway.url}/auth/dingtalk?redirect=%2Fadmin%2Fx"`);
      });
    });

    it.each([
      ['empty', 'challenge='],
      ['too short', `challenge=${CHALLENGE.slice(1)}`],
      ['too long', `challenge=${CHALLENGE}A`],
      ['no base64url', `challenge=${CHALLENGE.slice(1)}%2F`],
      ['followed by a line', `challenge=${CHALLENGE}%0A`],
      ['doubled', `challenge=${CHALLENGE}&challenge=${CHALLENGE}`],
    ])('not with a challenge that is %s', async (_what, query) => {
      const answer = await new Browser().get(`${testCase.gateway.url}/auth/dingtalk?${query}`);
      expect([answer.status, answer.errorCode]).toEqual([400, 'invalid_request']);
      expect(answer.headers.getSetCookie()).toEqual([]);
    });

    it('as in a stock NocoBase by default', async () => {
      const keys = { NOCOBASE_HANDOFF: 'auto', NOCOBASE_API_TOKEN: 'key', NOCOBASE_JWT_SECRET: 'x'.repeat(32) };
      await withCase(keys, async (own) => {
        const answer = await new Browser().get(`${own.gateway.url}/auth/dingtalk?challenge=${CHALLENGE}`);
        expect(answer.location).toMatch(own.sandbox.loginUrl);
      });
    });
  });

  describe("Inside DingTalk's client", () => {
    async function open(browser: Browser, path = '/auth/dingtalk/dingtalk/in-app?redirect=/admin/x') {
      const begin = await browser.get(testCase.gateway.url + path, IPHONE);
      const back = await browser.get(begin.location, IPHONE);
      const page = await browser.get(back.location, IPHONE);
      const data = (name: string): string => new RegExp(`data-${name}="([^"]*)"`).exec(page.text)?.[1] ?? '';
      return { begin, page, data };
    }

    it('the page is served with a challenge, and its code becomes a ticket', async () => {
      const browser = new Browser();
      const { begin, page, data } = await open(browser);
      expect(begin.location).toBe(
        `${plugin.url}/api/dingtalk:start?authenticator=dingtalk&redirect=%2Fadmin%2Fx&flow=in-app&corpId=dingcorp1`,
      );
      expect([page.status, data('corp-id'), data('storage')]).toEqual([200, 'dingcorp1', 'null']);

      const code = testCase.sandbox.world.issueInAppCode('li-lei', 'dingcorp1');
      const answer = await inApp(browser, data('state'), code);
      const body = (await answer.json()) as Record<string, string>;
      expect([answer.status, Object.keys(body)]).toEqual([200, ['location']]);
      const claims = await plugin.redeem(ticketIn(body['location']!), browser.cookies);
      expect(claims).toMatchObject({ returnPath: '/admin/x', identity: { name: '李雷', organization: 'dingcorp1' } });
    });

    it('the sign-in page leads there, and continuing in a browser starts at the plugin again', async () => {
      const browser = new Browser();
      const door = await browser.get(`${testCase.gateway.url}/?redirect=/admin/x`, IPHONE);
      const path = /data-in-app="([^"]*)"/.exec(door.text)?.[1]?.replaceAll('&#38;', '&') ?? '';
      const { data } = await open(browser, path.replace(testCase.gateway.url, ''));
      expect(data('browser')).toBe(`${testCase.gateway.url}/auth/dingtalk/dingtalk?redirect=%2Fadmin%2Fx`);
    });

    it('an error stays on the page, which waits for it', async () => {
      const browser = new Browser();
      const { data } = await open(browser);
      const answer = await inApp(browser, data('state'), 'a-code-that-is-none');
      expect(answer.status).toBe(401);
      expect(answer.headers.get('location')).toBeNull();
      expect(await answer.json()).toMatchObject({ error: 'invalid_grant', requestId: expect.any(String) });
    });

    it('any other browser keeps its challenge on the way', async () => {
      const path = `/auth/dingtalk/dingtalk/in-app?corpId=dingcorp1&redirect=/admin/x&challenge=${CHALLENGE}`;
      const { location } = await new Browser().get(testCase.gateway.url + path, DESKTOP);
      expect(location).toBe(
        `${testCase.gateway.url}/auth/dingtalk/dingtalk?redirect=%2Fadmin%2Fx&challenge=${CHALLENGE}`,
      );
    });
  });

  describe('A ticket is invalid', () => {
    it('twice, in another browser, or in one with another challenge', async () => {
      const [mine, theirs] = [await signIn(), await signIn(new Browser(), 'han-meimei')];
      const ticket = ticketIn(mine.location);
      await expect(plugin.redeem(ticket, new Map())).rejects.toThrow(/another browser/);
      await expect(plugin.redeem(ticket, theirs.browser.cookies)).rejects.toThrow(/another browser/);
      await expect(plugin.redeem(ticket, mine.browser.cookies)).resolves.toBeDefined();
      await expect(plugin.redeem(ticket, mine.browser.cookies)).rejects.toThrow(/used before/);
    });

    it('for an attacker who gave their challenge to a victim: it stays in the browser that signed in', async () => {
      const [stranger, victim] = [new Browser(), new Browser()];
      const begin = await stranger.get(`${plugin.url}/api/dingtalk:start?authenticator=dingtalk`);
      const { location: consent } = await victim.get(begin.location);
      const { location } = await victim.get(await testCase.sandbox.approve(consent, 'li-lei'));
      await expect(plugin.redeem(ticketIn(location), victim.cookies)).rejects.toThrow(/another browser/);
    });

    it('if another gateway signed it', async () => {
      const answer = await signIn();
      const other = await start({ AUTH_COOKIE_SECRET: 'another-secret-of-32-characters-or-more' });
      try {
        plugin.trust(other.gateway.url);
        await expect(plugin.redeem(ticketIn(answer.location), answer.browser.cookies)).rejects.toThrow();
      } finally {
        plugin.trust(testCase.gateway.url);
        await other.close();
      }
    });

    it('for a person of another organization: none is issued', async () => {
      const app = testCase.sandbox.world.app(DEMO_CLIENT_ID);
      const membership = { memberships: [{ corpId: 'dingcorp2' }] };
      testCase.addPerson({ id: 'outsider', name: 'Outsider', mobile: '13800008888', stateCode: '86', ...membership });
      app.letOutsidersThrough = true;
      const browser = new Browser();
      const callback = await testCase.sandbox.approve(await toDingTalk(browser), 'outsider', 'dingcorp2');
      app.letOutsidersThrough = false;

      const { status, location } = await browser.get(callback);
      expect([status, new URL(location).searchParams.get('dingtalk_error')]).toEqual([303, 'organization_not_allowed']);
      expect(location).not.toContain('ticket');
    });

    it('after its secret was removed, but not while the secret is being rotated', async () => {
      const fresh = 'a-newer-secret-of-32-characters-or-more-x';
      const old = await signIn();
      const ticket = ticketIn(old.location);
      const keysOf = async (of: SignInCase): Promise<string[]> => {
        const { keys } = (await (await fetch(`${of.gateway.url}/.well-known/jwks.json`)).json()) as {
          keys: { kid: string }[];
        };
        return keys.map(({ kid }) => kid);
      };
      const { kid } = decodeProtectedHeader(ticket);
      expect(await keysOf(testCase)).toEqual([kid]);
      await withCase({ AUTH_COOKIE_SECRET: `${fresh},${SECRET}` }, async (rotating) => {
        expect(await keysOf(rotating)).toContain(kid);
        const answer = await signIn(new Browser(), 'li-lei', rotating);
        expect(decodeProtectedHeader(ticketIn(answer.location)).kid).not.toBe(kid);
        await expect(plugin.redeem(ticketIn(answer.location), answer.browser.cookies)).resolves.toBeDefined();
      });
      await withCase({ AUTH_COOKIE_SECRET: fresh }, async (rotated) => {
        expect(await keysOf(rotated)).not.toContain(kid);
      });
    });

    it('if nothing ties it to a browser: a sign-in that started before the hand-off was changed fails', async () => {
      const { sandbox, gateway } = testCase;
      const stock = await SignInCase.start(
        {
          NOCOBASE_URL: plugin.url,
          NOCOBASE_API_TOKEN: 'key',
          NOCOBASE_JWT_SECRET: 'x'.repeat(32),
          DINGTALK_CORP_ID: 'dingcorp1',
          AUTH_COOKIE_SECRET: SECRET,
        },
        { sandbox },
      );
      try {
        const browser = new Browser();
        const callback = await sandbox.approve(await stock.startSignIn(browser, '/admin/x'), 'li-lei');
        const answer = await browser.get(callback.replace(stock.gateway.url, gateway.url));
        expect([answer.status, answer.errorCode]).toEqual([400, 'invalid_state']);
        expect(answer.headers.get('location')).toBeNull();
      } finally {
        await stock.gateway.close();
      }
    });
  });

  describe('An error', () => {
    const errorIn = (location: string): Record<string, string> => Object.fromEntries(new URL(location).searchParams);

    it("goes to NocoBase's sign-in page, with its code and the request's id", async () => {
      const browser = new Browser();
      const answer = await browser.get(await testCase.sandbox.deny(await toDingTalk(browser)));
      expect(answer.status).toBe(303);
      expect(new URL(answer.location).pathname).toBe('/nb/signin');
      expect(errorIn(answer.location)).toEqual({
        dingtalk_error: 'access_denied',
        dingtalk_request: answer.headers.get('x-request-id'),
        redirect: '/admin/x',
      });
      expect(answer.headers.get('cache-control')).toBe('no-store');
    });

    it.each([
      ['/v/admin/x', '/nb/v/signin'],
      ['/vacation', '/nb/signin'],
    ])('of a person who wanted %s goes to %s', async (wanted, page) => {
      const browser = new Browser();
      const callback = await testCase.sandbox.deny(await toDingTalk(browser, `/auth/dingtalk?redirect=${wanted}`));
      expect(new URL((await browser.get(callback)).location).pathname).toBe(page);
    });

    it('of a sub-app goes to its sign-in page', async () => {
      await withCase({ NOCOBASE_APP: 'branch' }, async (own) => {
        const browser = new Browser();
        const callback = await own.sandbox.deny(await toDingTalk(browser, '/auth/dingtalk', own));
        expect(new URL((await browser.get(callback)).location).pathname).toBe('/nb/apps/branch/signin');
      });
    });

    it('of DingTalk goes there, too, and repeats nothing that DingTalk said', async () => {
      testCase.sandbox.failures.set('userAccessToken', { status: 500, body: { secret: 'CANARY' } });
      const { status, location } = await signIn();
      expect([status, errorIn(location)['dingtalk_error']]).toEqual([303, 'upstream_failed']);
      expect(Object.keys(errorIn(location))).toEqual(['dingtalk_error', 'dingtalk_request', 'redirect']);
    });

    it('is a page of the gateway if the browser has no sign-in, or has used it up', async () => {
      const browser = new Browser();
      const callback = await testCase.sandbox.approve(await toDingTalk(browser), 'li-lei');
      const stranger = await new Browser().get(callback);
      expect([stranger.status, stranger.errorCode]).toEqual([400, 'invalid_state']);

      const cookies = new Map(browser.cookies);
      expect((await browser.get(callback)).status).toBe(303);
      for (const [name, value] of cookies) browser.cookies.set(name, value);
      const again = await browser.get(callback);
      expect([again.status, again.errorCode]).toEqual([400, 'invalid_state']);
    });

    it('is JSON for clients that ask for it', async () => {
      const browser = new Browser();
      const callback = await testCase.sandbox.deny(await toDingTalk(browser));
      const answer = await browser.get(callback, { accept: 'application/json' });
      expect([answer.status, JSON.parse(answer.text)]).toEqual([
        403,
        expect.objectContaining({ error: 'access_denied' }),
      ]);
    });
  });

  describe('Readiness', () => {
    const ready = async (status: number, of = testCase) => {
      const answer = await readiness(of.gateway.url, (given) => given.status === status);
      const { details } = JSON.parse(answer.text) as { details: Record<string, Record<string, string>> };
      return { status: answer.status, nocobase: details['nocobase'] };
    };
    afterEach(() => inside.gateways.set(testCase.gateway.url, [filledIn()]));

    it("queries the plugin, under the gateway's name", async () => {
      // A result is cached for a second and a half, and another test may have asked just now.
      await eventually(async () => {
        expect(await ready(200)).toEqual({ status: 200, nocobase: { status: 'up' } });
        expect(inside.asked).toEqual(['dingtalk:settings']);
      });
    });

    it('queries once, however many requests arrive within a second, and without secrets', async () => {
      await withCase({}, async (own) => {
        inside.gateways.set(own.gateway.url, [filledIn()]);
        const began = performance.now();
        const look = async () => (await fetch(`${own.gateway.url}/health/ready`)).status;
        expect(new Set(await Promise.all(Array.from({ length: 50 }, look)))).toEqual(new Set([200]));
        for (let i = 0; i < 50; i += 1) expect(await look()).toBe(200);
        // A result is cached for a second and a half; the program also fetches the form's mode of leavers, once every half minute.
        const looks = Math.ceil((performance.now() - began) / 1500) + (isProgram ? 1 : 0);
        expect(inside.asked.length).toBeLessThanOrEqual(looks);
        expect(inside.queries).toEqual(inside.asked.map(() => '?secrets=none'));
      });
    });

    it.each([
      ['is not there', []],
      ['is off', [filledIn({ enabled: false })]],
      ['has another name', [filledIn({ name: 'other' })]],
    ])('says what to check if the authenticator %s', async (_what, authenticators) => {
      inside.gateways.set(testCase.gateway.url, authenticators);
      expect(await ready(503)).toEqual({
        status: 503,
        nocobase: { status: 'down', reason: 'misconfigured', setting: 'NOCOBASE_AUTHENTICATOR' },
      });
    });

    it('fails while NocoBase is down', async () => {
      await withCase({ NOCOBASE_URL: 'http://127.0.0.1:9' }, async (own) => {
        const { status, nocobase } = await ready(503, own);
        expect([status, nocobase?.['reason']]).toEqual([503, 'temporarily_unavailable']);
      });
    });
  });

  it('starts without any secret of NocoBase, and with only those of its own that it needs', async () => {
    const { sandbox } = testCase;
    const own = await SignInCase.start(
      {
        NOCOBASE_URL: plugin.url,
        NOCOBASE_HANDOFF: 'ticket',
        NOCOBASE_JWT_SECRET_FILE: '/nowhere',
        DINGTALK_CLIENT_SECRET: DEMO_CLIENT_SECRET,
      },
      { sandbox },
    );
    expect((await fetch(`${own.gateway.url}/health/live`)).status).toBe(200);
    await own.gateway.close();
  });

  it('is counted in the metrics as a ticket', async () => {
    await signIn();
    const text = await (await fetch(`${testCase.gateway.url}/metrics`)).text();
    expect(text).toMatch(/outcome="success",match="ticket",code="none"\} [1-9]/);
  });
});
