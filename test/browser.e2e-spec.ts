import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { asNew, launchChromium, leaveAll, PATIENCE } from './support/chromium.js';
import { freePort } from './support/free-port.js';
import { TestNocoBase } from './support/nocobase.js';
import { PathProxy } from './support/path-proxy.js';
import { describeWith } from './support/requirements.js';
import { SignInCase } from './support/sign-in-case.js';

const USER_MENU = '[data-testid="user-center-button"]';

describeWith('chromium', 'In a browser', (executablePath) => {
  let browser: Browser;
  /** By locale; used by one test after another. */
  const tabs = new Map<string, Page>();
  let page: Page;
  /** Where a test begins: a page of the tested NocoBase. */
  let light: string;

  beforeAll(async () => {
    browser = await launchChromium(executablePath);
  }, PATIENCE);
  afterAll(async () => browser?.close());

  afterEach(() => page.removeAllListeners('framenavigated'));

  async function open(locale: string, viewport = { width: 1100, height: 760 }): Promise<void> {
    page = tabs.get(locale) ?? (await (await browser.newContext({ locale })).newPage());
    tabs.set(locale, page);
    page.setDefaultTimeout(PATIENCE / 2);
    await page.setViewportSize(viewport);
    await asNew(page, light);
  }

  /** Waits until NocoBase's user menu shows this name; fails after the page's timeout. */
  async function seeInNocoBase(nickname: string): Promise<void> {
    await page.waitForSelector(USER_MENU);
    await page.hover(USER_MENU);
    await page.getByText(nickname).first().waitFor({ state: 'visible' });
  }

  async function picture(name: string): Promise<void> {
    const folder = process.env['PICTURES'];
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`) });
  }

  /** From the gateway's front door through DingTalk's consent page. */
  async function clickThrough(testCase: SignInCase, personId: string, redirect: string): Promise<void> {
    await page.goto(`${testCase.gateway.url}/?${new URLSearchParams({ redirect }).toString()}`);
    await picture(`sign-in-page-${await page.getAttribute('html', 'lang')}`);
    await page.click('a.primary');
    await page.click(`[data-person="${personId}"]`);
  }

  describe('with NocoBase at its own address (hand-off "query")', () => {
    let nocobase: TestNocoBase;
    let testCase: SignInCase;

    beforeAll(async () => {
      nocobase = await TestNocoBase.launch({ web: true });
      light = `${nocobase.api}/app:getLang`;
      await nocobase.addUser({ nickname: 'Lei at NocoBase', phone: '13800000001' });
      testCase = await SignInCase.start({
        ...nocobase.environment,
        DINGTALK_CORP_ID: 'dingcorp1',
        DINGTALK_AUTO_SIGN_UP: 'true',
      });
    }, 120_000);
    afterAll(async () => {
      await leaveAll(browser);
      await Promise.all([testCase?.close(), nocobase?.stop()]);
    });

    it.each([
      // NocoBase's clients drop the fragment when they take the token out of the address.
      ['v1', 'en-US', '/admin?tab=2#part', '/admin?tab=2'],
      ['v2', 'zh-CN', '/v/admin/?tab=2#part', '/v/admin/?tab=2'],
    ])(
      'a known person lands in the %s client (%s), and no token remains in the address',
      async (_client, locale, redirect, landing) => {
        await open(locale);
        await clickThrough(testCase, 'li-lei', redirect);

        await seeInNocoBase('Lei at NocoBase');

        const url = new URL(page.url());
        expect(url.origin).toBe(nocobase.url);
        expect(url.pathname + url.search + url.hash).toBe(landing);
      },
      PATIENCE,
    );

    it(
      'a new person is registered and sees their own name',
      async () => {
        await open('en-US');
        await clickThrough(testCase, 'mary', '/admin');
        await seeInNocoBase('玛丽');
        expect(new URL(page.url()).pathname).toBe('/admin');
      },
      PATIENCE,
    );

    it.each([
      ['en-US', 'DingTalk did not provide your mobile number'],
      ['zh-CN', '钉钉没有提供您的手机号'],
    ])(
      'a person without a number reads what to do (%s) and can try again as another person',
      async (locale, title) => {
        await open(locale, { width: 390, height: 760 });
        await clickThrough(testCase, 'zhao-min', '/admin');

        expect(await page.textContent('h1')).toBe(title);
        expect(await page.textContent('dl')).toContain('Contact.User.mobile');
        await picture(`error-page-${await page.getAttribute('html', 'lang')}`);

        await page.click('a.primary');
        await page.setViewportSize({ width: 1100, height: 760 });
        await page.click('[data-person="li-lei"]');
        await seeInNocoBase('Lei at NocoBase');
      },
      PATIENCE,
    );

    it(
      'a person who declines is told so, and finds the password form from there',
      async () => {
        await open('en-US');
        await page.goto(`${testCase.gateway.url}/`);
        await page.click('a.primary');
        await page.click('[data-deny]');
        expect(await page.textContent('h1')).toBe('Sign-in was cancelled');
        await page.click('text=Sign in with a password');
        await page.waitForSelector('input[type="password"]');
        expect(new URL(page.url()).pathname).toBe('/signin');
      },
      PATIENCE,
    );

    it(
      'two tabs finish independently of each other',
      async () => {
        await open('en-US');
        const other = await page.context().newPage();
        other.setDefaultTimeout(PATIENCE / 2);
        for (const tab of [page, other]) {
          await tab.goto(`${testCase.gateway.url}/auth/dingtalk?redirect=/admin`);
          await tab.waitForSelector('[data-person="li-lei"]');
        }
        for (const tab of [page, other]) {
          await tab.click('[data-person="li-lei"]');
          await tab.waitForSelector(USER_MENU);
          expect(new URL(tab.url()).origin).toBe(nocobase.url);
        }
        await other.close();
      },
      PATIENCE,
    );
  });

  describe('with gateway and NocoBase at one address (hand-off "page")', () => {
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
      testCase = await SignInCase.start(
        {
          ...nocobase.environment,
          NOCOBASE_PUBLIC_URL: proxy.origin,
          NOCOBASE_PROTECTED_ROLES: 'root',
          DINGTALK_CORP_ID: 'dingcorp1',
        },
        { port, publicUrl: `${proxy.origin}/sso` },
      );
    }, 120_000);
    afterAll(async () => {
      await leaveAll(browser);
      await Promise.all([testCase?.close(), proxy?.close(), nocobase?.stop()]);
    });

    it.each([
      ['v1', '/admin?tab=2#part'],
      ['v2', '/v/admin/?tab=2#part'],
    ])(
      'a person lands in the %s client, and no address ever contained a token',
      async (_client, landing) => {
        await open('en-US');
        const addresses: string[] = [];
        page.on('framenavigated', (frame) => addresses.push(frame.url()));
        await clickThrough(testCase, 'li-lei', landing);

        await seeInNocoBase('Lei at NocoBase');

        const url = new URL(page.url());
        expect(url.pathname + url.search + url.hash).toBe(landing);
        expect(addresses.filter((address) => address.includes('token='))).toEqual([]);
      },
      PATIENCE,
    );

    it(
      'another person in the same browser takes over completely, including roles',
      async () => {
        await open('en-US');
        await clickThrough(testCase, 'han-meimei', '/admin');
        await seeInNocoBase('Meimei at NocoBase');
        const former = String(await page.evaluate("localStorage.getItem('NOCOBASE_TOKEN')"));
        expect(await nocobase.whoIs(former, 'dingtalk')).toMatchObject({ nickname: 'Meimei at NocoBase' });
        await page.evaluate("localStorage.setItem('NOCOBASE_ROLE', 'admin')");

        await clickThrough(testCase, 'li-lei', '/admin');

        await seeInNocoBase('Lei at NocoBase');
        expect(await page.evaluate("localStorage.getItem('NOCOBASE_ROLE')")).not.toBe('admin');
        await expect(nocobase.whoIs(former, 'dingtalk')).rejects.toThrow('BLOCKED_TOKEN');
      },
      PATIENCE,
    );

    it(
      'going back after the sign-in does not repeat it',
      async () => {
        await open('en-US');
        await clickThrough(testCase, 'li-lei', '/admin');
        await page.waitForSelector(USER_MENU);
        const exchanges = (): number =>
          testCase.sandbox.requests.filter(({ operation }) => operation === 'userAccessToken').length;
        const before = exchanges();
        await page.goBack();
        expect(page.url()).not.toContain('/callback');
        expect(exchanges()).toBe(before);
      },
      PATIENCE,
    );
  });
});
