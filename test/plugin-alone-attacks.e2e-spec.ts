import { once } from 'node:events';
import { request } from 'node:http';
import { DEMO_CORP_ID } from '../sandbox/index.js';
import { AloneCase } from './support/alone-case.js';
import { eventually } from './support/eventually.js';
import { PLUGIN_PACKAGE } from './support/nocobase-plugin.js';
import { outcome } from './support/plugin-browser.js';
import { type RawAnswer, rawRequest } from './support/raw-request.js';

const EVIL = 'https://evil.example.com';
const IN_APP = { flow: 'in-app', corpId: DEMO_CORP_ID };

describe('Attacks on a NocoBase whose plugin signs people in by itself', () => {
  let alone: AloneCase;

  beforeAll(async () => {
    alone = await AloneCase.start({ ownProcess: true });
  }, 120_000);

  afterAll(async () => alone?.close());

  beforeEach(() => {
    alone.sandbox.requests.length = 0;
    alone.sandbox.failures.clear();
  });

  const exchanges = (): number =>
    alone.sandbox.requests.filter(({ operation }) => operation === 'userAccessToken').length;
  const get = async (path: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
    rawRequest(`${alone.nocobase.api}/${path}`, { headers });

  describe('a page of another origin', () => {
    it.each(['https://evil.example.com', 'null', 'http://localhost:1'])(
      'at %s reads nothing of ours',
      async (origin) => {
        const inApp = new URLSearchParams({ authenticator: 'dingtalk', ...IN_APP }).toString();
        for (const path of [
          'dingtalk:start?authenticator=dingtalk',
          `dingtalk:start?${inApp}`,
          'dingtalk:start?authenticator=nobody',
          'dingtalk/callback/dingtalk?code=x&state=y',
          'dingtalk:redeem?authenticator=dingtalk',
        ]) {
          const { headers } = await get(path, { origin, cookie: 'a=b' });
          expect([path, headers['access-control-allow-origin']]).toEqual([path, undefined]);
        }
      },
    );

    it('sends no answer with this browser’s cookies: NocoBase allows it no credentials', async () => {
      const { headers } = await rawRequest(`${alone.nocobase.api}/auth:signIn`, {
        method: 'OPTIONS',
        headers: {
          origin: EVIL,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'x-dingtalk-answer',
        },
      });
      expect(headers['access-control-allow-credentials']).toBeUndefined();
    });
  });

  it.each([
    '%0d%0aset-cookie:%20a=b',
    '/admin%0d%0ax:%20y',
    '/admin/%E5%8D%97%0a',
    '/admin/\\u0000',
    '/admin/%ED%A0%80',
  ])('no requested value splits a header: %s', async (text) => {
    for (const query of [`authenticator=dingtalk&redirect=${text}`, `authenticator=${text}`]) {
      const { status, headers } = await get(`dingtalk:start?${query}&flow=in-app&corpId=${text}`);
      expect([200, 302]).toContain(status);
      expect(headers['x']).toBeUndefined();
      for (const cookie of headers['set-cookie'] ?? []) expect(cookie).toMatch(/^sign-in-/);
    }
  });

  it('a return path with any characters is returned in a header', async () => {
    const own = alone.browser;
    const { location } = await own.start({ redirect: '/admin/订单😀?q=%E5%8D%97#ü' });
    const denied = new URL(await alone.sandbox.deny(location.href)).search.slice(1);
    const refused = await own.bring(denied);
    expect(outcome(refused)).toBe('403 access_denied');
    expect(refused.headers.get('x-dingtalk-return-path')).toMatch(/^\/admin\/[\x21-\x7e]+$/);
  });

  describe('a person who may edit authenticators', () => {
    it('cannot choose where the Client Secret goes: that is in NocoBase’s environment', async () => {
      const hosts = { loginUrl: EVIL, apiUrl: EVIL, oapiUrl: EVIL, proxyUrl: EVIL, callbackUrl: EVIL };
      await alone.add('hosts', { ...hosts, gatewayUrl: EVIL, gatewayInternalUrl: EVIL });
      const { location } = await alone.browser.start({ authenticator: 'hosts' });
      expect(location.origin).toBe(new URL(alone.sandbox.loginUrl).origin);
      expect(location.href).not.toContain('evil');
      expect(outcome(await alone.signIn('li-lei', { authenticator: 'hosts' }))).toBe('200 signed in');
      expect(exchanges()).toBe(1);
    });

    it("cannot have NocoBase's variables sent anywhere", async () => {
      for (const options of [{ codePattern: '{{ $env.X }}' }, { trustedProxies: ['{{ $env.X }}'] }]) {
        await expect(alone.add('variables', options)).rejects.toThrow('HTTP 400');
      }
    });
  });

  describe('an authenticator that changes while a person is at DingTalk', () => {
    const gateway = { signInBy: 'gateway', gatewayUrl: 'https://sso.example.com' };

    it('to a gateway: the answer is neither accepted nor sent', async () => {
      await alone.add('changing');
      const own = alone.browser;
      const answer = await alone.answerFor('li-lei', own, { authenticator: 'changing' });
      await alone.configure('changing', gateway);
      expect(outcome(await own.bring(answer, 'changing'))).toBe('400 invalid_request');
      const both = { 'x-dingtalk-ticket': 'x.y.z' };
      expect(outcome(await own.bring(answer, 'changing', 'x-dingtalk-answer', both))).toMatch(/^(?:400|503) /);
      expect(exchanges()).toBe(0);
      // And back: the person's sign-in is still in progress.
      await alone.configure('changing', {});
      expect(outcome(await own.bring(answer, 'changing'))).toBe('200 signed in');
    });

    it('to another organization: the current rules apply', async () => {
      await alone.add('moving');
      const own = alone.browser;
      const answer = await alone.answerFor('li-lei', own, { authenticator: 'moving' });
      await alone.configure('moving', { corpIds: ['ding-another'] });
      expect(outcome(await own.bring(answer, 'moving'))).toBe('403 organization_not_allowed');
    });

    it('by saving while others arrive: the change takes effect immediately', async () => {
      const id = await alone.add('saving', { requestsPerMinute: 0 });
      const coming = { more: true };
      const others = Array.from({ length: 4 }, async () => {
        while (coming.more) await alone.browser.start({ authenticator: 'saving' });
      });
      for (let n = 0; n < 10; n += 1) {
        const corpIds = [`ding-${n}`];
        const values = { id, options: alone.options({ corpIds, requestsPerMinute: 0 }) };
        await alone.nocobase.call('POST', `authenticators:update?filterByTk=${id}`, values);
        const { location } = await alone.browser.start({ authenticator: 'saving' });
        expect(location.searchParams.get('corpId')).toBe(corpIds[0]);
      }
      coming.more = false;
      await Promise.all(others);
    }, 60_000);
  });

  it('a ticket is ignored by an authenticator without a gateway, even beside an answer', async () => {
    const own = alone.browser;
    expect(outcome(await own.redeem('x.y.z'))).toBe('400 invalid_request');
    const answer = await alone.answerFor('li-lei', own);
    const done = await own.bring(answer, 'dingtalk', 'x-dingtalk-answer', { 'x-dingtalk-ticket': 'x.y.z' });
    expect(outcome(done)).toBe('200 signed in');
  });

  it('two answers in one request are treated as DingTalk’s redirect', async () => {
    const own = alone.browser;
    const answer = await alone.answerFor('li-lei', own);
    const code = alone.sandbox.world.issueInAppCode('mary', DEMO_CORP_ID);
    const state = new URLSearchParams(answer).get('state')!;
    const both = { 'x-dingtalk-in-app': `code=${code}&state=${state}` };
    const done = await own.bring(answer, 'dingtalk', 'x-dingtalk-answer', both);
    expect(done).toMatchObject({ status: 200, user: { nickname: '李雷' } });
  });

  it('a sender who disconnects halfway leaves NocoBase unaffected', async () => {
    alone.sandbox.failures.set('userAccessToken', { delayMs: 300 });
    for (let n = 0; n < 5; n += 1) {
      const own = alone.browser;
      const answer = await alone.answerFor('li-lei', own);
      const outgoing = request(`${alone.nocobase.api}/auth:signIn`, {
        method: 'POST',
        headers: {
          'x-authenticator': 'dingtalk',
          'x-dingtalk-answer': answer,
          cookie: own.cookieHeader('sign-in-'),
        },
      });
      const gone = once(outgoing, 'error');
      outgoing.end();
      await eventually(() => expect(exchanges()).toBe(n + 1));
      outgoing.destroy(new Error('gone'));
      await gone;
    }
    alone.sandbox.failures.clear();
    expect(outcome(await alone.signIn('li-lei'))).toBe('200 signed in');
  });

  it('a plugin that was disabled and enabled again is active once', async () => {
    const rows = await alone.nocobase.list('authenticators', { authType: 'DingTalk' }, 'id,name');
    // NocoBase requires one that is enabled.
    await alone.add('password', {}, { authType: 'Email/Password', options: {} });
    for (const { id } of rows) {
      await alone.nocobase.call('POST', `authenticators:update?filterByTk=${String(id)}`, { id, enabled: false });
    }
    for (const action of ['disable', 'enable']) {
      const press = `pm:${action}?filterByTk=${encodeURIComponent(PLUGIN_PACKAGE)}&awaitResponse=true`;
      await alone.nocobase.call('POST', press);
      await eventually(async () => {
        const types = await alone.nocobase.call<{ name: string }[]>('GET', 'authenticators:listTypes');
        expect(types.some(({ name }) => name === 'DingTalk')).toBe(action === 'enable');
      });
    }
    await alone.configure('dingtalk', { requestsPerMinute: 8 });
    const starts: (string | null)[] = [];
    for (let n = 0; n < 9; n += 1) {
      starts.push((await alone.browser.start()).location.searchParams.get('dingtalk_error'));
    }
    expect(starts).toEqual([...Array<null>(8).fill(null), 'rate_limited']);
    await alone.configure('dingtalk', { requestsPerMinute: 9 });
    expect(outcome(await alone.signIn('li-lei'))).toBe('200 signed in');
  }, 120_000);
});

describe('A NocoBase with an invalid variable', () => {
  const log: string[] = [];
  let alone: AloneCase;

  beforeAll(async () => {
    alone = await AloneCase.start({
      env: { DINGTALK_API_URL: 'http://canary.example.com', NB_LOG: 'info' },
      onProgress: (line) => log.push(line),
    });
  }, 120_000);

  afterAll(async () => alone?.close());

  it('starts, lets people in by its other ways, and names the variable without its value', async () => {
    const { location } = await alone.browser.start({ redirect: '/v/admin/x' });
    expect(`${location.pathname} ${location.searchParams.get('dingtalk_error')}`).toBe('/v/signin misconfigured');
    await eventually(() => expect(log.join('\n')).toContain('DINGTALK_API_URL'));
    expect(log.join('\n')).not.toContain('canary');
    await expect(alone.nocobase.call('GET', 'auth:check')).resolves.toBeDefined();
    // Anyone can cause it: a few lines per address, and no more.
    for (let n = 0; n < 40; n += 1) await alone.browser.start();
    const lines = (what: string): number =>
      log.filter((line) => line.includes(what) && line.includes('DINGTALK_API_URL')).length;
    await eventually(() => expect(lines('a sign-in could not start')).toBe(20));
    // However often it is retried.
    expect(lines('the watch for people who leave could not start')).toBe(1);
  });
});
