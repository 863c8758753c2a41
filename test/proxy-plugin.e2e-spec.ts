import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser as Chromium, Page } from 'playwright-core';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, type Sandbox, startSandbox } from '../sandbox/index.js';
import { ERROR_TEXTS } from '../src/core/errors/index.js';
import { Browser } from './support/browser.js';
import { Caddy, checkCaddyfile } from './support/caddy.js';
import { asNew, launchChromium, PATIENCE } from './support/chromium.js';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import { type RunningGateway, startGateway } from './support/gateway.js';
import { checkNginxConfiguration, Nginx, withoutTls } from './support/nginx.js';
import type { TestNocoBase } from './support/nocobase.js';
import { launchWithPlugin } from './support/nocobase-plugin.js';
import type { Proxy, ProxyTargets } from './support/proxy-program.js';
import { rawRequest } from './support/raw-request.js';
import { describeWith } from './support/requirements.js';
import { substitute } from './support/substitute.js';

/** Occurs in every document of NocoBase's clients. */
const NOCOBASE = '__nocobase_public_path__';
const RECIPES = 'deploy/proxy';
/** The whole recipe, converted as README.md describes. */
const wholeFile = execFileSync('sed', ['-f', `${RECIPES}/plugin.sed`, `${RECIPES}/nginx.conf`], { encoding: 'utf8' });

type StartProxy = (targets: ProxyTargets) => Promise<Proxy>;

/** The locations in an operator's own `server`, with nginx's default logging. */
function ownServer(program: string): StartProxy {
  return async ({ nocobase, gatewayPort }) =>
    Nginx.serving(program, (place) => {
      const locations = substitute(readFileSync(`${RECIPES}/nginx-plugin.conf`, 'utf8'), {
        'http://127.0.0.1:3000;': `http://127.0.0.1:${gatewayPort};`,
      });
      return withoutTls(
        `server {
           listen 443 ssl http2;
           access_log /var/log/nginx/access.log;
           error_log /var/log/nginx/error.log;
           ${locations}
           location / {
             proxy_pass ${new URL(nocobase).origin};
             proxy_set_header Host $http_host;
             proxy_set_header X-Forwarded-Proto $scheme;
           }
         }`,
        place,
      );
    });
}

describe('NocoBase with the plugin', () => {
  let nocobase: TestNocoBase;
  let sandbox: Sandbox;

  beforeAll(async () => {
    [nocobase, sandbox] = await Promise.all([launchWithPlugin({ web: true }), startSandbox()]);
    await nocobase.addUser({ nickname: 'Lei at NocoBase', phone: '13800000001' });
  }, 180_000);
  afterAll(async () => {
    await Promise.all([sandbox?.close(), nocobase?.stop()]);
  });

  describeWith('nginx', 'behind nginx', (program) => {
    it('which accepts the recipe that plugin.sed produces', async () => {
      expect(wholeFile).not.toMatch(/if \(\$sign_in\)|sub_filter |sign-in\.js/);
      await expect(checkNginxConfiguration(program, wholeFile)).resolves.toBeUndefined();
    });

    it('and what plugin.sed makes of a recipe in use, once or twice', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'plugin-sed-'));
      try {
        const file = join(folder, 'nocobase.conf');
        const inUse = substitute(readFileSync(`${RECIPES}/nginx.conf`, 'utf8'), {
          'app.example.com': 'work.example.org',
          'server 127.0.0.1:13000;': 'server 127.0.0.1:13001;',
          // As README.md says for operators who want a click first.
          '$start_sign_in?redirect=': '/sso/?pause=1&redirect=',
        });
        writeFileSync(file, inUse);
        for (let time = 1; time <= 2; time++) {
          execFileSync('sed', ['-i.bak', '-f', `${RECIPES}/plugin.sed`, file]);
          const changed = readFileSync(file, 'utf8');
          expect(changed).not.toMatch(/if \(\$sign_in\)|sub_filter |sign-in\.js|add_header Set-Cookie/);
          expect(changed.match(/dingtalk_error=temporarily_unavailable;/g)).toHaveLength(1);
          expect(changed).toContain('server_name work.example.org;');
          await expect(checkNginxConfiguration(program, changed)).resolves.toBeUndefined();
          if (time === 1) expect(readFileSync(`${file}.bak`, 'utf8')).toBe(inUse);
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

    it('which refuses the locations beside the recipe, as both contain them', async () => {
      const locations = readFileSync(`${RECIPES}/nginx-plugin.conf`, 'utf8');
      const both = wholeFile.replace(/\}\s*$/, `${locations}\n}\n`);
      await expect(checkNginxConfiguration(program, both)).rejects.toThrow('duplicate location');
    });

    describe("with the locations in the operator's own server", () => recipe(ownServer(program)));
    describe('with the whole recipe', () => recipe(async (targets) => Nginx.start(program, targets, wholeFile)));
  });

  describeWith('caddy', 'behind Caddy', (program) => {
    it('which accepts the unmodified shipped file', async () => {
      await expect(checkCaddyfile(program, 'Caddyfile-plugin')).resolves.toBeUndefined();
    });

    recipe(async (targets) => Caddy.start(program, targets, 'Caddyfile-plugin'));
  });

  function recipe(start: StartProxy): void {
    let proxy: Proxy;
    let gateway: RunningGateway;

    beforeAll(async () => {
      const port = await freePort();
      proxy = await start({ nocobase: nocobase.url, gatewayPort: port });
      const options = {
        gatewayUrl: `${proxy.origin}/sso`,
        nocobaseUrl: proxy.origin,
        clientId: DEMO_CLIENT_ID,
        clientSecret: DEMO_CLIENT_SECRET,
        corpIds: ['dingcorp1'],
      };
      const values = { name: 'dingtalk', authType: 'DingTalk', title: 'DingTalk', enabled: true, options };
      await nocobase.call('POST', 'authenticators:updateOrCreate?filterKeys[]=name', values);
      gateway = await startGateway(
        {
          AUTHENTICATORS_SOURCE: 'nocobase',
          TRUST_PROXY: '127.0.0.1',
          NOCOBASE_URL: nocobase.url,
          NOCOBASE_PUBLIC_URL: proxy.origin,
          DINGTALK_LOGIN_URL: sandbox.loginUrl,
          DINGTALK_API_URL: sandbox.apiUrl,
          DINGTALK_OAPI_URL: sandbox.oapiUrl,
        },
        { port, publicUrl: `${proxy.origin}/sso` },
      );
      sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(`${proxy.origin}/sso/auth/dingtalk/dingtalk/callback`);
      await eventually(async () => {
        expect((await fetch(`http://127.0.0.1:${port}/sso/health/ready`)).status).toBe(200);
      }, 20_000);
    }, 60_000);
    afterAll(async () => {
      await Promise.all([gateway?.close(), proxy?.stop()]);
    });

    it.each(['/signin', '/v/signin', '/signin?redirect=%2Fadmin', '/signin?dingtalk_error=user_not_registered'])(
      'leaves %s to NocoBase, whose page has the button and explains refusals',
      async (path) => {
        const { status, text } = await new Browser().get(proxy.origin + path);
        expect([status, text.includes(NOCOBASE), text.includes('sso-sign-in.js')]).toEqual([200, true, false]);
      },
    );

    it('sends /sso to the gateway with an unchanged path, and exposes its metrics internally only', async () => {
      for (const [path, status] of [
        ['/sso', 200],
        ['/sso/', 200],
        ['/sso/health/live', 200],
        ['/sso/.well-known/jwks.json', 200],
        ['/sso/metrics', 404],
        ['/sso//metrics', 404],
        ['/sso/health/ready', 404],
      ] as const) {
        expect([path, (await rawRequest(proxy.origin + path)).status]).toEqual([path, status]);
      }
      expect((await new Browser().get(`${proxy.origin}/ssoother`)).text).toContain(NOCOBASE);
    });

    describeWith('chromium', 'in a browser', (executablePath) => {
      let chromium: Chromium;
      let page: Page;

      beforeAll(async () => {
        chromium = await launchChromium(executablePath);
        page = await (await chromium.newContext({ locale: 'en-US' })).newPage();
        page.setDefaultTimeout(PATIENCE / 2);
      }, PATIENCE);
      afterAll(async () => chromium?.close());

      it.each([
        ['li-lei', '/admin', /\/admin/, undefined],
        ['mary', '/admin', /\/signin/, 'user_not_registered'],
        ['mary', '/v/admin', /\/v\/signin/, 'user_not_registered'],
      ] as const)(
        'shows the result to %s, who wants %s',
        async (person, wanted, address, code) => {
          await asNew(page, `${proxy.origin}/api/app:getLang`);
          const query = new URLSearchParams({ authenticator: 'dingtalk', redirect: wanted }).toString();
          await page.goto(`${proxy.origin}/api/dingtalk:start?${query}`);
          await page.click(`[data-person="${person}"]`);
          if (code === undefined) await page.waitForSelector('[data-testid="user-center-button"]');
          else await page.getByText(ERROR_TEXTS.en[code].title).first().waitFor({ state: 'visible' });
          expect(new URL(page.url()).pathname).toMatch(address);
          expect(proxy.log).not.toMatch(/[?&](?:code|authCode|state)=/);
          // Caddy logs headers, too.
          expect(proxy.log).not.toMatch(/X-Dingtalk-Ticket|X-Gateway-Assertion/i);
        },
        PATIENCE,
      );
    });

    it("leads to NocoBase's form when the gateway is down, which reports it", async () => {
      const away = await start({ nocobase: nocobase.url, gatewayPort: await freePort() });
      const path = '/sso/auth/dingtalk/dingtalk/callback?code=secret-code&state=secret-state';
      const { status, location } = await new Browser().get(away.origin + path);
      expect([status, location]).toEqual([302, '/signin?local=1&dingtalk_error=temporarily_unavailable']);
      expect((await new Browser().get(away.origin + location)).text).toContain(NOCOBASE);
      expect((await new Browser().get(`${away.origin}/sso/health/live`)).status).toBe(502);
      expect(away.log).not.toContain('secret-');
      await away.stop();
    });
  }
});
