import type { Browser as Chromium, BrowserContext, Page } from 'playwright-core';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET } from '../sandbox/index.js';
import { launchChromium, PATIENCE } from './support/chromium.js';
import { runCommand } from './support/command.js';
import { freePort } from './support/free-port.js';
import { TestNocoBase } from './support/nocobase.js';
import { PathProxy } from './support/path-proxy.js';
import { describeWith } from './support/requirements.js';
import { handedOver, SignInCase } from './support/sign-in-case.js';

const USER_MENU = '[data-testid="user-center-button"]';

const MOVED = {
  NOCOBASE_API_BASE_PATH: '/rest/',
  NOCOBASE_MODERN_CLIENT_PREFIX: 'new',
  NOCOBASE_STORAGE_PREFIX: 'ERP_',
  NOCOBASE_STORAGE_TYPE: 'sessionStorage',
};
const IN_BRANCH = { NOCOBASE_APP: 'branch', NOCOBASE_APP_DOMAIN: 'true' };

/** NocoBase with all its variables set that change an address, and a sub-app whose domain is `localhost`. */
describe('A NocoBase at unusual addresses', () => {
  let nocobase: TestNocoBase;
  /** NocoBase at 127.0.0.1, and its sub-app at `localhost`, each with a gateway beside it. */
  let main: PathProxy;
  let branch: PathProxy;
  const cases: SignInCase[] = [];

  beforeAll(async () => {
    nocobase = await TestNocoBase.launch({
      web: true,
      publicPath: '/nb/',
      subApp: 'branch',
      subAppHost: 'localhost',
      env: {
        API_BASE_PATH: '/rest/',
        APP_MODERN_CLIENT_PREFIX: 'new',
        APP_CLIENT_ENTRY_MODE: 'modern-default',
        API_CLIENT_STORAGE_PREFIX: 'erp_',
        API_CLIENT_STORAGE_TYPE: 'sessionStorage',
      },
    });
    const row = { name: 'dingtalk', authType: 'DingTalk', title: 'DingTalk', enabled: false };
    await nocobase.call('POST', 'authenticators:create', row, { 'x-app': 'branch' });
    [main, branch] = await Promise.all([PathProxy.start(), PathProxy.start('localhost')]);
  }, 120_000);

  afterAll(async () => {
    await Promise.all([...cases.map((testCase) => testCase.close()), main?.close(), branch?.close(), nocobase?.stop()]);
  });

  /** The gateway behind a proxy that it shares with NocoBase. */
  async function start(proxy: PathProxy, name: string, environment: Record<string, string>): Promise<SignInCase> {
    const port = await freePort();
    proxy.route(`/${name}`, `http://127.0.0.1:${port}`);
    proxy.route('/nb', new URL(nocobase.url).origin);
    const testCase = await SignInCase.start(
      {
        ...nocobase.environment,
        NOCOBASE_PUBLIC_URL: `${proxy.origin}/nb`,
        DINGTALK_CORP_ID: 'dingcorp1',
        DINGTALK_AUTO_SIGN_UP: 'true',
        ...MOVED,
        ...environment,
      },
      { port, publicUrl: `${proxy.origin}/${name}` },
    );
    cases.push(testCase);
    return testCase;
  }

  /** The person whose session it is, according to NocoBase at this address. */
  async function whoIs(origin: string, token: string): Promise<string> {
    const headers = { authorization: `Bearer ${token}`, 'x-authenticator': 'dingtalk' };
    const answer = await fetch(`${origin}/nb/rest/auth:check`, { headers });
    return ((await answer.json()) as { data: { nickname: string } }).data.nickname;
  }

  it('is signed in to by query, and so is its sub-app at its own domain', async () => {
    const ofMain = await start(main, 'query', { NOCOBASE_HANDOFF: 'query' });
    const inMain = handedOver((await ofMain.signIn('li-lei', { redirect: '/new/admin/x' })).location);
    expect(inMain.url.href).toContain(`${main.origin}/nb/new/admin/x?`);
    expect(await whoIs(main.origin, inMain.token)).toBe('李雷');

    const ofBranch = await start(branch, 'query', { NOCOBASE_HANDOFF: 'query', ...IN_BRANCH });
    const inBranch = handedOver((await ofBranch.signIn('mary', { redirect: '/new/admin/x' })).location);
    expect(inBranch.url.href).toContain(`${branch.origin}/nb/new/admin/x?`);
    expect(await whoIs(branch.origin, inBranch.token)).toBe('玛丽');
  });

  it('redirects nobody to its API, to a client that it does not have, or to a name that its domain replaces', async () => {
    const testCase = await start(branch, 'elsewhere', { NOCOBASE_HANDOFF: 'query', ...IN_BRANCH });
    for (const redirect of ['/rest/users:list', '/v/admin', '/apps/branch/admin']) {
      const { url } = handedOver((await testCase.signIn('li-lei', { redirect })).location);
      expect([redirect, url.pathname]).toEqual([redirect, '/nb/admin']);
    }
  });

  describe('and the doctor, which', () => {
    async function page(proxy: PathProxy, environment: Record<string, string>) {
      const said = await runCommand(['doctor', '--json'], {
        PUBLIC_URL: `${proxy.origin}/doctor`,
        AUTH_COOKIE_SECRET: 'a-cookie-secret-for-tests-and-not-a-real-one',
        DINGTALK_CLIENT_ID: DEMO_CLIENT_ID,
        DINGTALK_CLIENT_SECRET: DEMO_CLIENT_SECRET,
        DINGTALK_LOGIN_URL: 'http://127.0.0.1:1',
        DINGTALK_API_URL: 'http://127.0.0.1:1',
        DINGTALK_OAPI_URL: 'http://127.0.0.1:1',
        ...nocobase.environment,
        NOCOBASE_PUBLIC_URL: `${proxy.origin}/nb`,
        ...environment,
      });
      const { findings } = JSON.parse(said.stdout) as {
        findings: { id: string; status: string; detail: string; fix: string | null }[];
      };
      return findings.find(({ id }) => id === 'nocobase.page');
    }

    beforeAll(() => {
      for (const proxy of [main, branch]) proxy.route('/nb', new URL(nocobase.url).origin);
    });

    it('names each variable with its value, if nothing is configured', async () => {
      const finding = await page(main, {});
      expect(finding).toMatchObject({ status: 'failed' });
      expect(finding?.fix).toContain(
        'NOCOBASE_API_BASE_PATH=/rest/ NOCOBASE_MODERN_CLIENT_PREFIX=new NOCOBASE_STORAGE_PREFIX=erp_ NOCOBASE_STORAGE_TYPE=sessionStorage',
      );
    });

    it('names the differences and nothing else, if something else is configured', async () => {
      const finding = await page(main, { ...MOVED, NOCOBASE_SHARE_TOKEN: 'true' });
      expect(finding?.fix).toMatch(/^Set NOCOBASE_SHARE_TOKEN=false, /);
    });

    it('detects that the sub-app has its own domain, and that another address is not it', async () => {
      const inBranch = { ...MOVED, NOCOBASE_APP: 'branch' };
      expect((await page(branch, inBranch))?.fix).toMatch(/^Set NOCOBASE_APP_DOMAIN=true, /);
      expect((await page(main, { ...inBranch, ...IN_BRANCH }))?.fix).toMatch(/^Set NOCOBASE_APP_DOMAIN=false, /);
    });

    it("recommends NocoBase's default client, and is satisfied with it", async () => {
      expect(await page(main, MOVED)).toMatchObject({
        status: 'attention',
        detail: expect.stringContaining('APP_CLIENT_ENTRY_MODE is modern-default'),
        fix: 'Set NOCOBASE_DEFAULT_PATH=/new/admin.',
      });
      const content = { ...MOVED, NOCOBASE_DEFAULT_PATH: '/new/admin' };
      expect(await page(main, content)).toMatchObject({ status: 'ok' });
      expect(await page(branch, { ...content, ...IN_BRANCH })).toMatchObject({ status: 'ok' });
    });

    it('compares no storage if the plugin hands sessions over', async () => {
      const { NOCOBASE_API_BASE_PATH, NOCOBASE_MODERN_CLIENT_PREFIX } = MOVED;
      const told = { NOCOBASE_API_BASE_PATH, NOCOBASE_MODERN_CLIENT_PREFIX, NOCOBASE_DEFAULT_PATH: '/new/admin' };
      expect(await page(main, { ...told, NOCOBASE_HANDOFF: 'ticket' })).toMatchObject({ status: 'ok' });
    });

    it('is silent if nothing answers', async () => {
      expect(await page(main, { NOCOBASE_PUBLIC_URL: 'http://127.0.0.1:1' })).toMatchObject({ status: 'skipped' });
      const nothing = await PathProxy.start();
      try {
        expect(await page(nothing, {})).toMatchObject({ status: 'skipped' });
      } finally {
        await nothing.close();
      }
    });
  });

  describeWith('chromium', 'in a browser that shares its address with the gateway', (executablePath) => {
    let chromium: Chromium;
    let context: BrowserContext;
    let page: Page;

    beforeAll(async () => {
      chromium = await launchChromium(executablePath);
    }, PATIENCE);
    afterEach(async () => context?.close());
    afterAll(async () => chromium?.close());

    it.each([
      ['the main application', '127.0.0.1', {}, 'li-lei', '李雷'],
      ['a sub-app at its own domain', 'localhost', IN_BRANCH, 'mary', '玛丽'],
    ])(
      'is signed in to by a page: %s',
      async (_what, host, environment, personId, nickname) => {
        const proxy = host === 'localhost' ? branch : main;
        const testCase = await start(proxy, 'page', environment);
        context = await chromium.newContext({ locale: 'en-US' });
        page = await context.newPage();
        page.setDefaultTimeout(PATIENCE / 2);
        const seen: string[] = [];
        page.on('request', (request) => seen.push(request.url()));

        await page.goto(`${testCase.gateway.url}/auth/dingtalk?redirect=/new/admin`);
        await page.click(`[data-person="${personId}"]`);
        // NocoBase's own client reads the session, under its own keys, and calls its own API with it.
        await page.waitForSelector(USER_MENU);

        expect(page.url()).toContain(`${proxy.origin}/nb/new/admin`);
        const kept = (await page.evaluate('({ ...sessionStorage })')) as Record<string, string>;
        expect(kept).toMatchObject({ ERP_AUTH: 'dingtalk', ERP_TOKEN: expect.stringMatching(/^eyJ/) });
        expect(await whoIs(proxy.origin, kept['ERP_TOKEN']!)).toBe(nickname);
        expect(seen.filter((url) => url.includes(kept['ERP_TOKEN']!))).toEqual([]);
      },
      PATIENCE,
    );
  });
});
