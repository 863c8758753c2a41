import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_CORP_ID, type Sandbox, startSandbox } from '../sandbox/index.js';
import { ERROR_TEXTS } from '../src/core/errors/index.js';
import { asNew, chooseFromMenu, launchChromium, PATIENCE } from './support/chromium.js';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import { GatewayProcess, MAIN } from './support/gateway-process.js';
import { TestNocoBase } from './support/nocobase.js';
import { packedPlugin } from './support/nocobase-plugin.js';
import { PathProxy } from './support/path-proxy.js';
import { KeptDingTalk } from './support/kept-dingtalk.js';
import { describeWith } from './support/requirements.js';

const USER_MENU = '[data-testid="user-center-button"]';
/** The gateway polls every five seconds. */
const SECONDS_TO_NOTICE = 8;

const CHINESE = JSON.parse(readFileSync(join(__dirname, '../nocobase-plugin/src/locale/zh-CN.json'), 'utf8')) as Record<
  string,
  string
>;

/**
 * Everything here is real except the sandbox for DingTalk. NocoBase has a base path, the gateway is on another site, and a proxy
 * before each of them records what an access log would.
 */
describeWith('chromium', "An administrator's path, from the packed plugin to people who sign in", (executablePath) => {
  let browser: Browser;
  let sandbox: Sandbox;
  let nocobase: TestNocoBase;
  let gateway: GatewayProcess;
  /** NocoBase and the gateway as browsers see them. */
  let nocobaseProxy: PathProxy;
  let gatewayProxy: PathProxy;
  let home: string;
  /** The administrator's tab, and those of the people who sign in: one for each language. */
  let administrator: Page;
  const outside = new Map<string, Page>();
  let dingtalk: KeptDingTalk;
  let page: Page;

  beforeAll(async () => {
    if (!existsSync(MAIN)) throw new Error('There is no dist/main.js: run `npm run build` first, as `npm test` does');
    [browser, sandbox, nocobase, nocobaseProxy, gatewayProxy] = await Promise.all([
      launchChromium(executablePath),
      startSandbox(),
      TestNocoBase.launch({ web: true, publicPath: '/nb/', authenticator: '' }),
      PathProxy.start(),
      PathProxy.start('localhost'),
    ]);
    nocobaseProxy.route('/', new URL(nocobase.url).origin);
    home = `${nocobaseProxy.origin}/nb`;
    const port = await freePort();
    gatewayProxy.route('/', `http://127.0.0.1:${port}`);
    // All that its operator has to configure, and DingTalk's addresses.
    gateway = await GatewayProcess.start(
      {
        PUBLIC_URL: gatewayProxy.origin,
        AUTHENTICATORS_SOURCE: 'nocobase',
        NOCOBASE_URL: nocobase.url,
        NOCOBASE_PUBLIC_URL: home,
        DINGTALK_LOGIN_URL: sandbox.loginUrl,
        DINGTALK_API_URL: sandbox.apiUrl,
        DINGTALK_OAPI_URL: sandbox.oapiUrl,
      },
      port,
    );
    administrator = await newTab('en-US');
    dingtalk = new KeptDingTalk(browser);
    await nocobase.call('POST', 'systemSettings:update?filterByTk=1', { enabledLanguages: ['en-US', 'zh-CN'] });
    await nocobase.addUser({ nickname: 'Lei at NocoBase', phone: '13800000001' });
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.kill();
    await Promise.all([sandbox?.close(), nocobase?.stop(), nocobaseProxy?.close(), gatewayProxy?.close()]);
  }, PATIENCE);

  async function newTab(locale: string): Promise<Page> {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const made = await browser.newContext({ locale, viewport: { width: 1280, height: 800 }, permissions });
    made.setDefaultTimeout(PATIENCE / 2);
    return made.newPage();
  }

  /** Where a test begins. */
  const light = (): string => `${home}/api/app:getLang`;

  async function openAsPerson(locale = 'en-US'): Promise<void> {
    page = outside.get(locale) ?? (await newTab(locale));
    outside.set(locale, page);
    await asNew(page, light(), [gatewayProxy.origin]);
    await page.evaluate(`localStorage.setItem('NOCOBASE_LOCALE', '${locale}')`);
  }

  /** For the README. @param top the element at which it begins */
  async function picture(name: string, top?: Locator): Promise<void> {
    const folder = process.env['SCREENSHOTS'];
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    await top?.evaluate((element: { scrollIntoView(): void }) => element.scrollIntoView());
    // Waits for animations, and closes the new client's notification about a plugin that is not installed here.
    const standsStill = 'document.getAnimations().every(({ playState }) => playState !== "running")';
    await page.waitForFunction(standsStill);
    for (const close of await page.locator('.ant-notification-notice-close').all()) await close.click();
    await page.waitForFunction(standsStill);
    await page.screenshot({ path: join(folder, `${name}.png`) });
  }

  async function withPassword({ account, password }: { account: string; password: string }): Promise<void> {
    await page.locator('input[type=password]').fill(password);
    await page.locator('input:not([type=password])').first().fill(account);
    await page.keyboard.press('Enter');
    await page.waitForSelector(USER_MENU);
  }

  async function signOut(): Promise<void> {
    await page.hover(USER_MENU);
    await page.getByText('Sign out', { exact: true }).click();
    await page.waitForURL(/\/signin(?:\?|$)/);
  }

  /** The user of the token in the browser, according to NocoBase itself. */
  async function whoIsIn(): Promise<{ id: number; nickname: string }> {
    await page.waitForSelector(USER_MENU);
    const token = String(await page.evaluate("localStorage.getItem('NOCOBASE_TOKEN')"));
    return nocobase.whoIs(token, 'dingtalk');
  }

  /** NocoBase's plugin manager restarts the application meanwhile. */
  async function until(condition: () => Promise<boolean>, seconds = 30): Promise<boolean> {
    const deadline = Date.now() + seconds * 1000;
    while (!(await condition().catch(() => false))) {
      if (Date.now() > deadline) return false;
      await delay(100);
    }
    return true;
  }

  async function isEnabled(): Promise<boolean> {
    const types = await nocobase.call<{ name: string }[]>('GET', 'authenticators:listTypes');
    return types.some(({ name }) => name === 'DingTalk');
  }

  it(
    "uploads the plugin on the plugin manager's page, and enables it",
    async () => {
      page = administrator;
      await page.goto(`${home}/signin`);
      await withPassword(nocobase.root);
      await page.goto(`${home}/admin/settings/plugin-manager`);
      const dialog = page.locator('.ant-modal-content');
      const file = dialog.locator('input[type=file]');
      // While NocoBase's client is still loading, it may render the page again, and the dialog loses what was chosen.
      const isAsked = await until(async () => {
        if (!(await dialog.isVisible())) await page.getByText('Add & Update', { exact: true }).click({ timeout: 5000 });
        await dialog.getByText('Upload plugin', { exact: true }).click({ timeout: 5000 });
        await file.waitFor({ state: 'attached', timeout: 5000 });
        return true;
      }, PATIENCE / 2000);
      expect(isAsked).toBe(true);
      await file.setInputFiles(packedPlugin());
      await dialog.getByRole('button', { name: 'Submit' }).click();
      const card = page.locator('.ant-card', { hasText: 'Auth: DingTalk' });
      // NocoBase unpacks the file and restarts; its page shows the card once it is notified.
      await card.waitFor({ timeout: 2 * PATIENCE });
      // NocoBase drops the command while it is still processing the upload.
      const isThere = await until(async () => {
        if (await isEnabled()) return true;
        const off = card.locator('[role=switch][aria-checked=false]');
        if ((await off.count()) > 0) await off.click({ timeout: 2000 });
        // Clicked again too early, NocoBase would enable it and restart twice.
        return until(isEnabled, 15);
      }, 90);
      expect(isThere).toBe(true);
    },
    5 * PATIENCE,
  );

  describe.each([
    { client: 'classic', root: '', formItem: '.ant-formily-item', person: 'mary', name: '玛丽' },
    { client: 'new', root: '/v', formItem: '.ant-form-item', person: 'han-meimei', name: '韩梅梅' },
  ])('in the $client client', ({ client, root, formItem, person, name }) => {
    const wanted = `${root}/admin/?tab=2`;
    const drawer = (): Locator => page.locator('.ant-drawer-content');
    const item = (label: string): Locator =>
      drawer()
        .locator(formItem)
        .filter({ has: page.locator('label').getByText(label, { exact: true }) });
    const field = (label: string): Locator => item(label).locator('input').first();
    const button = (title = 'DingTalk'): Locator => page.getByRole('link', { name: title, exact: true });

    /** Again if nothing is shown: NocoBase may still restart once more, and its page then stays without content. */
    async function openSettings(): Promise<void> {
      page = administrator;
      await eventually(async () => {
        await page.goto(`${home}${root}/admin/settings/auth/authenticators`);
        await page.locator('button:has(.anticon-plus)').waitFor({ timeout: PATIENCE / 5 });
      }, PATIENCE / 2);
    }

    async function submit(): Promise<void> {
      await drawer().locator('.ant-btn-primary').click();
      await drawer().waitFor({ state: 'hidden' });
    }

    async function configure(): Promise<void> {
      await page.locator('tr', { hasText: 'dingtalk' }).getByText('Configure', { exact: true }).click();
      await field('Client ID').waitFor();
      await until(async () => (await field('Client ID').inputValue()) === DEMO_CLIENT_ID);
    }

    /** Through NocoBase's sign-in page to DingTalk's. @returns the gateway's request to DingTalk */
    async function pressTheButton(title?: string): Promise<URL> {
      await button(title).click();
      await page.waitForURL(`${sandbox.loginUrl}/**`);
      return new URL(page.url());
    }

    async function consentAs(id: string): Promise<void> {
      await page.click(`[data-person="${id}"]`);
    }

    /** Opens the wanted page, is redirected to NocoBase's sign-in page, and goes through DingTalk. */
    async function signInAs(id: string): Promise<void> {
      await page.goto(home + wanted);
      await pressTheButton();
      await consentAs(id);
    }

    async function isOnWantedPage(): Promise<void> {
      await page.waitForSelector(USER_MENU);
      const { origin, pathname, search } = new URL(page.url());
      expect(`${origin}${pathname.replace(/\/$/, '')}/${search}`).toBe(home + wanted);
    }

    beforeAll(async () => {
      if (!(await isEnabled())) throw new Error('the plugin is not enabled: see the first test');
      const filter = encodeURIComponent(JSON.stringify({ authType: 'DingTalk' }));
      for (const { id } of await nocobase.call<{ id: number }[]>('GET', `authenticators:list?filter=${filter}`)) {
        await nocobase.call('POST', `authenticators:destroy?filterByTk=${id}`, {});
      }
      sandbox.world.app(DEMO_CLIENT_ID).redirectUris.length = 0;
    });
    afterAll(() => {
      sandbox.world.app(DEMO_CLIENT_ID).clientSecret = DEMO_CLIENT_SECRET;
    });

    it(
      'an administrator adds DingTalk, copies the Redirect URL to DingTalk, and the test finds no problem',
      async () => {
        await openSettings();
        const choice = page.locator('.ant-dropdown-menu-item').getByText('DingTalk', { exact: true });
        await chooseFromMenu(page.locator('button:has(.anticon-plus)'), choice);
        await item('How people sign in').getByText('By a gateway', { exact: true }).click();
        await item('Gateway address').waitFor();
        await field('Auth UID').fill('dingtalk');
        await field('Title').fill('DingTalk');
        await field('Enabled').check();
        await field('Gateway address').fill(gatewayProxy.origin);
        await field('Client ID').fill(DEMO_CLIENT_ID);
        await field('Client Secret').fill(DEMO_CLIENT_SECRET);
        await field('Organizations (CorpId)').fill(DEMO_CORP_ID);
        await page.keyboard.press('Enter');
        await field('Sign up automatically when the user does not exist').check();

        await item('Redirect URL').locator('button').click();
        await item('Redirect URL').getByText('Copied').waitFor();
        await picture(`settings-${client}-en`, item('Gateway address'));
        const copied = String(await page.evaluate('navigator.clipboard.readText()'));
        expect(copied).toBe(`${gatewayProxy.origin}/auth/dingtalk/dingtalk/callback`);
        // The administrator's next step is to paste it into DingTalk's console.
        sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(copied);
        await submit();

        await configure();
        await drawer().getByRole('button', { name: 'Test', exact: true }).click();
        await drawer().getByText('No problems found').waitFor();
        const found = await drawer().getByRole('status').getByRole('listitem').allInnerTexts();
        expect(found.filter((line) => line.startsWith('✗'))).toEqual([]);
        expect(found.filter((line) => line.startsWith('✓')).length).toBeGreaterThan(4);
        await picture(`test-${client}-en`);
      },
      PATIENCE,
    );

    it(
      'a person is registered by the button, lands on the wanted page, signs out and in again, and no address reveals how',
      async () => {
        await until(async () => (await gateway.health('ready')) === 200, SECONDS_TO_NOTICE);
        nocobaseProxy.requests.length = 0;
        gatewayProxy.requests.length = 0;
        await openAsPerson();
        await page.goto(home + wanted);
        await button().waitFor();
        const { searchParams } = await pressTheButton();
        expect(searchParams.get('redirect_uri')).toBe(sandbox.world.app(DEMO_CLIENT_ID).redirectUris[0]);
        await consentAs(person);
        await isOnWantedPage();
        const user = await whoIsIn();
        expect(user.nickname).toBe(name);
        await picture(`signed-in-${client}-en`);
        const addresses = await history();

        await signOut();
        await signInAs(person);
        await isOnWantedPage();
        expect((await whoIsIn()).id).toBe(user.id);
        addresses.push(...(await history()));

        const came = [...nocobaseProxy.requests, ...gatewayProxy.requests];
        const tickets = came.flatMap(({ headers }) => headers['x-dingtalk-ticket'] ?? []);
        const tokens = came.flatMap(({ headers }) => /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? []);
        expect(new Set(tickets).size).toBe(2);
        expect(new Set(tokens).size).toBeGreaterThanOrEqual(2);
        const seen = came.flatMap(({ url, headers }) => [url ?? '', headers.referer ?? '']);
        const secrets = [...new Set([...tickets, ...tokens])].map((secret) => encodeURIComponent(secret));
        expect(seen.filter((url) => secrets.some((secret) => url.includes(secret)))).toEqual([]);
        expect(addresses.filter((url) => secrets.some((secret) => url.includes(secret)))).toEqual([]);
        expect(addresses.filter((url) => /ticket|token|dingtalk:/.test(url))).toEqual([]);
      },
      PATIENCE,
    );

    it(
      'a person who already has a user is linked to it',
      async () => {
        await openAsPerson();
        await signInAs('li-lei');
        await isOnWantedPage();
        expect((await whoIsIn()).nickname).toBe('Lei at NocoBase');
      },
      PATIENCE,
    );

    it.each([
      ['en-US', ERROR_TEXTS.en, 'Request ID'],
      ['zh-CN', ERROR_TEXTS.zh, CHINESE['Request ID']],
    ] as const)(
      'a person who is not allowed in sees the reason on NocoBase’s sign-in page, and can try again (%s)',
      async (locale, texts, requestId) => {
        await openAsPerson(locale);
        await page.goto(home + wanted);
        await button().waitFor();
        await picture(`sign-in-${client}-${locale.slice(0, 2)}`);
        await pressTheButton();
        await consentAs('zhao-min');
        await page.waitForURL((url) => url.href.startsWith(`${home}${root}/signin`));
        const alert = page.locator('.ant-alert-error');
        await alert.waitFor();
        expect(await alert.innerText()).toContain(texts.phone_missing.title);
        expect(await alert.innerText()).toContain(requestId);
        await picture(`error-${client}-${locale.slice(0, 2)}`);

        await pressTheButton();
        await consentAs('li-lei');
        await isOnWantedPage();
      },
      PATIENCE,
    );

    it(
      'inside DingTalk, people are signed in without a tap, by NocoBase’s address and by the gateway’s',
      async () => {
        for (const [platform, homepage] of [
          ['ios', `${home}${root}/admin/?corpId=$CORPID$`],
          ['pc', `${gatewayProxy.origin}/?corpId=$CORPID$`],
        ] as const) {
          const options = { platform, person: 'li-lei' };
          const opened = await dingtalk.open(sandbox, options, light(), [gatewayProxy.origin]);
          page = opened.page;
          page.setDefaultTimeout(PATIENCE / 2);
          // The classic client has a different menu on a phone.
          const signedIn = page.waitForResponse((response) => /auth:check/.test(response.url()) && response.ok());
          await opened.client.openApp(homepage, page);
          await signedIn;
          expect(page.url()).toContain(`${home}${homepage.startsWith(home) ? root : ''}/admin`);
          const token = String(await page.evaluate("localStorage.getItem('NOCOBASE_TOKEN')"));
          expect((await nocobase.whoIs(token, 'dingtalk')).nickname).toBe('Lei at NocoBase');
          expect(opened.client.native.codes).toHaveLength(1);
        }
      },
      PATIENCE,
    );

    it(
      'a Client Secret that was reset at DingTalk is reported as wrong, and the new one takes effect within seconds',
      async () => {
        const renewed = `${DEMO_CLIENT_SECRET}-renewed`;
        sandbox.world.app(DEMO_CLIENT_ID).clientSecret = renewed;
        await openAsPerson();
        await signInAs('li-lei');
        await page.locator('.ant-alert-error').waitFor();
        expect(await page.locator('.ant-alert-error').innerText()).toContain(ERROR_TEXTS.en.misconfigured.title);

        const theirs = page;
        await openSettings();
        await configure();
        await field('Client Secret').fill(renewed);
        const reloads = (): number => gateway.output.split('"authenticators_reloaded"').length;
        const before = reloads();
        await submit();
        page = theirs;
        expect(await until(async () => reloads() > before, SECONDS_TO_NOTICE)).toBe(true);
        await signInAs('li-lei');
        await isOnWantedPage();
      },
      PATIENCE,
    );

    if (client === 'new') return;
    it(
      'speaks Chinese to an administrator',
      async () => {
        page = administrator;
        await page.goto(`${home}/api/app:getLang`);
        await page.evaluate("localStorage.setItem('NOCOBASE_LOCALE', 'zh-CN')");
        try {
          await page.goto(`${home}${root}/admin/settings/auth/authenticators`);
          await page.locator('tr', { hasText: 'dingtalk' }).locator('a').first().click();
          await item('网关地址').waitFor();
          expect(await field('重定向 URL').inputValue()).toBe(`${gatewayProxy.origin}/auth/dingtalk/dingtalk/callback`);
          await picture(`settings-${client}-zh`, item('网关地址'));
          await drawer()
            .getByRole('button', { name: spaced(CHINESE['Test']!) })
            .click();
          await drawer().getByText(CHINESE['No problems found']!).waitFor();
          await picture(`test-${client}-zh`);
        } finally {
          await page.evaluate("localStorage.setItem('NOCOBASE_LOCALE', 'en-US')");
        }
      },
      PATIENCE,
    );
  });

  /** Every address that a person can go back to. */
  async function history(): Promise<string[]> {
    const session = await page.context().newCDPSession(page);
    const { entries } = await session.send('Page.getNavigationHistory');
    return entries.map(({ url }) => url);
  }
});

/** As antd writes a button with two Chinese characters. */
function spaced(text: string): RegExp {
  return new RegExp(`^${text.split('').join(' ?')}$`);
}
