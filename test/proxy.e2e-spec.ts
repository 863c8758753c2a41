import { once } from 'node:events';
import { request } from 'node:http';
import type { Browser as Chromium, BrowserContext, Page } from 'playwright-core';
import { asNew, launchChromium, PATIENCE } from './support/chromium.js';
import { Browser } from './support/browser.js';
import { Caddy, checkCaddyfile } from './support/caddy.js';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import { checkNginxConfiguration, Nginx } from './support/nginx.js';
import { TestNocoBase } from './support/nocobase.js';
import type { Proxy, ProxyTargets } from './support/proxy-program.js';
import { rawRequest } from './support/raw-request.js';
import { describeWith } from './support/requirements.js';
import { SignInCase } from './support/sign-in-case.js';

const USER_MENU = '[data-testid="user-center-button"]';
const PASSWORD = 'input[type="password"]';
/** Occurs in every document of NocoBase's clients. */
const NOCOBASE = '__nocobase_public_path__';
const NOBODYS_WEBSITE = 'evil.example';

/** The gateway's settings according to README.md. */
function gatewayVariables(nocobase: TestNocoBase, origin: string): Record<string, string> {
  return {
    ...nocobase.environment,
    NOCOBASE_PUBLIC_URL: origin,
    NOCOBASE_PASSWORD_PATH: '/signin?local=1',
    TRUST_PROXY: '127.0.0.1',
    DINGTALK_CORP_ID: 'dingcorp1',
  };
}

/** Where the hand-off page sends the browser. */
function landing(page: string): string {
  const [, escaped = '{}'] = /data-hand-off="([^"]*)"/.exec(page) ?? [];
  const data = escaped.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  return (JSON.parse(data) as { location: string }).location;
}

type StartProxy = (targets: ProxyTargets) => Promise<Proxy>;

describeWith('nginx', 'Behind nginx', (program) => {
  it('which accepts the unmodified shipped file', async () => {
    await expect(checkNginxConfiguration(program)).resolves.toBeUndefined();
  });

  describe('under another name than its own', () => {
    let nginx: Nginx;

    beforeAll(async () => {
      nginx = await Nginx.start(program, { nocobase: 'http://127.0.0.1:9', gatewayPort: 9 });
    });
    afterAll(async () => nginx?.stop());

    // Otherwise anyone who poisons a cache, or sends a link, could choose where people are redirected.
    it.each(['/', '/admin?x=1', '//evil.example/', '/\\evil.example'])(
      'redirects port 80 to its own name from %s',
      async (path) => {
        const { status, headers } = await rawRequest(nginx.plainOrigin + path, {
          headers: { host: 'app.example.com' },
        });
        expect([status, headers.location]).toEqual([301, `https://app.example.com${path}`]);
      },
    );

    it.each([NOBODYS_WEBSITE, 'app.example.com.evil.example', 'xapp.example.com', '10.0.0.1'])(
      'does not answer requests for %s',
      async (host) => {
        for (const origin of [nginx.plainOrigin, nginx.origin]) {
          await expect(rawRequest(`${origin}/admin`, { headers: { host } })).rejects.toThrow(
            /socket hang up|ECONNRESET/,
          );
        }
      },
    );
  });

  recipe((targets) => Nginx.start(program, targets), {
    'proxy_pass http://sign_in_gateway;\n    # The gateway':
      'rewrite ^/sso/?(.*)$ /$1 break;\n    proxy_pass http://sign_in_gateway;\n    # The gateway',
  });
});

describeWith('caddy', 'Behind Caddy', (program) => {
  it('which accepts the unmodified shipped file', async () => {
    await expect(checkCaddyfile(program)).resolves.toBeUndefined();
  });

  recipe((targets) => Caddy.start(program, targets), {
    '\t\treverse_proxy @gateway': '\t\turi @gateway strip_prefix /sso\n\t\treverse_proxy',
  });
});

/**
 * Tests of every recipe that can be run here.
 *
 * @param pathStripped the change that makes the mistake of not forwarding the path unchanged
 */
function recipe(start: StartProxy, pathStripped: Readonly<Record<string, string>>): void {
  let scene: Scene;

  beforeAll(async () => {
    const nocobase = await TestNocoBase.launch({ web: true });
    await nocobase.addUser({ nickname: 'Lei at NocoBase', phone: '13800000001' });
    scene = { nocobase, ...(await behind(start, nocobase)) };
  }, 120_000);
  afterAll(async () => {
    await Promise.all([scene?.testCase.close(), scene?.proxy.stop(), scene?.nocobase.stop()]);
  });

  signInPages(() => scene);
  bothBehindOneAddress(() => scene);
  mishaps(() => scene, start, pathStripped);
  inBrowser(() => scene);
}

/** A gateway and the proxy in front of it. */
async function behind(
  start: StartProxy,
  nocobase: TestNocoBase,
  {
    changes = {},
    variables = {},
  }: { changes?: Readonly<Record<string, string>>; variables?: Record<string, string> } = {},
): Promise<{ proxy: Proxy; testCase: SignInCase }> {
  const gatewayPort = await freePort();
  const proxy = await start({ nocobase: nocobase.url, gatewayPort, changes });
  const testCase = await SignInCase.start(
    { ...gatewayVariables(nocobase, proxy.origin), ...variables },
    { port: gatewayPort, publicUrl: `${proxy.origin}/sso` },
  );
  return { proxy, testCase };
}

interface Scene {
  readonly proxy: Proxy;
  readonly testCase: SignInCase;
  readonly nocobase: TestNocoBase;
}

/** What every recipe does with NocoBase's sign-in pages, request by request. */
function signInPages(scene: () => Scene): void {
  it.each(['/signin', '/signin/', '/v/signin', '/%73ignin'])('sends %s to DingTalk and back', async (path) => {
    const { proxy, testCase } = scene();
    const browser = new Browser();
    const wanted = '/admin/orders?tab=2&name=%E5%B1%B1#part';
    const first = await browser.get(`${proxy.origin}${path}?${new URLSearchParams({ redirect: wanted }).toString()}`);
    expect(first.status).toBe(302);
    expect(first.location).toMatch(/^\/sso\/auth\/dingtalk\?redirect=/);

    const start = await browser.get(proxy.origin + first.location);
    const end = await browser.get(await testCase.sandbox.approve(start.location, 'li-lei'));

    expect([end.status, landing(end.text)]).toEqual([200, proxy.origin + wanted]);
  });

  it.each([
    '/signin?local=1',
    '/v/signin?local=1&redirect=%2Fv%2Fadmin',
    '/signin?redirect=%2Fadmin&local=1',
    '/signin?dingtalk_error=account_protected&dingtalk_request=r-1',
    '/v/signin?dingtalk_error=user_not_registered',
    '/apps/branch/signin',
    '/admin',
    '/signin/other',
  ])("leaves %s to NocoBase's own form", async (path) => {
    const { status, text } = await new Browser().get(scene().proxy.origin + path);
    expect([status, text.includes(NOCOBASE)]).toEqual([200, true]);
  });

  it.each(['iframe', 'frame'])(
    "leaves NocoBase's own form in a frame, where DingTalk's pages are blocked (%s)",
    async (dest) => {
      const inFrame = { 'sec-fetch-dest': dest };
      for (const path of ['/signin?redirect=%2Fadmin', '/v/signin']) {
        const { status, text } = await new Browser().get(scene().proxy.origin + path, inFrame);
        expect([path, status, text.includes(NOCOBASE)]).toEqual([path, 200, true]);
      }
      const { location } = await new Browser().get(`${scene().proxy.origin}/signin`, { 'sec-fetch-dest': 'document' });
      expect(location).toMatch(/^\/sso\/auth\/dingtalk/);
    },
  );

  it.each([
    `https://${NOBODYS_WEBSITE}/`,
    `//${NOBODYS_WEBSITE}/`,
    `/\\${NOBODYS_WEBSITE}/`,
    `/%5c${NOBODYS_WEBSITE}`,
    `%2F%2F${NOBODYS_WEBSITE}`,
    `/..//${NOBODYS_WEBSITE}`,
    `javascript:alert(1)//${NOBODYS_WEBSITE}`,
    `/admin\r\nLocation: https://${NOBODYS_WEBSITE}/`,
    `&redirect=https://${NOBODYS_WEBSITE}/`,
    '/signin?redirect=/admin',
    '/sso/auth/dingtalk',
  ])('does not lead to %j', async (redirect) => {
    const { proxy, testCase } = scene();
    for (const query of [`redirect=${encodeURIComponent(redirect)}`, `redirect=${redirect.replace(/\s/g, '')}`]) {
      const first = await rawRequest(`${proxy.origin}/signin?${query}`);
      expect(first.status).toBe(302);
      expect(first.headers.location).toMatch(/^\/sso\/auth\/dingtalk\?redirect=/);
      expect(Object.keys(first.headers)).not.toContain('set-cookie');
      const browser = new Browser();
      const start = await browser.get(proxy.origin + first.headers.location);
      const end = await browser.get(await testCase.sandbox.approve(start.location, 'li-lei'));
      const { origin, pathname } = new URL(landing(end.text));
      expect([origin, pathname]).toEqual([proxy.origin, '/admin']);
    }
  });

  it('waits for a click after a sign-out, and immediately after a sign-in', async () => {
    const { proxy, testCase } = scene();
    const browser = new Browser();
    const pages: string[] = [];
    const openSignIn = async () => pages.push((await browser.get(`${proxy.origin}/signin?redirect=%2Fadmin`)).location);

    await openSignIn();
    const start = await browser.get(proxy.origin + pages[0]);
    const end = await browser.get(await testCase.sandbox.approve(start.location, 'li-lei'));
    const [pause = ''] = end.headers.getSetCookie().filter((cookie) => cookie.startsWith('sso_pause='));
    await openSignIn();
    const signOut = await fetch(`${proxy.origin}/api/auth:signOut`, { method: 'POST' });

    expect(pages).toEqual(['/sso/auth/dingtalk?redirect=%2Fadmin', '/sso/?pause=1&redirect=%2Fadmin']);
    expect(pause).toMatch(/Max-Age=60; Secure; HttpOnly; SameSite=Lax$/);
    expect(signOut.headers.getSetCookie()).toContain(
      'sso_pause=1; Path=/; Max-Age=86400; Secure; HttpOnly; SameSite=Lax',
    );
    const { status, text } = await browser.get(proxy.origin + pages[1]);
    expect([status, text.includes('/sso/auth/dingtalk?redirect=%2Fadmin')]).toEqual([200, true]);
    expect(text).toContain(`${proxy.origin}/signin?local=1`);
  });

  it('leads the DingTalk app to the page for silent sign-in, but not after a sign-out', async () => {
    const { proxy } = scene();
    const inside = { 'user-agent': 'Mozilla/5.0 (iPhone) Mobile AliApp(DingTalk/7.8.1) com.laiwang.DingTalk WK' };
    const opened = async (path: string, cookie = ''): Promise<string> =>
      (await new Browser().get(`${proxy.origin}${path}`, { ...inside, ...(cookie && { cookie }) })).location;
    expect(await opened('/signin?redirect=%2Fadmin')).toBe('/sso/?redirect=%2Fadmin');
    expect(await opened('/v/signin?redirect=%2Fv%2Fadmin')).toBe('/sso/?redirect=%2Fv%2Fadmin');
    expect(await opened('/signin?redirect=%2Fadmin', 'sso_pause=1')).toBe('/sso/?pause=1&redirect=%2Fadmin');
    const answer = await fetch(`${proxy.origin}/sso/auth/dingtalk/dingtalk/in-app`, { method: 'POST' });
    expect(answer.headers.getSetCookie().join()).toContain('sso_pause=1; Path=/; Max-Age=60');
  });

  it('writes no code, state or token into a log', async () => {
    const { proxy, testCase } = scene();
    const browser = new Browser();
    const start = await browser.get(`${proxy.origin}/sso/auth/dingtalk`);
    const callback = await testCase.sandbox.approve(start.location, 'li-lei');
    await browser.get(callback);
    await browser.get(`${proxy.origin}/admin?token=secret-token&authenticator=dingtalk`, {
      referer: `${proxy.origin}/admin?token=secret-token`,
    });
    const { searchParams } = new URL(callback);
    const secrets = ['code', 'authCode', 'state'].flatMap((name) => searchParams.getAll(name));
    expect(secrets.length).toBeGreaterThan(1);
    expect(proxy.log).toContain('/sso/auth/dingtalk/dingtalk/callback');
    for (const secret of [...secrets, 'secret-token']) expect(proxy.log).not.toContain(secret);
  });
}

/** What else the gateway and NocoBase need from the proxy. */
function bothBehindOneAddress(scene: () => Scene): void {
  it('passes a return path of the maximum length there and back', async () => {
    const { proxy, testCase } = scene();
    const wanted = `/admin/${'x'.repeat(1017)}`;
    const browser = new Browser();
    const query = new URLSearchParams({ redirect: wanted }).toString();
    const { location } = await browser.get(`${proxy.origin}/signin?${query}`);
    const start = await browser.get(proxy.origin + location);
    const end = await browser.get(await testCase.sandbox.approve(start.location, 'li-lei'));
    expect(landing(end.text)).toBe(proxy.origin + wanted);
  });

  it("forwards the gateway's paths unchanged, and similar ones to NocoBase", async () => {
    const browser = new Browser();
    for (const path of ['/sso', '/sso/', '/sso/health/live']) {
      expect([path, (await browser.get(scene().proxy.origin + path)).status]).toEqual([path, 200]);
    }
    expect((await browser.get(`${scene().proxy.origin}/ssoother`)).text).toContain(NOCOBASE);
  });

  it('exposes metrics, and readiness and doctor requests, internally only', async () => {
    const numbers = ['/sso/metrics', '/sso/metrics/', '/sso/%6detrics', '/sso//metrics', '/x/../sso/metrics'];
    const health = [
      '/sso/health/ready',
      '/sso/health/ready/',
      '/sso/health/%72eady',
      '/sso//health/ready',
      '/sso/health',
    ];
    for (const path of [...numbers, ...health]) {
      const { status, headers } = await rawRequest(scene().proxy.origin + path);
      // A page of the gateway has one.
      expect([path, status, headers['content-security-policy']]).toEqual([path, 404, undefined]);
    }
  });

  it('lets WebSockets through to NocoBase', async () => {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.from('sixteen letters!').toString('base64'),
    };
    const socket = request(`${scene().proxy.origin}/ws`, { headers, agent: false });
    socket.end();
    const [answer] = (await once(socket, 'upgrade')) as [{ statusCode: number }];
    socket.destroy();
    expect(answer.statusCode).toBe(101);
  });

  it('adds the script to every page of NocoBase, once', async () => {
    const browser = new Browser();
    for (const path of ['/', '/admin', '/admin/x/y', '/signin?local=1', '/apps/branch/admin', '/v/', '/v/admin/x']) {
      const { text } = await browser.get(scene().proxy.origin + path);
      expect([path, text.match(/<head><script src="\/sso-sign-in\.js"><\/script>/g)?.length]).toEqual([path, 1]);
      // The v2 client has a document of its own.
      expect(text.includes('"/v/"')).toBe(path.startsWith('/v/'));
    }
    const script = await browser.get(`${scene().proxy.origin}/sso-sign-in.js`);
    expect([script.status, script.headers.get('content-type')]).toEqual([200, expect.stringContaining('javascript')]);
  });
}

/** Mistakes, attacks and failures that involve the proxy. */
function mishaps(scene: () => Scene, start: StartProxy, pathStripped: Readonly<Record<string, string>>): void {
  it('counts the connecting address, whatever a client claims', async () => {
    const variables = { AUTH_RATE_LIMIT_PER_ADDRESS: '3' };
    const { proxy, testCase } = await behind(start, scene().nocobase, { variables });
    const started = (claimed: string, from: string) =>
      statusOf(`${proxy.origin}/sso/auth/dingtalk`, { 'x-forwarded-for': claimed }, from);

    const statuses: number[] = [];
    for (const claimed of ['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4']) {
      statuses.push(await started(claimed, '127.0.0.1'));
    }

    expect(statuses).toEqual([302, 302, 302, 429]);
    // A client at another address is not affected, even if they claim to have the first one.
    expect(await started('127.0.0.1', '127.0.0.2')).toBe(302);
    await Promise.all([testCase.close(), proxy.stop()]);
  });

  it('leads to the password form when the gateway is down, and reports it to the monitoring', async () => {
    const proxy = await start({ nocobase: scene().nocobase.url, gatewayPort: await freePort() });
    const browser = new Browser();
    const { location } = await browser.get(`${proxy.origin}/signin?redirect=/admin`);
    const away = await browser.get(proxy.origin + location);
    expect([away.status, away.location]).toEqual([302, '/signin?local=1']);
    expect((await browser.get(proxy.origin + away.location)).text).toContain(NOCOBASE);
    expect((await browser.get(`${proxy.origin}/sso/health/live`)).status).toBe(502);
    // Proxies tend to log the whole request beside the reason.
    await browser.get(`${proxy.origin}/sso/auth/dingtalk/dingtalk/callback?code=secret-code&state=secret-state`);
    expect(proxy.log).toContain('/sso/auth/dingtalk/dingtalk/callback');
    expect(proxy.log).not.toContain('secret-');
    await proxy.stop();
  });

  it("with the path stripped gets the gateway's not-found page", async () => {
    const { proxy, testCase } = await behind(start, scene().nocobase, { changes: pathStripped });
    const { status, errorCode } = await new Browser().get(`${proxy.origin}/sso/auth/dingtalk`);
    expect([status, errorCode]).toEqual([404, 'not_found']);
    await Promise.all([testCase.close(), proxy.stop()]);
  });
}

/** What only a browser shows: NocoBase's clients change to their sign-in page without loading it. */
function inBrowser(scene: () => Scene): void {
  describeWith('chromium', 'in a browser', (executablePath) => {
    let browser: Chromium;
    let context: BrowserContext;
    /** One for all tests: its cache contains several megabytes of NocoBase's scripts, already compiled. */
    let page: Page;

    beforeAll(async () => {
      browser = await launchChromium(executablePath);
      context = await browser.newContext({ locale: 'en-US', viewport: { width: 1100, height: 760 } });
      page = await context.newPage();
      page.setDefaultTimeout(PATIENCE / 2);
    }, PATIENCE);
    afterAll(async () => browser?.close());

    beforeEach(async () => {
      await asNew(page, `${scene().proxy.origin}/sso/health/live`);
    });

    const open = async (path: string) => page.goto(scene().proxy.origin + path);
    const chooseLei = async () => page.click('[data-person="li-lei"]');
    const address = () => page.url().replace(scene().proxy.origin, '');

    async function seeUserMenu(): Promise<void> {
      await page.waitForSelector(USER_MENU);
      await page.hover(USER_MENU);
      await page.getByText('Sign out').first().waitFor({ state: 'visible' });
    }

    it.each([
      ['v1', '/admin?tab=2&name=%E5%B1%B1#part'],
      ['v1', '/admin/wanted?tab=2&side=3#part'],
      ['v2', '/v/admin?tab=2&name=%E5%B1%B1#part'],
      ['v2', '/v/admin/wanted?tab=2&side=3#part'],
    ])(
      'a person without a session who opens %s at %s comes to DingTalk and back there',
      async (_client, wanted) => {
        const addresses: string[] = [];
        page.on('framenavigated', (frame) => addresses.push(frame.url()));
        await open(wanted);
        await chooseLei();
        await seeUserMenu();
        expect(address()).toBe(wanted);
        expect(addresses.filter((address) => address.includes('token='))).toEqual([]);
      },
      PATIENCE,
    );

    it.each(['/admin', '/v/admin/'])(
      'an expired session at %s leads to DingTalk, and signing out to the buttons',
      async (start) => {
        await open(start);
        await chooseLei();
        await seeUserMenu();
        await context.clearCookies(); // the minute after the sign-in is over
        await page.evaluate("localStorage.setItem('NOCOBASE_TOKEN', 'ended')");
        await page.reload();
        await chooseLei();
        await seeUserMenu();

        await page.getByText('Sign out').first().click();

        await page.waitForSelector('a.primary');
        expect(address()).toMatch(/^\/sso\/\?pause=1&redirect=/);
        await page.click('a.primary');
        await chooseLei();
        await seeUserMenu();
      },
      2 * PATIENCE,
    );

    it.each(['/signin?local=1', '/v/signin?local=1'])(
      'the password form at %s stays, and accepts first a wrong password and then the right one',
      async (form) => {
        const { account, password } = scene().nocobase.root;
        await open(form);
        await page.waitForSelector(PASSWORD);
        await page.fill('input[type="text"]', account);
        const submit = 'button[type="submit"], button.ant-btn-primary';
        await page.fill(PASSWORD, 'wrong');
        await page.click(submit);
        await page.getByText('password is incorrect').first().waitFor({ state: 'visible' });
        await page.fill(PASSWORD, password);
        // The v1 client ignores a click immediately after the previous one.
        await eventually(async () => {
          if (await page.locator(PASSWORD).isVisible()) await page.click(submit, { timeout: 2000 });
          await page.locator(PASSWORD).waitFor({ state: 'hidden', timeout: 2000 });
        }, PATIENCE / 2);
        await seeUserMenu();
        expect(address()).toMatch(/^(\/v)?\/admin/);
      },
      PATIENCE,
    );

    it(
      'a person who declines at DingTalk finds the password form',
      async () => {
        await open('/signin');
        await page.click('[data-deny]');
        expect(await page.textContent('h1')).toBe('Sign-in was cancelled');
        await page.click('text=Sign in with a password');
        await page.waitForSelector(PASSWORD);
        expect(address()).toBe('/signin?local=1');
      },
      PATIENCE,
    );
  });
}

async function statusOf(url: string, headers: Record<string, string>, localAddress: string): Promise<number> {
  const outgoing = request(url, { headers, localAddress, agent: false });
  outgoing.end();
  const [answer] = (await once(outgoing, 'response')) as [{ statusCode: number; resume(): void }];
  answer.resume();
  return answer.statusCode;
}
