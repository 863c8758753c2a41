import type { Browser, Locator, Page } from 'playwright-core';
import { type DingTalkClient, type DingTalkClientOptions, type Platform } from '../sandbox/dingtalk-client/index.js';
import { ERROR_TEXTS } from '../src/core/errors/index.js';
import { AloneCase } from './support/alone-case.js';
import { asNew, launchChromium, PATIENCE } from './support/chromium.js';
import { eventually } from './support/eventually.js';
import { KeptDingTalk } from './support/kept-dingtalk.js';
import { describeWith } from './support/requirements.js';

const USER_MENU = '[data-testid="user-center-button"]';
const PLATFORMS: readonly Platform[] = ['ios', 'android', 'pc'];
/** NocoBase's two web clients, and how each passes the wanted page to its sign-in page. */
const CLIENTS = [
  { client: 'classic', root: '', wanted: '/admin?tab=2' },
  { client: 'new', root: '/v', wanted: '/nb/v/admin?tab=2' },
] as const;

describeWith('chromium', 'A NocoBase whose plugin signs people in by itself, in Chromium', (executablePath) => {
  let browser: Browser;
  let alone: AloneCase;
  /** Of a person outside of DingTalk. */
  let outside: Page;
  let dingtalk: KeptDingTalk;
  let page: Page;
  /** Content Security Policy violations of the pages. */
  let violations: string[];

  beforeAll(async () => {
    [browser, alone] = await Promise.all([
      launchChromium(executablePath),
      AloneCase.start({ web: true, publicPath: '/nb/' }),
    ]);
    dingtalk = new KeptDingTalk(browser);
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1100, height: 760 } });
    outside = await context.newPage();
    await alone.nocobase.addUser({ nickname: 'Lei at NocoBase', phone: '13800000001' });
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await alone?.close();
  }, PATIENCE);

  beforeEach(() => {
    alone.sandbox.requests.length = 0;
  });

  afterEach(() => page.removeAllListeners('console'));

  async function open(): Promise<void> {
    await asNew(outside, light());
    watch(outside);
  }

  async function inDingTalk(
    options: Partial<DingTalkClientOptions> & Pick<DingTalkClientOptions, 'platform'>,
  ): Promise<DingTalkClient> {
    const opened = await dingtalk.open(alone.sandbox, { person: 'li-lei', ...options }, light());
    watch(opened.page);
    return opened.client;
  }

  function watch(opened: Page): void {
    page = opened;
    violations = [];
    page.setDefaultTimeout(PATIENCE / 2);
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) violations.push(message.text());
    });
  }

  const url = (): string => alone.nocobase.url;
  /** Where a test begins. */
  const light = (): string => `${url()}/api/app:getLang`;
  const exchanges = (operation = 'userAccessToken'): number =>
    alone.sandbox.requests.filter((request) => request.operation === operation).length;
  const button = (): Locator => page.getByRole('link', { name: 'DingTalk', exact: true });
  const alert = (): Locator => page.locator('.ant-alert-error');
  const stored = async (key: string): Promise<string> => String(await page.evaluate(`localStorage.getItem('${key}')`));
  const signInPage = (root: string, wanted: string): string => `${url()}${root}/signin?redirect=${wanted}`;

  async function atDingTalk(): Promise<void> {
    await page.waitForURL(`${alone.sandbox.loginUrl}/**`, { waitUntil: 'commit' });
    await page.waitForSelector('[data-person="li-lei"]');
  }

  /** The user of the token in the browser, according to NocoBase itself. */
  async function whoIsIn(): Promise<string> {
    await page.waitForSelector(USER_MENU);
    return (await alone.nocobase.whoIs(await stored('NOCOBASE_TOKEN'), 'dingtalk')).nickname;
  }

  /** Every address that a person can go back to. */
  async function history(): Promise<string[]> {
    const session = await page.context().newCDPSession(page);
    const { entries } = await session.send('Page.getNavigationHistory');
    return entries.map((entry) => entry.url).filter((address) => address !== light());
  }

  /** Nobody can go back to one of our pages, or to an address with DingTalk's answer. */
  async function leavesNothing(): Promise<void> {
    expect((await history()).filter((entry) => /\/api\/|[?&#](?:code|authCode)=/.test(entry))).toEqual([]);
    expect(violations).toEqual([]);
  }

  describe.each(CLIENTS)('in the $client client', ({ root, wanted }) => {
    it(
      'a person presses the button, consents at DingTalk and is on the wanted page',
      async () => {
        await open();
        await page.goto(signInPage(root, wanted));
        await button().click();
        await atDingTalk();
        await page.click('[data-person="li-lei"]');
        expect(await whoIsIn()).toBe('Lei at NocoBase');
        const at = new URL(page.url());
        expect(at.pathname + at.search).toBe(`/nb${root}/admin?tab=2`);
        await leavesNothing();
        expect(exchanges()).toBe(1);
      },
      PATIENCE,
    );

    it(
      'a person at another address of NocoBase is led to the saved one, and signed in there',
      async () => {
        await open();
        await page.goto(signInPage(root, wanted).replace('//127.0.0.1', '//localhost'));
        await button().click();
        await atDingTalk();
        await page.click('[data-person="li-lei"]');
        expect(await whoIsIn()).toBe('Lei at NocoBase');
        const at = new URL(page.url());
        expect([at.origin, at.pathname + at.search]).toEqual([new URL(url()).origin, `/nb${root}/admin?tab=2`]);
      },
      PATIENCE,
    );

    it(
      'a person who declines reads it on the sign-in page of this client, and can still go where they wanted',
      async () => {
        await open();
        await page.goto(signInPage(root, wanted));
        await button().click();
        await atDingTalk();
        await page.click('[data-deny]');
        await page.waitForURL((at) => at.pathname === `/nb${root}/signin`);
        expect(await alert().innerText()).toContain(ERROR_TEXTS.en.access_denied.text);
        await button().click();
        await atDingTalk();
        await page.click('[data-person="li-lei"]');
        expect(await whoIsIn()).toBe('Lei at NocoBase');
        const at = new URL(page.url());
        expect(at.pathname + at.search).toBe(`/nb${root}/admin?tab=2`);
        await leavesNothing();
      },
      PATIENCE,
    );

    it(
      'inside DingTalk a person is signed in on the first load, and the history does not show how',
      async () => {
        const { native } = await inDingTalk({ platform: 'pc' });
        await page.goto(`${url()}${root}/admin?tab=2`, { waitUntil: 'commit' });
        expect(await whoIsIn()).toBe('Lei at NocoBase');
        expect(native.codes).toHaveLength(1);
        expect([exchanges('getUserInfo'), exchanges()]).toEqual([1, 0]);
        expect(new URL(page.url()).pathname).toBe(`/nb${root}/admin`);
        await leavesNothing();
      },
      PATIENCE,
    );
  });

  describe('the page at the redirect URL', () => {
    /** On that page, with DingTalk's answer, while NocoBase does not answer. */
    async function atCallback(): Promise<void> {
      await page.route('**/auth:signIn', async (route) => {
        if (!route.request().headers()['x-dingtalk-answer']) await route.continue();
      });
      await page.goto(signInPage('', '/admin'));
      await button().click();
      await atDingTalk();
      const asked = page.waitForRequest('**/auth:signIn');
      await page.click('[data-person="li-lei"]');
      await asked;
    }

    it(
      'removes the answer from its address, and has none when it is reloaded',
      async () => {
        await open();
        await atCallback();
        expect(page.url()).toBe(alone.callbackOf('dingtalk'));
        await page.reload({ waitUntil: 'commit' });
        await page.waitForURL((at) => at.pathname === '/nb/signin');
        expect(await alert().innerText()).toContain(ERROR_TEXTS.en.invalid_state.text);
        expect(exchanges()).toBe(0);
        await leavesNothing();
      },
      PATIENCE,
    );

    it(
      'cannot be returned to, and a repeated consent is reported as expired',
      async () => {
        await open();
        await page.goto(signInPage('', '/admin'));
        await button().click();
        await atDingTalk();
        await page.click('[data-person="li-lei"]');
        expect(await whoIsIn()).toBe('Lei at NocoBase');
        await page.goBack({ waitUntil: 'commit' });
        await atDingTalk();
        await page.click('[data-person="li-lei"]');
        await page.waitForURL((at) => at.pathname === '/nb/signin');
        expect(await alert().innerText()).toContain(ERROR_TEXTS.en.invalid_state.text);
        expect(exchanges()).toBe(1);
        await leavesNothing();
      },
      PATIENCE,
    );

    it(
      'reports that the browser lets NocoBase store nothing',
      async () => {
        await open();
        await page.addInitScript(() => {
          const scope = globalThis as unknown as { location: { pathname: string } };
          if (!scope.location.pathname.includes('dingtalk')) return;
          const blocked = { get: (): never => { throw new Error('blocked'); } }; // prettier-ignore
          Object.defineProperty(globalThis, 'localStorage', blocked);
          Object.defineProperty(globalThis, 'sessionStorage', blocked);
        });
        await page.goto(signInPage('', '/admin'));
        await button().click();
        await atDingTalk();
        await page.click('[data-person="li-lei"]');
        await page.getByText('Your browser does not let this page keep').waitFor();
        expect(page.url()).toBe(alone.callbackOf('dingtalk'));
      },
      PATIENCE,
    );
  });

  describe('inside DingTalk', () => {
    const start = (query: Record<string, string> = {}): string =>
      `${url()}/api/dingtalk:start?${new URLSearchParams({ authenticator: 'dingtalk', flow: 'in-app', redirect: '/admin?tab=2', ...query }).toString()}`;

    it.each(PLATFORMS)(
      'the client’s code is sufficient (%s)',
      async (platform) => {
        const client = await inDingTalk({ platform });
        // On a phone NocoBase shows a different menu.
        const checked = page.waitForResponse(
          (response) => response.url().startsWith(`${url()}/api/auth:check`) && response.status() === 200,
        );
        await client.openApp(`${start()}&corpId=$CORPID$`, page);
        expect(await (await checked).json()).toMatchObject({ data: { nickname: 'Lei at NocoBase' } });
        expect(client.native.codes).toHaveLength(1);
        await leavesNothing();
      },
      PATIENCE,
    );

    it(
      'a client that returns no code continues on DingTalk’s page, and to the wanted page',
      async () => {
        const { native } = await inDingTalk({ platform: 'pc' });
        native.behaviour.requestAuthCode = 'refuses';
        native.behaviour['runtime.permission.requestAuthCode'] = 'refuses';
        await page.goto(start(), { waitUntil: 'commit' });
        await atDingTalk();
        await page.click('[data-person="li-lei"]');
        expect(await whoIsIn()).toBe('Lei at NocoBase');
        expect(new URL(page.url()).search).toBe('?tab=2');
        await leavesNothing();
      },
      PATIENCE,
    );

    it(
      'does not loop with a NocoBase that sends people back',
      async () => {
        const { native } = await inDingTalk({ platform: 'ios' });
        await page.route(`${url()}/admin`, async (route) =>
          route.fulfill({ status: 302, headers: { location: `${url()}/signin` } }),
        );
        await page.goto(`${url()}/signin`, { waitUntil: 'commit' });
        await eventually(() => expect(native.codes).toHaveLength(3), PATIENCE / 2);
        await page.waitForURL(`${url()}/signin`);
        await button().waitFor();
        // Neither does the page itself, whatever redirects there.
        await page.goto(start());
        await page.getByText('The sign-in keeps leading back here').waitFor();
        expect(native.codes).toHaveLength(3);
      },
      PATIENCE,
    );
  });
});
