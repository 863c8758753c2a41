import type { Browser, Page } from 'playwright-core';
import { asNew, launchChromium, leaveAll, PATIENCE } from './support/chromium.js';
import { type DingTalkClient, type DingTalkClientOptions, type Platform } from '../sandbox/dingtalk-client/index.js';
import { DEMO_CLIENT_ID, startSandbox } from '../sandbox/index.js';
import { freePort } from './support/free-port.js';
import { KeptDingTalk } from './support/kept-dingtalk.js';
import { TestNocoBase } from './support/nocobase.js';
import { PathProxy } from './support/path-proxy.js';
import { describeWith } from './support/requirements.js';
import { SignInCase } from './support/sign-in-case.js';

const USER_MENU = '[data-testid="user-center-button"]';
const CODE_APIS = ['requestAuthCode', 'runtime.permission.requestAuthCode'] as const;
const PLATFORMS: readonly Platform[] = ['ios', 'android', 'pc'];

describeWith('chromium', 'Inside DingTalk, in its web view', (executablePath) => {
  let browser: Browser;
  let dingtalk: KeptDingTalk;
  /** Of a person outside of DingTalk. */
  let outside: Page;
  let client: DingTalkClient;
  let page: Page;
  /** Content Security Policy violations of the pages. */
  let violations: string[];
  /** Where a test begins: a page of the tested NocoBase. */
  let light: string;

  beforeAll(async () => {
    browser = await launchChromium(executablePath);
    dingtalk = new KeptDingTalk(browser);
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1100, height: 760 } });
    outside = await context.newPage();
  }, PATIENCE);
  afterAll(async () => browser?.close());

  afterEach(() => {
    page.removeAllListeners('console');
    page.removeAllListeners('framenavigated');
  });

  async function inDingTalk(
    testCase: SignInCase,
    options: Partial<DingTalkClientOptions> & Pick<DingTalkClientOptions, 'platform'>,
  ): Promise<DingTalkClient> {
    const opened = await dingtalk.open(testCase.sandbox, { person: 'li-lei', ...options }, light, [
      new URL(testCase.gateway.url).origin,
    ]);
    client = opened.client;
    watch(opened.page);
    return client;
  }

  async function outsideDingTalk(): Promise<void> {
    await asNew(outside, light);
    watch(outside);
  }

  function watch(opened: Page): void {
    page = opened;
    page.setDefaultTimeout(PATIENCE / 2);
    violations = [];
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) violations.push(message.text());
    });
  }

  /** The person whose sign-in NocoBase's own web client has confirmed, once it has asked. */
  async function whoIsIn(nocobaseUrl: string): Promise<string> {
    const answer = await page.waitForResponse(
      (response) => response.url().startsWith(`${nocobaseUrl}/api/auth:check`) && response.status() === 200,
    );
    return ((await answer.json()) as { data: { nickname: string } }).data.nickname;
  }

  /** Every address that a person can go back to. */
  async function history(): Promise<string[]> {
    const session = await page.context().newCDPSession(page);
    const { entries } = await session.send('Page.getNavigationHistory');
    return entries.map(({ url }) => url);
  }

  async function consentPage(testCase: SignInCase): Promise<URL> {
    await page.waitForURL(`${testCase.sandbox.loginUrl}/**`, { waitUntil: 'commit' });
    await page.waitForSelector('[data-person="li-lei"]');
    return new URL(page.url());
  }

  describe('with gateway and NocoBase at one address', () => {
    let nocobase: TestNocoBase;
    let proxy: PathProxy;
    let testCase: SignInCase;

    beforeAll(async () => {
      nocobase = await TestNocoBase.launch({ web: true });
      await nocobase.addUser({ nickname: 'Lei at NocoBase', phone: '13800000001' });
      await nocobase.addUser({ nickname: 'Meimei at NocoBase', phone: '13800000004', roles: ['member', 'admin'] });
      proxy = await PathProxy.start();
      const port = await freePort();
      proxy.route('/sso', `http://127.0.0.1:${port}`);
      proxy.route('/', nocobase.url);
      light = `${proxy.origin}/api/app:getLang`;
      const sandbox = await startSandbox();
      testCase = await SignInCase.start(
        {
          ...nocobase.environment,
          NOCOBASE_PUBLIC_URL: proxy.origin,
          NOCOBASE_PROTECTED_ROLES: 'root',
          DINGTALK_CORP_ID: 'dingcorp1',
          DINGTALK_SCAN_WIDGET: 'true',
          DINGTALK_SCAN_SCRIPT_URL: `${sandbox.url}/ddlogin.js`,
        },
        { sandbox, port, publicUrl: `${proxy.origin}/sso` },
      );
    }, 180_000);
    afterAll(async () => {
      await leaveAll(browser);
      await Promise.all([testCase?.close(), proxy?.close(), nocobase?.stop()]);
    });
    afterEach(() => {
      testCase.sandbox.failures.clear();
      testCase.sandbox.world.widgetMessages = 1;
    });

    const homepage = (): string => `${testCase.gateway.url}/?corpId=$CORPID$`;
    const inApp = (redirect = '/admin'): string =>
      `${testCase.gateway.url}/auth/dingtalk/dingtalk/in-app?${new URLSearchParams({ redirect }).toString()}`;
    const exchanges = (): number =>
      testCase.sandbox.requests.filter(({ operation }) => operation === 'getUserInfo').length;
    const stored = async (key: string): Promise<string> =>
      String(await page.evaluate(`localStorage.getItem('${key}')`));

    it.each(PLATFORMS)(
      'a person is signed in on the first load (%s), and the history does not show how',
      async (platform) => {
        const { native } = await inDingTalk(testCase, { platform });
        const before = exchanges();
        const [nickname] = await Promise.all([whoIsIn(proxy.origin), client.openApp(homepage(), page)]);

        expect(nickname).toBe('Lei at NocoBase');
        const token = await stored('NOCOBASE_TOKEN');
        expect(await nocobase.whoIs(token, 'dingtalk')).toMatchObject({ nickname: 'Lei at NocoBase' });
        expect(native.codes).toHaveLength(1);
        expect(exchanges() - before).toBe(1);

        const entries = await history();
        expect(entries[0]).toBe(light);
        expect(entries.filter((entry) => entry.includes('/sso'))).toEqual([]);
        expect(entries.filter((entry) => entry.includes(token) || entry.includes(String(native.codes[0])))).toEqual([]);
        expect(violations).toEqual([]);
      },
      PATIENCE,
    );

    it(
      'the person lands on the page that the workbench names',
      async () => {
        await inDingTalk(testCase, { platform: 'pc' });
        await client.openApp(`${inApp('/admin?tab=2#part')}&corpId=$CORPID$`, page);
        await page.waitForSelector(USER_MENU);
        const url = new URL(page.url());
        expect(url.pathname + url.search + url.hash).toBe('/admin?tab=2#part');
      },
      PATIENCE,
    );

    it.each(PLATFORMS)(
      'the person signed in to DingTalk takes precedence (%s): the previous session is replaced and ended',
      async (platform) => {
        const opened = await inDingTalk(testCase, { platform, person: 'han-meimei' });
        const [first] = await Promise.all([whoIsIn(proxy.origin), opened.openApp(inApp(), page)]);
        expect(first).toBe('Meimei at NocoBase');
        const former = await stored('NOCOBASE_TOKEN');
        await page.evaluate("localStorage.setItem('NOCOBASE_ROLE', 'admin')");

        opened.switchAccount('li-lei');
        const [second] = await Promise.all([whoIsIn(proxy.origin), opened.openApp(inApp(), page)]);

        expect(second).toBe('Lei at NocoBase');
        expect(await nocobase.whoIs(await stored('NOCOBASE_TOKEN'), 'dingtalk')).toMatchObject({
          nickname: 'Lei at NocoBase',
        });
        expect(await stored('NOCOBASE_ROLE')).not.toBe('admin');
        await expect(nocobase.whoIs(former, 'dingtalk')).rejects.toThrow('BLOCKED_TOKEN');
      },
      PATIENCE,
    );

    it(
      'a person who declines continues on DingTalk’s page, and is signed in',
      async () => {
        const { native } = await inDingTalk(testCase, { platform: 'pc' });
        native.behaviour.requestAuthCode = 'refuses';
        native.behaviour['runtime.permission.requestAuthCode'] = 'refuses';
        await client.openApp(inApp('/admin?tab=2'), page);
        await consentPage(testCase);
        const [nickname] = await Promise.all([whoIsIn(proxy.origin), page.click('[data-person="li-lei"]')]);
        expect(nickname).toBe('Lei at NocoBase');
        const url = new URL(page.url());
        expect(url.pathname + url.search).toBe('/admin?tab=2');
        expect((await history()).filter((entry) => entry.includes('/in-app'))).toEqual([]);
      },
      PATIENCE,
    );

    it.each<[string, Platform, string | undefined, (opened: DingTalkClient) => void]>([
      ['never answers', 'ios', undefined, silence],
      ['is too old', 'android', '2.3.0', () => undefined],
      ['has another organization open', 'pc', undefined, (opened) => opened.switchAccount('han-meimei', 'dingcorp2')],
    ])(
      'the sign-in continues on DingTalk’s page if the client %s (%s)',
      async (_case, platform, version, prepare) => {
        const opened = await inDingTalk(testCase, { platform, ...(version === undefined ? {} : { version }) });
        prepare(opened);
        const before = exchanges();
        await opened.openApp(inApp(), page);
        const { searchParams } = await consentPage(testCase);
        expect(searchParams.get('redirect_uri')).toBe(`${testCase.gateway.url}/auth/dingtalk/dingtalk/callback`);
        expect(opened.native.codes).toEqual([]);
        expect(exchanges()).toBe(before);
      },
      PATIENCE,
    );

    it(
      'the sign-in continues on DingTalk’s page if the application is set up for another domain',
      async () => {
        const { redirectUris } = testCase.sandbox.world.app(DEMO_CLIENT_ID);
        const registered = redirectUris.splice(0);
        try {
          const opened = await inDingTalk(testCase, { platform: 'ios' });
          await opened.openApp(inApp(), page);
          await page.waitForSelector('[data-error="redirect_uri_mismatch"]');
          expect(opened.native.codes).toEqual([]);
        } finally {
          redirectUris.push(...registered);
        }
      },
      PATIENCE,
    );

    it(
      'an older client signs in with its own call',
      async () => {
        const { native } = await inDingTalk(testCase, { platform: 'android', version: '6.5.20' });
        const [nickname] = await Promise.all([whoIsIn(proxy.origin), client.openApp(inApp(), page)]);
        expect(nickname).toBe('Lei at NocoBase');
        expect(native.calls).toEqual(['runtime.permission.requestAuthCode']);
      },
      PATIENCE,
    );

    it(
      'outside DingTalk the sign-in continues in the browser immediately',
      async () => {
        await outsideDingTalk();
        const seen: string[] = [];
        page.on('framenavigated', (frame) => seen.push(frame.url()));
        await page.goto(inApp(), { waitUntil: 'commit' });
        await consentPage(testCase);
        expect(seen.filter((url) => url.includes('/in-app'))).toEqual([]);
      },
      PATIENCE,
    );

    it(
      'a browser that only pretends to be DingTalk continues as well',
      async () => {
        const context = await browser.newContext({ userAgent: 'Mozilla/5.0 (iPad) AliApp(DingTalk/7.8.1)' });
        watch(await context.newPage());
        await page.goto(inApp(), { waitUntil: 'commit' });
        await consentPage(testCase);
        await context.close();
      },
      PATIENCE,
    );

    it(
      'no button and no error are shown while the app is queried',
      async () => {
        const opened = await inDingTalk(testCase, { platform: 'ios' });
        const { behaviour } = opened.native;
        for (const name of CODE_APIS) behaviour[name] = 'silent';
        await opened.openApp(inApp(), page);
        await page.waitForSelector('[data-status]');
        expect(await page.isVisible('[data-try-again]')).toBe(false);
        expect(await page.isVisible('[data-error]')).toBe(false);
      },
      PATIENCE,
    );

    it(
      'a person who is refused sees the reason on the page itself, and can continue in the browser',
      async () => {
        await inDingTalk(testCase, { platform: 'android', person: 'zhao-min' });
        await client.openApp(inApp(), page);
        await page.waitForSelector('[data-error]:not([hidden])');
        expect(await page.textContent('[data-error-code]')).toBe('phone_missing');
        expect(await page.textContent('[data-request-id]')).toMatch(/^[0-9a-f-]{36}$/);
        expect(await page.textContent('[data-status]')).toContain('mobile number');
        expect(await page.isVisible('[data-try-again]')).toBe(true);
        await page.click('text=Sign in on the DingTalk page');
        await consentPage(testCase);
        expect(violations).toEqual([]);
      },
      PATIENCE,
    );

    it(
      'there is no loop with a NocoBase that sends people back, and a person can start again',
      async () => {
        const opened = await inDingTalk(testCase, { platform: 'ios' });
        const back = `${testCase.gateway.url}/`;
        await page.route(`${proxy.origin}/admin`, (route) =>
          route.fulfill({ status: 302, headers: { location: back } }),
        );
        await opened.openApp(back, page);
        // The front door, where people now have to press a button.
        await waitUntil(() => opened.native.codes.length === 3);
        await page.waitForURL(back);
        await page.waitForSelector('a.primary');
        await opened.openApp(inApp(), page);
        await page.waitForSelector('[data-actions]:not([hidden])');
        expect(opened.native.codes).toHaveLength(3);

        await page.unroute(`${proxy.origin}/admin`);
        const [nickname] = await Promise.all([whoIsIn(proxy.origin), page.click('[data-try-again]')]);
        expect(nickname).toBe('Lei at NocoBase');
      },
      PATIENCE,
    );

    it.each([1, 2])(
      'scanning on the sign-in page signs in once, although DingTalk’s frame reports %d times',
      async (messages) => {
        testCase.sandbox.world.widgetMessages = messages;
        await outsideDingTalk();
        await page.goto(`${testCase.gateway.url}/?redirect=/admin`);
        const codes = (): number =>
          testCase.sandbox.requests.filter(({ operation }) => operation === 'userAccessToken').length;
        const before = codes();
        const [nickname] = await Promise.all([
          whoIsIn(proxy.origin),
          page.frameLocator('#scan iframe').locator('[data-person="li-lei"]').click(),
        ]);
        expect(nickname).toBe('Lei at NocoBase');
        expect(codes() - before).toBe(1);
        expect((await history()).filter((entry) => entry.includes('authCode'))).toEqual([]);
        expect(violations).toEqual([]);
      },
      PATIENCE,
    );

    it(
      'the button remains without DingTalk’s script',
      async () => {
        testCase.sandbox.failures.set('widgetScript', 'drop');
        await outsideDingTalk();
        await page.goto(`${testCase.gateway.url}/`);
        await page.locator('#scan[hidden]').waitFor({ state: 'attached' });
        await page.click('a.primary');
        await consentPage(testCase);
      },
      PATIENCE,
    );
  });

  describe('with NocoBase at its own address', () => {
    let nocobase: TestNocoBase;
    let testCase: SignInCase;

    beforeAll(async () => {
      nocobase = await TestNocoBase.launch({ web: true });
      light = `${nocobase.api}/app:getLang`;
      await nocobase.addUser({ nickname: 'Lei at NocoBase', phone: '13800000001' });
      testCase = await SignInCase.start({ ...nocobase.environment, DINGTALK_CORP_ID: 'dingcorp1' });
    }, 180_000);
    afterAll(async () => {
      await leaveAll(browser);
      await Promise.all([testCase?.close(), nocobase?.stop()]);
    });

    it.each(PLATFORMS)(
      'a person is signed in on the first load (%s), and no token remains in the history',
      async (platform) => {
        const { native } = await inDingTalk(testCase, { platform });
        const [nickname] = await Promise.all([
          whoIsIn(nocobase.url),
          client.openApp(`${testCase.gateway.url}/?corpId=$CORPID$`, page),
        ]);
        expect(nickname).toBe('Lei at NocoBase');
        expect(native.codes).toHaveLength(1);
        const token = String(await page.evaluate("localStorage.getItem('NOCOBASE_TOKEN')"));
        expect(await nocobase.whoIs(token, 'dingtalk')).toMatchObject({ nickname: 'Lei at NocoBase' });
        const entries = await history();
        expect(entries.filter((entry) => entry.includes('token=') || entry.includes('/in-app'))).toEqual([]);
        expect(new URL(page.url()).origin).toBe(nocobase.url);
        expect(violations).toEqual([]);
      },
      PATIENCE,
    );
  });
});

function silence({ native }: DingTalkClient): void {
  native.behaviour.requestAuthCode = 'silent';
  native.behaviour['runtime.permission.requestAuthCode'] = 'silent';
}

/** Fails after the test's timeout. */
async function waitUntil(condition: () => boolean): Promise<void> {
  const until = Date.now() + PATIENCE / 2;
  while (!condition()) {
    if (Date.now() > until) throw new Error('that did not happen');
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}
