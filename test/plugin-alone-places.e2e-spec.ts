import { randomBytes } from 'node:crypto';
import type { OlderMinor } from '../real-nocobase/launch.mjs';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_CORP_ID, type Sandbox, startSandbox } from '../sandbox/index.js';
import { AloneCase } from './support/alone-case.js';
import type { TestNocoBase } from './support/nocobase.js';
import { launchWithPlugin } from './support/nocobase-plugin.js';
import { PluginBrowser } from './support/plugin-browser.js';
import { rawRequest } from './support/raw-request.js';

/** All NocoBase variables set that change an address, and a sub-app whose domain is `localhost`. */
describe('A NocoBase at unusual addresses, whose plugin signs people in by itself', () => {
  let sandbox: Sandbox;
  let nocobase: TestNocoBase;
  /** NocoBase at 127.0.0.1, and at its sub-app's domain. */
  let home: string;
  let atDomain: string;

  beforeAll(async () => {
    sandbox = await startSandbox();
    nocobase = await launchWithPlugin({
      publicPath: '/nb/',
      subApp: 'sales',
      subAppHost: 'localhost',
      env: {
        API_BASE_PATH: '/rest/',
        APP_MODERN_CLIENT_PREFIX: 'new',
        APP_CLIENT_ENTRY_MODE: 'modern-default',
        API_CLIENT_STORAGE_PREFIX: 'erp_',
        // One key for all applications, as for several nodes.
        APP_AES_SECRET_KEY: randomBytes(32).toString('hex'),
        DINGTALK_LOGIN_URL: sandbox.loginUrl,
        DINGTALK_API_URL: sandbox.apiUrl,
        DINGTALK_OAPI_URL: sandbox.oapiUrl,
      },
    });
    home = nocobase.url;
    atDomain = home.replace('127.0.0.1', 'localhost');
    for (const [app, name, nocobaseUrl] of [
      ['main', 'dingtalk', home],
      ['sales', 'dingtalk', home],
      ['sales', 'at-domain', atDomain],
    ] as const) {
      const options = {
        signInBy: 'nocobase',
        nocobaseUrl,
        clientId: DEMO_CLIENT_ID,
        clientSecret: DEMO_CLIENT_SECRET,
        corpIds: [DEMO_CORP_ID],
        autoSignUp: true,
      };
      const values = { name, authType: 'DingTalk', enabled: true, options };
      await nocobase.call('POST', 'authenticators:updateOrCreate?filterKeys[]=name', values, { 'x-app': app });
    }
  }, 180_000);

  afterAll(async () => {
    await nocobase?.stop();
    await sandbox?.close();
  });

  interface Place {
    readonly origin: () => string;
    /** Path of the API at which a sign-in starts. */
    readonly api: string;
    readonly authenticator: string;
    /** As registered in DingTalk's console. */
    readonly callback: string;
  }

  const MAIN: Place = {
    origin: () => home,
    api: '/rest/',
    authenticator: 'dingtalk',
    callback: '/rest/dingtalk/callback/dingtalk',
  };
  const SALES: Place = {
    origin: () => home,
    api: '/rest/__app/sales/',
    authenticator: 'dingtalk',
    callback: '/rest/__app/sales/dingtalk/callback/dingtalk',
  };
  const AT_DOMAIN: Place = {
    origin: () => atDomain,
    api: '/rest/',
    authenticator: 'at-domain',
    callback: '/rest/__app/sales/dingtalk/callback/at-domain',
  };

  /** To DingTalk and back. @returns the redirect URL, with DingTalk's answer */
  async function answered(browser: PluginBrowser, place: Place, redirect?: string): Promise<URL> {
    const callback = place.origin() + place.callback;
    sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(callback);
    const { authenticator } = place;
    const { location } = await browser.start({ authenticator, ...(redirect === undefined ? {} : { redirect }) });
    expect(location.searchParams.get('redirect_uri')).toBe(callback);
    return new URL(await sandbox.approve(location.href, 'li-lei'));
  }

  /** What the page there does, according to its options. */
  async function throughThePage(back: URL, cookie: string): Promise<{ redirect?: string; code?: string }> {
    const page = await (await fetch(back)).text();
    const text = /data-options="([^"]*)"/.exec(page)![1]!;
    const json = text.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));
    const { app, api, authenticator, proofHeader } = JSON.parse(json) as Record<string, string>;
    const answer = await fetch(`${back.origin}${api}auth:signIn`, {
      method: 'POST',
      headers: {
        cookie,
        'x-authenticator': authenticator!,
        [proofHeader!]: back.search.slice(1),
        ...(app === 'main' ? {} : { 'x-app': app! }),
      },
    });
    const { data, errors } = (await answer.json()) as { data?: { redirect: string }; errors?: { code: string }[] };
    return data ?? errors![0]!;
  }

  it.each<[string, Place, string | undefined, string]>([
    ['the main application', MAIN, '/new/admin/x', '/new/admin/x'],
    ['the main application', MAIN, undefined, '/new/admin'],
    ['a client that it does not have', MAIN, '/v/admin/x', '/new/admin'],
    ['its API', MAIN, '/rest/users:list', '/new/admin'],
    ['a sub-app', SALES, '/admin/x', '/apps/sales/admin/x'],
    ['a sub-app', SALES, '/new/admin/x', '/new/apps/sales/admin/x'],
    ['a sub-app', SALES, undefined, '/new/apps/sales/admin'],
    ['a sub-app at its own domain', AT_DOMAIN, '/admin/x', '/admin/x'],
    ['a sub-app at its own domain', AT_DOMAIN, '/new/admin/x', '/new/admin/x'],
    ['a sub-app at its own domain', AT_DOMAIN, '/apps/sales/admin', '/new/admin'],
  ])('leads a person who wants %s (%j, %s) to %s', async (_what, place, wanted, expected) => {
    const browser = new PluginBrowser(place.origin() + place.api.slice(0, -1));
    const back = await answered(browser, place, wanted);
    expect(await throughThePage(back, browser.cookieHeader('sign-in-'))).toMatchObject({ redirect: expected });
  });

  it('leads a person who declines to the sign-in page of the application and the client', async () => {
    const refused = async (place: Place): Promise<string> => {
      const browser = new PluginBrowser(place.origin() + place.api.slice(0, -1));
      const response = await browser.fetch('dingtalk:start?authenticator=nobody&redirect=/new/admin/x');
      const { pathname, searchParams } = new URL(response.headers.get('location')!, place.origin());
      return `${pathname} ${searchParams.get('redirect')}`;
    };
    expect(await refused(MAIN)).toBe('/nb/new/signin /nb/new/admin/x');
    expect(await refused(SALES)).toBe('/nb/new/apps/sales/signin /nb/new/apps/sales/admin/x');
    expect(await refused(AT_DOMAIN)).toBe('/nb/new/signin /nb/new/admin/x');
  });

  it('accepts an answer in the application that started the sign-in, and in no other', async () => {
    const browser = new PluginBrowser(home + MAIN.api.slice(0, -1));
    const back = await answered(browser, MAIN);
    const cookie = browser.cookieHeader('sign-in-');
    const asSales = new URL(back.href.replace(MAIN.callback, SALES.callback));
    sandbox.requests.length = 0;
    expect(await throughThePage(asSales, cookie)).toMatchObject({ code: 'invalid_state' });
    expect(sandbox.requests).toEqual([]);
    expect(await throughThePage(back, cookie)).toMatchObject({ redirect: '/new/admin' });
  });
});

describe.each<OlderMinor>(['2.1', '2.0'])(
  'A NocoBase that looks like %s, whose plugin signs people in by itself',
  (as) => {
    let alone: AloneCase;
    const log: string[] = [];

    beforeAll(async () => {
      alone = await AloneCase.start({ as, env: { NB_LOG: 'debug' }, onProgress: (line) => log.push(line) });
    }, 180_000);

    afterAll(async () => alone?.close());

    it('signs in new and returning people, and keeps NocoBase’s own order', async () => {
      const first = await alone.signIn('li-lei', { redirect: '/v/admin/x' });
      expect(first).toMatchObject({ status: 200, redirect: '/v/admin/x', user: { nickname: '李雷' } });
      expect(await alone.signIn('li-lei')).toMatchObject({ status: 200, user: { id: first.user!['id'] } });
      expect(first.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
      await expect(alone.nocobase.whoIs(first.token!, 'dingtalk')).resolves.toMatchObject({ id: first.user!['id'] });
      // NocoBase's request log, which keeps full URLs, does not contain the redirect URL.
      expect(log.filter((line) => line.includes('dingtalk/callback'))).toEqual([]);
    });

    it('lets no page of another site send an answer with this browser’s cookies', async () => {
      const { headers } = await rawRequest(`${alone.nocobase.api}/auth:signIn`, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://evil.example.com',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'x-dingtalk-answer,x-authenticator',
        },
      });
      expect(headers['access-control-allow-credentials']).toBeUndefined();
    });
  },
);
