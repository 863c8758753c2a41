import { readFileSync } from 'node:fs';
import type { Browser as Chromium } from 'playwright-core';
import { Browser } from './support/browser.js';
import { launchChromium, PATIENCE } from './support/chromium.js';
import { freePort } from './support/free-port.js';
import { checkNginxConfiguration, Nginx, withoutTls } from './support/nginx.js';
import { TestNocoBase } from './support/nocobase.js';
import { describeWith } from './support/requirements.js';
import { handedOver, SignInCase } from './support/sign-in-case.js';
import { substitute } from './support/substitute.js';

/** Occurs in every document of NocoBase's clients. */
const NOCOBASE = '__nocobase_public_path__';
const SHIPPED = readFileSync('deploy/proxy/nginx-two-addresses.conf', 'utf8');

describeWith('nginx', 'Behind nginx with two addresses', (program) => {
  let nocobase: TestNocoBase;
  let nginx: Nginx;
  let testCase: SignInCase;
  /** The two addresses: two names of this machine. */
  let app: string;
  let sso: string;

  const start = async (gatewayPort: number): Promise<{ nginx: Nginx; app: string; sso: string }> => {
    let origins = { app: '', sso: '' };
    const running = await Nginx.serving(program, (place) => {
      origins = { app: `http://127.0.0.1:${place.port}`, sso: `http://localhost:${place.port}` };
      return substitute(withoutTls(SHIPPED, place), {
        'server 127.0.0.1:3000;': `server 127.0.0.1:${gatewayPort};`,
        'http://127.0.0.1:13000;': `${new URL(nocobase.url).origin};`,
        'https://sso.example.com': origins.sso,
        'https://app.example.com': origins.app,
        'server_name sso.example.com;': 'server_name localhost;',
        'server_name app.example.com;': 'server_name 127.0.0.1;',
      });
    });
    return { nginx: running, ...origins };
  };

  beforeAll(async () => {
    nocobase = await TestNocoBase.launch({ web: true });
    await nocobase.addUser({ nickname: 'Lei at NocoBase', phone: '13800000001' });
    const port = await freePort();
    ({ nginx, app, sso } = await start(port));
    testCase = await SignInCase.start(
      {
        ...nocobase.environment,
        NOCOBASE_PUBLIC_URL: app,
        NOCOBASE_PASSWORD_PATH: '/signin?local=1',
        TRUST_PROXY: '127.0.0.1',
        DINGTALK_CORP_ID: 'dingcorp1',
      },
      { port, publicUrl: sso },
    );
  }, 180_000);
  afterAll(async () => {
    await Promise.all([testCase?.close(), nginx?.stop(), nocobase?.stop()]);
  });

  it('which accepts the unmodified shipped file', async () => {
    await expect(checkNginxConfiguration(program, SHIPPED)).resolves.toBeUndefined();
  });

  it('and the parts that remain if NocoBase has the plugin', async () => {
    const parts = SHIPPED.match(/^(?:upstream \S+ |server )\{\n[^]*?^\}\n|^log_format [^]*?;\n/gm) ?? [];
    const ofGateway = parts.filter((part) => !part.includes('server_name app.example.com;'));
    expect(ofGateway).toHaveLength(4);
    await expect(checkNginxConfiguration(program, ofGateway.join(''))).resolves.toBeUndefined();
  });

  it('redirects port 80 of each name to its own address', async () => {
    const plain = new URL(nginx.plainOrigin);
    const wanted = '/admin/x?tab=2';
    for (const origin of [app, sso]) {
      plain.hostname = new URL(origin).hostname;
      const { status, location } = await new Browser().get(plain.origin + wanted);
      expect([status, location]).toEqual([301, origin + wanted]);
    }
  });

  it.each(['/signin', '/signin/', '/v/signin'])("leads from %s to the gateway's page and back", async (path) => {
    const browser = new Browser();
    const first = await browser.get(`${app}${path}?redirect=%2Fadmin%2Fx`);
    expect([first.status, first.location]).toEqual([302, `${sso}/?pause=1&redirect=%2Fadmin%2Fx`]);
    const page = await browser.get(first.location);
    expect([page.status, page.text.includes('/auth/dingtalk?redirect=%2Fadmin%2Fx')]).toEqual([200, true]);
    const begun = await browser.get(`${sso}/auth/dingtalk?redirect=%2Fadmin%2Fx`);
    const end = await browser.get(await testCase.sandbox.approve(begun.location, 'li-lei'));
    const { url, token } = handedOver(end.location);
    expect([url.origin, url.pathname, token === '']).toEqual([app, '/admin/x', false]);
    await browser.get(end.location);
    expect(nginx.log).toContain('/auth/dingtalk/dingtalk/callback');
    for (const secret of [token, ...new URL(begun.location).searchParams.getAll('state')]) {
      expect(nginx.log).not.toContain(secret);
    }
  });

  it.each([
    ['/signin?local=1', 'document'],
    ['/v/signin?redirect=%2Fv%2Fadmin&local=1', 'document'],
    ['/signin?redirect=%2Fadmin', 'iframe'],
    ['/apps/branch/signin', 'document'],
    ['/admin', 'document'],
  ])("leaves %s to NocoBase's own form (%s)", async (path, destination) => {
    const { status, text } = await new Browser().get(app + path, { 'sec-fetch-dest': destination });
    expect([status, text.includes(NOCOBASE)]).toEqual([200, true]);
    expect(text.match(/<head><script src="\/sso-sign-in\.js"><\/script>/g)).toHaveLength(1);
  });

  it("exposes the gateway's metrics internally only", async () => {
    const statuses = ['/health/live', '/health/ready', '/health', '/metrics', '//metrics'].map(
      async (path) => (await new Browser().get(sso + path)).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 404, 404, 404, 404]);
  });

  it('leads to the password form when the gateway is down', async () => {
    const away = await start(await freePort());
    const { status, location } = await new Browser().get(`${away.sso}/auth/dingtalk?redirect=secret-page`);
    expect([status, location]).toEqual([302, `${away.app}/signin?local=1`]);
    expect((await new Browser().get(`${away.sso}/health/live`)).status).toBe(502);
    expect(away.nginx.log).not.toContain('secret-');
    await away.nginx.stop();
  });

  describeWith('chromium', 'in a browser', (executablePath) => {
    let chromium: Chromium;

    beforeAll(async () => {
      chromium = await launchChromium(executablePath);
    }, PATIENCE);
    afterAll(async () => chromium?.close());

    it(
      'a person without a session comes to the buttons, and back to the wanted page',
      async () => {
        const context = await chromium.newContext({ locale: 'en-US' });
        try {
          const page = await context.newPage();
          page.setDefaultTimeout(PATIENCE / 2);
          await page.goto(`${app}/admin/wanted?tab=2`);
          await page.waitForURL(`${sso}/?pause=1&redirect=*`);
          await page.click('a.primary');
          await page.click('[data-person="li-lei"]');
          await page.waitForSelector('[data-testid="user-center-button"]');
          expect(page.url()).toBe(`${app}/admin/wanted?tab=2`);
        } finally {
          await context.close();
        }
      },
      PATIENCE,
    );
  });
});
