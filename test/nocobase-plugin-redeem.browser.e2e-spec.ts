import { randomBytes, randomInt } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { pluginUrl } from '../src/core/plugin-protocol/index.js';
import { launchChromium, withoutNocoBasesScripts } from './support/chromium.js';
import type { TestNocoBase } from './support/nocobase.js';
import { launchWithPlugin } from './support/nocobase-plugin.js';
import { describeWith } from './support/requirements.js';
import { StandInGateway } from './support/stand-in-gateway.js';

describeWith('chromium', 'The page that redeems a ticket, in Chromium', (executablePath) => {
  let nocobase: TestNocoBase;
  let gateway: StandInGateway;
  let chromium: Browser;
  /** Addresses that the browser requested. */
  const seen: string[] = [];
  /** The gateway's result of a sign-in. */
  let returnPath = '/admin/page';
  let useOwnChallenge = true;

  beforeAll(async () => {
    gateway = await StandInGateway.launch();
    chromium = await launchChromium(executablePath);
    nocobase = await launchWithPlugin({ web: true, publicPath: '/nb/', subApp: 'sales' });
    for (const app of ['main', 'sales']) {
      const options = {
        gatewayUrl: gateway.url,
        nocobaseUrl: nocobase.url,
        clientId: 'ding-client',
        clientSecret: 'a-client-secret',
        corpIds: ['ding-ours'],
        autoSignUp: true,
      };
      const values = { name: 'dingtalk', authType: 'DingTalk', enabled: true, options };
      await nocobase.call('POST', 'authenticators:updateOrCreate?filterKeys[]=name', values, { 'x-app': app });
    }
  }, 120_000);

  afterAll(async () => {
    await chromium?.close();
    await nocobase?.stop();
    await gateway?.stop();
  });

  /** The gateway, as far as a browser sees it: consent was given, the ticket is in the fragment. */
  function consenting(app: string): void {
    gateway.answer = (request, response) => {
      const { searchParams } = new URL(request.url ?? '', gateway.url);
      const challenge = useOwnChallenge ? (searchParams.get('challenge') ?? '') : randomBytes(32).toString('base64url');
      const identity = {
        subject: `union-${randomBytes(8).toString('hex')}`,
        name: '张三',
        phone: `+86138${String(randomInt(1e8)).padStart(8, '0')}`,
        organization: 'ding-ours',
        phonePermission: 'Contact.User.mobile',
      };
      void gateway
        .ticket({ aud: nocobase.url, app, challenge, identity, returnPath })
        .then((ticket) => `${pluginUrl(nocobase.url, { app }, 'redeem')}?authenticator=dingtalk#ticket=${ticket}`)
        .then((location) => response.writeHead(303, { location }).end());
    };
  }

  async function withPage(work: (page: Page) => Promise<void>): Promise<void> {
    const context = await chromium.newContext();
    try {
      const page = await context.newPage();
      page.on('request', (request) => seen.push(request.url()));
      await work(page);
    } finally {
      await context.close();
    }
  }

  /** For a sign-in that fails: what is shown then belongs to `nocobase-plugin-client.browser.e2e-spec.ts`. */
  async function withPageOfOurs(work: (page: Page) => Promise<void>): Promise<void> {
    await withPage(async (page) => {
      await withoutNocoBasesScripts(page, nocobase.url);
      await work(page);
    });
  }

  async function signIn(page: Page, app = 'main'): Promise<void> {
    consenting(app);
    await page.goto(`${pluginUrl(nocobase.url, { app }, 'start')}?authenticator=dingtalk`);
  }

  const stored = async (page: Page): Promise<Record<string, string>> =>
    page.evaluate('Object.fromEntries(Object.entries(localStorage))');

  beforeEach(() => {
    seen.length = 0;
    returnPath = '/admin/page';
    useOwnChallenge = true;
  });

  it('signs the person in, on the wanted page, and leaves the ticket nowhere', async () => {
    await withPage(async (page) => {
      await page.goto(`${nocobase.url}/signin`);
      await page.evaluate("localStorage.setItem('NOCOBASE_ROLE', 'root')");
      await signIn(page);
      await page.waitForURL(`${nocobase.url}/admin/page`);
      const kept = await stored(page);
      expect(kept).toMatchObject({ NOCOBASE_AUTH: 'dingtalk' });
      await expect(nocobase.whoIs(kept['NOCOBASE_TOKEN']!, 'dingtalk')).resolves.toMatchObject({ nickname: '张三' });
      expect(kept['NOCOBASE_ROLE']).not.toBe('root');
      expect(seen.filter((url) => url.includes('auth:signIn'))).toHaveLength(1);
      // Going back leads to where the person was before, not to the page with the ticket.
      await page.goBack();
      expect(page.url()).not.toContain('dingtalk:');
    });
  });

  it('ends the session that another person left in the browser', async () => {
    await withPage(async (page) => {
      await signIn(page);
      await page.waitForURL(`${nocobase.url}/admin/page`);
      const { NOCOBASE_TOKEN: former } = await stored(page);
      await signIn(page);
      await page.waitForURL(`${nocobase.url}/admin/page`);
      const { NOCOBASE_TOKEN: latter } = await stored(page);
      expect(latter).not.toBe(former);
      await expect(nocobase.whoIs(former!, 'dingtalk')).rejects.toThrow('HTTP 401');
      await expect(nocobase.whoIs(latter!, 'dingtalk')).resolves.toMatchObject({ nickname: '张三' });
    });
  });

  it('signs in to a sub-app, under its own storage keys', async () => {
    await withPage(async (page) => {
      await signIn(page, 'sales');
      await page.waitForURL(`${nocobase.url}/apps/sales/admin/page`);
      const kept = await stored(page);
      expect(kept).toMatchObject({ NOCOBASE_SALES_AUTH: 'dingtalk' });
      expect(kept['NOCOBASE_TOKEN']).toBeUndefined();
    });
  });

  it.each([
    ['main', '/admin/page', '/signin', '/admin/page'],
    ['main', '/v/admin/page', '/v/signin', '/nb/v/admin/page'],
    ['sales', '/admin/page', '/apps/sales/signin', '/admin/page'],
    ['sales', '/v/admin/page', '/v/apps/sales/signin', '/nb/v/apps/sales/admin/page'],
  ])('of %s for %s leads an error to %s, with its code and what support needs', async (app, wanted, path, redirect) => {
    returnPath = wanted;
    useOwnChallenge = false;
    await withPageOfOurs(async (page) => {
      const address = page.waitForRequest((request) => request.url().includes('dingtalk_error='));
      await signIn(page, app);
      const url = new URL((await address).url());
      expect(`${url.origin}${url.pathname}`).toBe(`${nocobase.url}${path}`);
      expect(Object.fromEntries(url.searchParams)).toEqual({
        dingtalk_error: 'invalid_state',
        dingtalk_request: 'request-1',
        redirect,
      });
    });
  });

  it('reports a missing ticket, and treats a hostile one as missing', async () => {
    for (const fragment of [
      '',
      '#ticket=x',
      `#ticket=x.${btoa('{"returnPath":"//evil.example.com","requestId":"<b>"}')}.x`,
      `#ticket=x.${btoa('{"returnPath":"/api/users:destroy"}')}.x`,
      `#ticket=x.${btoa('{"returnPath":"/admin/../files/x.html"}')}.x`,
      `#ticket=x.${btoa('{"returnPath":"/apps/sales/admin"}')}.x`,
    ]) {
      await withPageOfOurs(async (page) => {
        const address = page.waitForRequest((request) => request.url().includes('dingtalk_error='));
        await page.goto(`${pluginUrl(nocobase.url, { app: 'main' }, 'redeem')}?authenticator=dingtalk${fragment}`);
        const url = new URL((await address).url());
        expect(url.search).toBe('?dingtalk_error=invalid_request');
      });
    }
  });

  describe('leads to a separate sentence, whatever answers instead of the plugin:', () => {
    it.each<[string, { status?: number; contentType?: string; body?: string } | 'nobody', string]>([
      ['NocoBase without the plugin', { status: 500, body: '{"errors":[{"message":"x"}]}' }, 'server_error'],
      ['an error without a code', { status: 401, body: '{"errors":[{"message":"x","code":null}]}' }, 'server_error'],
      ['an error with a code of its own', { status: 401, body: '{"errors":[{"code":"EMPTY_TOKEN"}]}' }, 'server_error'],
      ['errors that are no list', { status: 400, body: '{"errors":{"code":"x"}}' }, 'server_error'],
      [
        'NocoBase while it starts',
        { status: 503, body: '{"error":{"code":"APP_STARTING"}}' },
        'temporarily_unavailable',
      ],
      [
        'a proxy without NocoBase',
        { status: 502, contentType: 'text/html', body: '<h1>502</h1>' },
        'temporarily_unavailable',
      ],
      ['a proxy that counts', { status: 429, contentType: 'text/html', body: '<h1>429</h1>' }, 'rate_limited'],
      [
        'a page of somebody else',
        { status: 200, contentType: 'text/html', body: '<h1>Welcome</h1>' },
        'temporarily_unavailable',
      ],
      ['an answer without a session', { status: 200, body: '{"data":{}}' }, 'temporarily_unavailable'],
      [
        'an answer that leads elsewhere',
        { status: 200, body: '{"data":{"token":"t","redirect":"//evil.example.com"}}' },
        'temporarily_unavailable',
      ],
      ['null', { status: 200, body: 'null' }, 'temporarily_unavailable'],
      ['nobody', 'nobody', 'temporarily_unavailable'],
    ])('%s', async (_who, answer, code) => {
      await withPageOfOurs(async (page) => {
        await page.route('**/auth:signIn', async (route) =>
          answer === 'nobody' ? route.abort() : route.fulfill({ contentType: 'application/json', ...answer }),
        );
        const address = page.waitForRequest((request) => request.url().includes('dingtalk_error='));
        await signIn(page);
        expect(new URL((await address).url()).searchParams.get('dingtalk_error')).toBe(code);
        await page.waitForURL((at) => at.pathname === '/nb/signin');
        expect(await stored(page)).not.toHaveProperty('NOCOBASE_TOKEN');
      });
    });

    it('NocoBase behind a proxy that terminates TLS without saying so', async () => {
      await withPageOfOurs(async (page) => {
        await page.route('**/auth:signIn', async (route) => {
          // The browser uses https, so its Origin does; NocoBase knows only of http.
          const headers = { ...route.request().headers(), origin: nocobase.url.replace('http:', 'https:') };
          const answer = await fetch(route.request().url(), { method: 'POST', headers });
          expect(answer.status).toBe(403);
          await route.fulfill({ status: 403, contentType: 'application/json', body: await answer.text() });
        });
        const address = page.waitForRequest((request) => request.url().includes('dingtalk_error='));
        await signIn(page);
        expect(new URL((await address).url()).searchParams.get('dingtalk_error')).toBe('origin_refused');
      });
    });

    it('an authenticator that was disabled or deleted meanwhile', async () => {
      const change = async (action: string, values?: object) =>
        nocobase.call('POST', `authenticators:${action}`, values);
      const [row] = await nocobase.list('authenticators', { name: 'dingtalk' }, 'id,options');
      const steps = [
        async () => change(`update?filterByTk=${String(row!['id'])}`, { id: row!['id'], enabled: false }),
        async () => change(`destroy?filterByTk=${String(row!['id'])}`),
      ];
      for (const step of steps) {
        await withPageOfOurs(async (page) => {
          consenting('main');
          await page.route('**/auth:signIn', async (route) => {
            await step();
            await route.continue();
          });
          const address = page.waitForRequest((request) => request.url().includes('dingtalk_error='));
          await change(`update?filterByTk=${String(row!['id'])}`, { id: row!['id'], enabled: true });
          await page.goto(`${pluginUrl(nocobase.url, { app: 'main' }, 'start')}?authenticator=dingtalk`);
          expect(new URL((await address).url()).searchParams.get('dingtalk_error')).toBe('not_found');
        });
      }
    });
  });
});
