import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { calculateJwkThumbprint } from 'jose';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { FIELD_PROBLEMS } from '../src/core/accounts/index.js';
import { ERROR_TEXTS } from '../src/core/errors/index.js';
import { GatewayStandIn } from './fakes/gateway-stand-in.js';
import { chooseFromMenu, launchChromium, PATIENCE } from './support/chromium.js';
import { eventually } from './support/eventually.js';
import type { TestNocoBase } from './support/nocobase.js';
import { launchWithPlugin } from './support/nocobase-plugin.js';
import { describeWith } from './support/requirements.js';

const SECRET = 'a-client-secret-that-nobody-sees';
const REQUEST_ID = '3f2b8c1a-9d4e-4f5a-8b6c-7d8e9f0a1b2c';
const DINGTALK = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 DingTalk/7.5.0';

const [english, chinese] = ['en-US', 'zh-CN'].map((language) => {
  const file = join(__dirname, `../nocobase-plugin/src/locale/${language}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
}) as [Record<string, string>, Record<string, string>];

interface Authenticator {
  readonly name: string;
  readonly title?: string | null;
  readonly enabled: boolean;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Another origin, which shows NocoBase in a frame; on the same site, since Chromium partitions the storage of cross-site frames. */
class Portal {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async showing(page: string): Promise<Portal> {
    const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(page));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Portal(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe("The plugin's texts", () => {
  it('exist in English and in Chinese', () => {
    expect(Object.keys(chinese).toSorted()).toEqual(Object.keys(english).toSorted());
    for (const problem of FIELD_PROBLEMS) expect(chinese).toHaveProperty([`User fields ${problem}`]);
  });

  it('say in English what their key says, or what replaces a short key', () => {
    const others = Object.entries(english).filter(
      ([key, text]) => key !== text && !/^(?:settings|error|leavers\.locks)\.\w+$/.test(key),
    );
    expect(others).toEqual([]);
  });
});

describeWith('chromium', "The plugin in NocoBase's web clients", (executablePath) => {
  let browser: Browser;
  let nocobase: TestNocoBase;
  let gateway: GatewayStandIn;
  let context: BrowserContext;
  /** One for all tests: its cache contains several megabytes of NocoBase's scripts, already compiled. */
  let tab: Page;
  /** In a browser of its own, in which nobody signs out: the classic client stays loaded there. */
  let administrator: Page;
  /** Either of them. */
  let page: Page;
  let portal: Portal | undefined;

  beforeAll(async () => {
    [browser, gateway, nocobase] = await Promise.all([
      launchChromium(executablePath),
      GatewayStandIn.start(),
      launchWithPlugin({ web: true, publicPath: '/nb/', subApp: 'branch' }),
    ]);
    const permissions = ['clipboard-read', 'clipboard-write'];
    const newTab = async (): Promise<Page> => {
      const made = await browser.newContext({ viewport: { width: 1280, height: 900 }, permissions });
      made.setDefaultTimeout(PATIENCE / 2);
      return made.newPage();
    };
    [tab, administrator] = [await newTab(), await newTab()];
    page = tab;
    context = tab.context();
    await removeAuthenticators();
    await nocobase.call('POST', 'systemSettings:update?filterByTk=1', { enabledLanguages: ['en-US', 'zh-CN'] });
  }, 180_000);
  afterAll(async () => {
    await Promise.all([browser?.close(), gateway?.close(), nocobase?.stop()]);
  }, PATIENCE);

  afterEach(async () => {
    // Leaves the page, whatever it is still doing.
    page = tab;
    await page?.goto(`${nocobase.url}/api/app:getLang`);
    await portal?.close();
    portal = undefined;
    await removeAuthenticators();
    gateway.visits.length = 0;
    gateway.report = undefined;
    gateway.keys = undefined;
  });

  /** The tab as a new one, in which nobody, or an administrator, is signed in. */
  async function open(
    language: 'en-US' | 'zh-CN' = 'en-US',
    session: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    await page.context().clearCookies();
    await page.goto(`${nocobase.url}/api/app:getLang`);
    // Including the sub-app's.
    const kept = { NOCOBASE_LOCALE: language, NOCOBASE_BRANCH_LOCALE: language, ...session };
    await page.evaluate(
      `localStorage.clear(); sessionStorage.clear(); Object.assign(localStorage, ${JSON.stringify(kept)});`,
    );
  }

  async function openAsAdministrator(language?: 'en-US' | 'zh-CN'): Promise<void> {
    const { token } = await nocobase.call<{ token: string }>('POST', 'auth:signIn', nocobase.root, {
      'x-authenticator': 'basic',
    });
    await open(language, { NOCOBASE_TOKEN: token, NOCOBASE_AUTH: 'basic' });
  }

  async function picture(name: string): Promise<void> {
    const folder = process.env['PICTURES'];
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`) });
  }

  async function addAuthenticator(values: Partial<Authenticator> = {}, app = 'main'): Promise<void> {
    const options = {
      gatewayUrl: gateway.url,
      nocobaseUrl: nocobase.url,
      clientId: 'dingabc',
      clientSecret: SECRET,
      ...values.options,
    };
    const row = { name: 'dingtalk', authType: 'DingTalk', title: 'DingTalk', enabled: true, ...values, options };
    await nocobase.call('POST', 'authenticators:create', row, { 'x-app': app });
  }

  async function removeAuthenticators(): Promise<void> {
    const filter = encodeURIComponent(JSON.stringify({ authType: 'DingTalk' }));
    for (const app of ['main', 'branch']) {
      const headers = { 'x-app': app };
      const found = await nocobase.call<{ id: number }[]>(
        'GET',
        `authenticators:list?filter=${filter}&fields=id`,
        undefined,
        headers,
      );
      for (const { id } of found) await nocobase.call('POST', `authenticators:destroy?filterByTk=${id}`, {}, headers);
    }
  }

  async function stored(name: string): Promise<Authenticator> {
    const rows = await nocobase.list('authenticators', { name }, 'name,title,enabled,options');
    return rows[0] as unknown as Authenticator;
  }

  async function setPasswordForm(enabled: boolean): Promise<void> {
    const [basic] = await nocobase.list('authenticators', { name: 'basic' }, 'id');
    await nocobase.call('POST', `authenticators:update?filterByTk=${String(basic?.['id'])}`, { ...basic, enabled });
  }

  /** The sentences of an error, wherever an antd Alert shows them. */
  const alert = (): Locator => page.locator('.ant-alert-error');
  const button = (title = 'DingTalk'): Locator => page.getByRole('link', { name: title, exact: true });

  describe.each([
    { client: 'classic', root: '', formItem: '.ant-formily-item', error: '.ant-formily-item-error-help' },
    { client: 'new', root: '/v', formItem: '.ant-form-item', error: '.ant-form-item-explain-error' },
  ])('the $client client', ({ client, root, formItem, error }) => {
    const drawer = (): Locator => page.locator('.ant-drawer-content');
    const item = (label: string): Locator =>
      drawer()
        .locator(formItem)
        .filter({ has: page.locator('label').getByText(label, { exact: true }) });
    const field = (label: string): Locator => item(label).locator('input').first();
    const submit = async (): Promise<void> => drawer().locator('.ant-btn-primary').click();
    /** The expected ones, or what is shown after a while: messages appear and disappear with an animation. */
    const problems = async (areThere: (shown: string[]) => boolean): Promise<string[]> => {
      const shown = async (): Promise<string[]> => drawer().locator(error).allInnerTexts();
      const expectThem = async (): Promise<void> => expect(areThere(await shown())).toBe(true);
      await eventually(expectThem, PATIENCE / 3).catch(() => undefined);
      return shown();
    };

    /** The classic client treats two clicks in a row as one. */
    async function submitFor(expected: readonly (string | undefined)[]): Promise<void> {
      await eventually(async () => {
        await submit();
        const expectThem = async () => expect(await drawer().locator(error).allInnerTexts()).toEqual(expected);
        await eventually(expectThem, 2000);
      }, PATIENCE / 2);
    }

    /** Clicked until the form is saved. */
    async function submitUntilSaved(): Promise<void> {
      await eventually(async () => {
        // The drawer may close after the wait below has ended.
        if (await drawer().isVisible()) await drawer().locator('.ant-btn-primary').click({ timeout: 2000 });
        await drawer().waitFor({ state: 'hidden', timeout: 2000 });
      }, PATIENCE / 2);
    }

    async function openSignIn(search = ''): Promise<void> {
      await page.goto(`${nocobase.url}${root}/signin${search}`);
    }

    const settings = (): string => `${nocobase.url}${root}/admin/settings/auth/authenticators`;

    /** Without what was opened before. The classic client's router leaves the page and returns; the new one keeps its drawers open. */
    async function openSettings(): Promise<void> {
      page = administrator;
      if (client === 'classic' && page.url().startsWith(`${nocobase.url}/admin/settings/`)) {
        await lead(new URL('../system-settings', settings()));
        await page.locator('.ant-table').waitFor({ state: 'detached' });
        await lead(new URL(settings()));
      } else {
        await openAsAdministrator();
        await page.goto(settings());
      }
    }

    /** As the client's own links do. */
    async function lead({ pathname }: URL): Promise<void> {
      await page.evaluate(`history.pushState(null, '', '${pathname}'); dispatchEvent(new PopStateEvent('popstate'));`);
    }

    async function addNew(title = 'DingTalk'): Promise<void> {
      const choice = page.locator('.ant-dropdown-menu-item').getByText(title, { exact: true });
      await chooseFromMenu(page.locator('button:has(.anticon-plus)'), choice);
      await item(title === '钉钉' ? '登录方式' : 'How people sign in').waitFor();
    }

    const choose = async (way: 'By this NocoBase' | 'By a gateway'): Promise<void> =>
      item('How people sign in').getByText(way, { exact: true }).click();
    const isChosen = async (way: 'nocobase' | 'gateway'): Promise<boolean> =>
      item('How people sign in').locator(`input[value=${way}]`).isChecked();
    const unfold = async (): Promise<void> => drawer().getByText('More settings', { exact: true }).click();

    async function configure(name: string): Promise<void> {
      await page.locator('tr', { hasText: name }).getByText('Configure', { exact: true }).click();
      await expectValue('Client ID', 'dingabc');
    }

    /** The form may still be loading its values. */
    async function expectValue(label: string, value: string): Promise<void> {
      await field(label).waitFor();
      await eventually(async () => expect(await field(label).inputValue()).toBe(value), PATIENCE / 3);
    }

    it(
      'lets an administrator add DingTalk without a gateway, and provides the Redirect URL to copy',
      async () => {
        await openSettings();
        await addNew();
        expect(await isChosen('nocobase')).toBe(true);
        for (const hidden of ['Gateway address', 'Internal gateway address', 'Pinned keys of the gateway']) {
          expect(await item(hidden).isVisible()).toBe(false);
        }
        expect(await item('Address of NocoBase').isVisible()).toBe(false);
        await field('Auth UID').fill('dingtalk');
        await field('Enabled').check();
        await submit();
        expect(await problems(({ length }) => length === 2)).toHaveLength(2);

        await field('Client ID').fill('dingabc');
        await field('Client Secret').fill(SECRET);
        await field('Organizations (CorpId)').fill('dingcorp1');
        await page.keyboard.press('Enter');
        const redirectUrl = `${nocobase.url}/api/dingtalk/callback/dingtalk`;
        await expectValue('Redirect URL', redirectUrl);
        await item('Redirect URL').locator('button').click();
        await item('Redirect URL').getByText('Copied').waitFor();
        expect(await page.evaluate('navigator.clipboard.readText()')).toBe(redirectUrl);
        await picture(`form-alone-${client}-en-US`);
        await submitUntilSaved();

        expect(await stored('dingtalk')).toMatchObject({
          enabled: true,
          options: {
            signInBy: 'nocobase',
            public: { autoSignIn: false },
            gatewayUrl: '',
            allowPrivateHttp: false,
            nocobaseUrl: nocobase.url,
            clientId: 'dingabc',
            hasClientSecret: true,
            corpIds: ['dingcorp1'],
            exclusiveLogin: false,
            trustedProxies: [],
            requestsPerMinute: 1200,
            codePattern: '',
          },
        });
      },
      PATIENCE,
    );

    it(
      'keeps folded fields, and unfolds them if one of them has a problem',
      async () => {
        const options = {
          signInBy: 'nocobase',
          public: { autoSignIn: true },
          corpIds: ['dingcorp1'],
          exclusiveLogin: true,
          protectedRoles: ['root'],
          defaultRegion: 'DE',
          returnPaths: ['/portal'],
          gatewayKeys: ['x'.repeat(43)],
          trustedProxies: ['10.0.0.0/8', 'loopback'],
          requestsPerMinute: 60,
          codePattern: '[0-9a-f]{32}',
        };
        await addAuthenticator({ options });
        const before = await stored('dingtalk');
        await openSettings();
        await configure('dingtalk');
        await field('Title').fill('Renamed');
        await submit();
        await drawer().waitFor({ state: 'hidden' });
        expect(await stored('dingtalk')).toMatchObject({ title: 'Renamed', options: before.options });
        expect(before.options).toMatchObject({ ...options, gatewayUrl: gateway.url, hasClientSecret: true });

        await page.locator('tr', { hasText: 'Renamed' }).waitFor();
        await configure('dingtalk');
        expect(await item('Sign in with dedicated accounts').isVisible()).toBe(false);
        await item('Organizations (CorpId)').locator('.ant-select-selection-item-remove').click();
        await item('Sign in with dedicated accounts').waitFor();
        await field('Trusted proxies').fill('everybody');
        await page.keyboard.press('Enter');
        await field('Requests per minute per address').fill('-1');
        await field('Pattern of codes').fill('.*');
        await field('Address of NocoBase').fill('http://crm.example.com');
        await submit();
        const expected = ['exclusiveLogin', 'nocobaseHttp', 'trustedProxies', 'requestsPerMinute', 'codePattern'].map(
          (name) => english[`settings.${name}`],
        );
        expect(await problems((shown) => isDeepStrictEqual(shown, expected))).toEqual(expected);
        expect(await stored('dingtalk')).toMatchObject({ options: before.options });

        expect(await item('Allow http in a private network').isVisible()).toBe(false);
        await field('Address of NocoBase').fill('http://192.168.1.20:13000/nb/');
        await item('Allow http in a private network').waitFor();
        await expectValue('Redirect URL', 'http://192.168.1.20:13000/nb/api/dingtalk/callback/dingtalk');
        await submitFor([english['settings.privateHttp'], ...expected.filter((_, index) => index !== 1)]);
      },
      PATIENCE,
    );

    it(
      'loses nothing if an administrator looks at the other way, and asks for the secret if a gateway would receive it',
      async () => {
        await addAuthenticator({ options: { gatewayInternalUrl: 'http://gateway:3000' } });
        await openSettings();
        await configure('dingtalk');
        expect(await isChosen('gateway')).toBe(true);
        await field('Gateway address').fill('https://sso.example.com/typed');
        await choose('By this NocoBase');
        await expectValue('Redirect URL', `${nocobase.url}/api/dingtalk/callback/dingtalk`);
        expect(await item('Gateway address').isVisible()).toBe(false);
        await choose('By a gateway');
        await expectValue('Gateway address', 'https://sso.example.com/typed');
        await expectValue('Redirect URL', 'https://sso.example.com/typed/auth/dingtalk/dingtalk/callback');

        // A value that would be refused there does not prevent choosing the other way.
        await field('Gateway address').fill('not an address');
        await choose('By this NocoBase');
        await field('Title').fill('By itself');
        await submit();
        await drawer().waitFor({ state: 'hidden' });
        await page.locator('tr', { hasText: 'By itself' }).waitFor();
        expect((await stored('dingtalk')).options).toMatchObject({
          signInBy: 'nocobase',
          hasClientSecret: true,
          gatewayUrl: '',
          gatewayInternalUrl: 'http://gateway:3000',
        });

        await configure('dingtalk');
        await choose('By a gateway');
        await field('Gateway address').fill(gateway.url);
        await submitFor([english['Another gateway would receive the Client Secret: enter it again.']]);
        await field('Client Secret').fill('another-secret');
        await submitUntilSaved();
        expect((await stored('dingtalk')).options).toMatchObject({ signInBy: 'gateway', hasClientSecret: true });
      },
      PATIENCE,
    );

    it(
      'treats settings from an older version as a gateway’s, even while its address is being changed',
      async () => {
        await addAuthenticator();
        const asBefore = new RegExp('/api/authenticators:(?:list|get)');
        await administrator.route(asBefore, async (route) => {
          const response = await route.fetch();
          await route.fulfill({ response, body: (await response.text()).replaceAll('"signInBy":"gateway",', '') });
        });
        try {
          await openSettings();
          await configure('dingtalk');
          expect(await isChosen('gateway')).toBe(true);
          await field('Gateway address').fill('');
          await field('Gateway address').fill(gateway.url);
          await submit();
          await drawer().waitFor({ state: 'hidden' });
        } finally {
          // Waits for answers that are on their way: they are changed, too.
          await administrator.unrouteAll({ behavior: 'wait' });
        }
        expect((await stored('dingtalk')).options).toMatchObject({
          signInBy: 'gateway',
          gatewayUrl: gateway.url,
          hasClientSecret: true,
        });
      },
      PATIENCE,
    );

    it(
      'lets an administrator add DingTalk, says what is missing or wrong, and provides the Redirect URL to copy',
      async () => {
        await openSettings();
        await addNew();
        expect(await drawer().getByRole('button', { name: 'Test', exact: true }).isDisabled()).toBe(true);
        await choose('By a gateway');
        await unfold();
        await submit();
        expect(await problems(({ length }) => length === 3)).toHaveLength(3);

        await field('Auth UID').fill('dingtalk');
        await field('Title').fill('Sign in with our DingTalk');
        await field('Enabled').check();
        await field('Gateway address').fill('http://sso.example.com');
        await field('Client ID').fill('{{ $user.id }}');
        await field('Client Secret').fill(SECRET);
        await field('User fields').fill('password=name:overwrite');
        await page.keyboard.press('Enter');
        await field('Sign up automatically when the user does not exist').check();
        await item('Roles of new users').locator('input').click();
        await page.locator('.ant-select-item-option').getByText('Root', { exact: true }).click();
        await submit();
        const expected = [
          english['settings.gatewayUrl'],
          english['settings.variable'],
          english['settings.anyOrganization'],
          english['settings.rootRole'],
          "User fields must not name fields that are NocoBase's own, such as id, roles or password",
        ];
        expect(await problems((shown) => isDeepStrictEqual(shown, expected))).toEqual(expected);
        expect(await field('Redirect URL').inputValue()).toBe('');

        expect(await item('Allow http in a private network').count()).toBe(0);
        await field('Gateway address').fill('http://192.168.1.20:3000');
        await field('Client ID').fill('dingabc');
        await item('Allow http in a private network').getByText('take over any sign-in').waitFor();
        await submit();
        const inPrivate = [english['settings.privateHttp'], ...expected.slice(2)];
        expect(await problems((shown) => isDeepStrictEqual(shown, inPrivate))).toEqual(inPrivate);
        await field('Allow http in a private network').check();
        await expectValue('Redirect URL', 'http://192.168.1.20:3000/auth/dingtalk/dingtalk/callback');

        await field('Gateway address').fill(`${gateway.url}/`);
        await item('Allow http in a private network').waitFor({ state: 'detached' });
        await field('Organizations (CorpId)').fill('dingcorp1');
        await page.keyboard.press('Enter');
        await item('Allow people of any organization').waitFor({ state: 'detached' });
        await item('User fields').locator('.ant-select-selection-item-remove').click();
        await item('Roles of new users').locator('.ant-select-selection-item-remove').click();
        await item('Roles of new users').locator('input').click();
        await page.locator('.ant-select-item-option').getByText('Member', { exact: true }).click();
        const redirectUrl = `${gateway.url}/auth/dingtalk/dingtalk/callback`;
        await expectValue('Redirect URL', redirectUrl);
        await item('Redirect URL').locator('button').click();
        await item('Redirect URL').getByText('Copied').waitFor();
        expect(await page.evaluate('navigator.clipboard.readText()')).toBe(redirectUrl);
        await picture(`form-${client}-en-US`);
        await submit();
        await page.locator('tr', { hasText: 'Sign in with our DingTalk' }).waitFor();

        expect(await stored('dingtalk')).toMatchObject({
          enabled: true,
          title: 'Sign in with our DingTalk',
          options: {
            public: { autoSignIn: false },
            signInBy: 'gateway',
            gatewayUrl: gateway.url,
            allowPrivateHttp: false,
            gatewayInternalUrl: '',
            gatewayKeys: [],
            nocobaseUrl: nocobase.url,
            clientId: 'dingabc',
            hasClientSecret: true,
            corpIds: ['dingcorp1'],
            autoSignUp: true,
            allowAnyOrganization: false,
            signUpWithoutPhone: false,
            identity: 'profile',
            defaultRoles: ['member'],
            fields: [],
            match: 'phone',
            severalBindings: false,
            protectedRoles: ['root', 'admin'],
            defaultRegion: 'CN',
          },
        });
      },
      PATIENCE,
    );

    it(
      'never shows the secret again, keeps it while its field is empty, and asks for it when the gateway changes',
      async () => {
        const options = {
          public: { autoSignIn: false },
          protectedRoles: ['root'],
          defaultRegion: 'DE',
          corpIds: ['dingcorp1', 'dingcorp2'],
        };
        await addAuthenticator({ options });
        const before = await stored('dingtalk');
        await openSettings();
        const answers: string[] = [];
        page.on('response', (response) => {
          if (response.url().includes('/api/')) void response.text().then((text) => answers.push(text), String);
        });
        await page.reload();
        await configure('dingtalk');
        expect(await field('Client Secret').inputValue()).toBe('');
        expect(await field('Client Secret').getAttribute('placeholder')).toBe(
          english['Stored. Leave it empty to keep it.'],
        );
        await field('Title').fill('Renamed');
        await submit();
        await drawer().waitFor({ state: 'hidden' });
        await page.locator('tr', { hasText: 'Renamed' }).waitFor();
        expect(await stored('dingtalk')).toMatchObject({ title: 'Renamed', options: before.options });
        expect(before.options['hasClientSecret']).toBe(true);

        await configure('dingtalk');
        await field('Gateway address').fill('https://sso.example.com');
        await submit();
        const moved = english['Another gateway would receive the Client Secret: enter it again.'];
        expect(await problems((shown) => isDeepStrictEqual(shown, [moved]))).toEqual([moved]);
        expect(await field('Client Secret').getAttribute('placeholder')).toBe(moved);
        await field('Gateway address').fill(gateway.url);
        await submitUntilSaved();
        expect((await stored('dingtalk')).options).toEqual(before.options);
        expect(answers.length).toBeGreaterThan(5);
        expect(answers.join('\n')).not.toContain(SECRET);
      },
      PATIENCE,
    );

    it("shows the gateway's keys, pins one, and warns if they were fetched over http", async () => {
      const key = { kty: 'OKP', crv: 'Ed25519', x: 'Mshn6yE203AKWHJgKcrtyPVUvzFPg5P3JoL2NBLVz0A', kid: 'any-name' };
      const thumbprint = await calculateJwkThumbprint(key);
      const warning = () => drawer().getByText('can sign in as any user, administrators included', { exact: false });
      await addAuthenticator();
      await openSettings();
      await configure('dingtalk');
      expect(await warning().count()).toBe(0);
      await unfold();
      await field('Internal gateway address').fill('http://gateway:3000');
      await warning().waitFor();
      await field('Internal gateway address').fill('');
      await warning().waitFor({ state: 'hidden' });

      const show = drawer().getByRole('button', { name: "Show the gateway's keys", exact: true });
      await show.click();
      await alert().getByText('The keys could not be fetched').waitFor();
      gateway.keys = [key];
      await show.click();
      await drawer().getByText(thumbprint, { exact: true }).waitFor();
      await drawer().getByText('Compare them with', { exact: false }).waitFor();
      await drawer().getByRole('button', { name: 'Pin', exact: true }).click();
      await drawer().getByText('Pinned', { exact: true }).waitFor();
      await picture(`keys-${client}-en-US`);
      await submit();
      await drawer().waitFor({ state: 'hidden' });
      expect((await stored('dingtalk')).options['gatewayKeys']).toEqual([thumbprint]);
    }, 90_000);

    it(
      'warns while people can change what they are matched by, and allows matching by no field',
      async () => {
        await addAuthenticator();
        const warning = () => drawer().getByText('Users can edit the field that they are matched by:');
        await openSettings();
        await configure('dingtalk');
        await warning().waitFor();
        expect(await warning().innerText()).toMatch(/ phone$/);
        await item('How people are matched').getByText('Not by any field', { exact: true }).click();
        await warning().waitFor({ state: 'detached' });
        await unfold();
        await field('One user, several organizations').check();
        await submit();
        await drawer().waitFor({ state: 'hidden' });
        expect((await stored('dingtalk')).options).toMatchObject({ match: 'none', severalBindings: true });

        await nocobase.call('POST', 'users:updateSystemSettings', { enableEditProfile: false });
        try {
          await page.reload();
          await configure('dingtalk');
          await item('How people are matched').getByText('By mobile number', { exact: true }).click();
          await page.waitForLoadState('networkidle');
          expect(await warning().count()).toBe(0);
        } finally {
          await nocobase.call('POST', 'users:updateSystemSettings', { enableEditProfile: true });
        }
      },
      PATIENCE,
    );

    it(
      "shows the findings of the gateway's doctor in words",
      async () => {
        await addAuthenticator();
        const report = {
          ok: false,
          findings: [
            finding('ok', 'The gateway answers', 'In 12 ms.', null),
            finding('failed', 'Client ID and Client Secret', 'DingTalk refuses them.', 'Copy both from the console.'),
            finding('attention', 'Redirect URL', 'DingTalk does not say it.', 'Compare it in the console.'),
            finding('skipped', 'Permissions', 'Not without the secret. <b>', null),
          ],
        };
        let tell = (_report: object): void => {};
        gateway.report = new Promise((resolve) => (tell = resolve));
        await openSettings();
        await configure('dingtalk');
        await drawer().getByRole('button', { name: 'Test', exact: true }).click();
        await drawer().getByText('Testing …').waitFor();
        await drawer().getByRole('button', { name: 'Test', exact: true }).click();
        tell(report);
        await drawer().getByText('Problems found', { exact: true }).waitFor();
        await picture(`test-${client}-en-US`);

        const lines = await drawer().getByRole('status').getByRole('listitem').allInnerTexts();
        expect(lines.map((line) => line.replace(/\s+/g, ' '))).toEqual([
          '✓ The gateway answers In 12 ms.',
          '✗ Client ID and Client Secret DingTalk refuses them. What to do: Copy both from the console.',
          '! Redirect URL DingTalk does not say it. What to do: Compare it in the console.',
          '- Permissions Not without the secret. <b>',
        ]);
        expect(gateway.visits).toEqual([
          expect.objectContaining({ method: 'POST', path: '/sso/auth/dingtalk/dingtalk/doctor' }),
        ]);
        expect(JSON.parse(gateway.visits[0]?.body ?? '')).toMatchObject({ lang: 'en' });

        gateway.report = undefined;
        await drawer().getByRole('button', { name: 'Test', exact: true }).click();
        await alert().getByText('The test could not be run').waitFor();
        expect(await alert().innerText()).toMatch(/ECONNREFUSED|HTTP \d/);
        expect(await alert().innerText()).toContain('Internal gateway address');
      },
      PATIENCE,
    );

    it(
      "takes over another plugin's links in batches, after a preview",
      async () => {
        await addAuthenticator();
        const old = { name: `old-${client}`, authType: 'of-another-plugin', title: 'Old plugin', options: {} };
        const { id } = await nocobase.call<{ id: number }>('POST', 'authenticators:create', old);
        const asked: unknown[] = [];
        const none = {
          linked: 0,
          already: 0,
          protected: 0,
          gone: 0,
          conflict: 0,
          unknown: 0,
          outOfScope: 0,
          number: 0,
        };
        const part = (counts: object, changes: object = {}): object => ({
          counts: { ...none, ...counts },
          lines: [],
          next: null,
          stopped: null,
          ...changes,
        });
        const lines = [{ userId: 9, nickname: 'Mary <b>', outcome: 'conflict' }];
        const answers = [
          part({ linked: 499, conflict: 1 }, { lines, next: 500 }),
          part({ linked: 2 }),
          part({ linked: 3 }, { next: 7, stopped: 'DingTalk is away' }),
          part({ linked: 2, already: 3 }),
        ];
        // As an authenticator without a gateway, for which DingTalk would be queried.
        const rows = new RegExp('/api/authenticators:(?:list|get)');
        await administrator.route(rows, async (route) => {
          const response = await route.fetch();
          const body = (await response.text()).replaceAll('"signInBy":"gateway"', '"signInBy":"nocobase"');
          await route.fulfill({ response, body });
        });
        const takeOver = new RegExp('/api/dingtalk:takeOver[?]authenticator=dingtalk$');
        await administrator.route(takeOver, async (route) => {
          asked.push(route.request().postDataJSON());
          await route.fulfill({ json: { data: answers[asked.length - 1] } });
        });
        const press = async (name: string): Promise<void> =>
          drawer().getByRole('button', { name, exact: true }).click();
        const tables = async (): Promise<string[]> =>
          (await drawer().getByRole('row').allInnerTexts()).map((row) => row.replace(/\s+/g, ' ').trim());
        try {
          await openSettings();
          await configure('dingtalk');
          await drawer().getByText('Take over bindings of another plugin', { exact: true }).waitFor();
          await drawer().getByText(`Old plugin (${old.name})`).click();
          expect(await drawer().getByRole('button', { name: 'Take over', exact: true }).isDisabled()).toBe(true);
          await press('Show what would happen');
          await drawer().getByText('Preview. Nothing has been changed.').waitFor();
          await picture(`take-over-${client}`);
          expect(await tables()).toEqual([
            'Result People',
            'Would be linked 501',
            'Conflict 1',
            'User Result What it means',
            `9 Mary <b> Conflict ${english['Two accounts are linked to one person, or the account is linked to someone else.']}`,
          ]);
          await press('Take over');
          await alert().getByText('DingTalk is away').waitFor();
          expect(await tables()).toEqual(['Result People', 'Linked 3']);
          await press('Take over');
          await drawer().getByText('Done', { exact: true }).waitFor();
          expect(await tables()).toEqual(['Result People', 'Linked 2', 'Already linked 3']);
          expect(asked).toEqual([
            { from: old.name, dryRun: true, after: 0 },
            { from: old.name, dryRun: true, after: 500 },
            { from: old.name, dryRun: false, after: 0 },
            { from: old.name, dryRun: false, after: 0 },
          ]);
        } finally {
          await administrator.unrouteAll({ behavior: 'wait' });
          await nocobase.call('POST', `authenticators:destroy?filterByTk=${id}`);
        }
      },
      PATIENCE,
    );

    it(
      'speaks Chinese',
      async () => {
        await openAsAdministrator('zh-CN');
        await page.goto(settings());
        await addNew('钉钉');
        const labels = await drawer().locator(`${formItem} label`).allInnerTexts();
        expect(labels).toEqual(
          expect.arrayContaining(['登录方式', '组织（CorpId）', '用户不存在时自动注册', '直接前往钉钉']),
        );
        await field('认证标识').fill('dingtalk');
        await field('Client ID').fill('dingabc');
        await field('Client Secret').fill(SECRET);
        await field('组织（CorpId）').fill('dingcorp1');
        await page.keyboard.press('Enter');
        await expectValue('重定向 URL', `${nocobase.url}/api/dingtalk/callback/dingtalk`);
        await picture(`form-alone-${client}-zh-CN`);
      },
      PATIENCE,
    );

    it(
      'has a button for each authenticator below the login form, which leads to DingTalk and to the wanted page',
      async () => {
        await addAuthenticator();
        await addAuthenticator({ name: 'branch', title: 'Branch office' });
        await addAuthenticator({ name: 'off', title: 'Switched off', enabled: false });
        await addAuthenticator({ name: 'untitled', title: null });
        await open();
        const wanted = root === '' ? '/admin/orders?tab=2&view=3' : `/nb/v/admin/orders?tab=2&view=3`;
        // As NocoBase's clients write it themselves: the classic one does not escape it.
        await openSignIn(`?redirect=${root === '' ? wanted : encodeURIComponent(wanted)}`);
        await button().waitFor();
        const titles = (await page.getByRole('link').allInnerTexts()).map((text) => text.trim());
        expect(titles).toEqual(expect.arrayContaining(['DingTalk', 'Branch office', 'Sign in with DingTalk']));
        expect(titles).not.toContain('Switched off');
        expect(await button('Branch office').locator('svg').count()).toBe(1);
        expect(await page.locator('input[type=password]').isVisible()).toBe(true);
        await picture(`sign-in-${client}-en-US`);

        await button('Branch office').focus();
        await page.keyboard.press('Enter');
        await page.waitForURL(`${gateway.url}/**`);
        const { path, query } = gateway.visits[0] ?? {};
        expect(path).toBe('/sso/auth/dingtalk/branch');
        expect(query).toEqual({ redirect: `${root}/admin/orders?tab=2&view=3`, challenge: expect.any(String) });
      },
      PATIENCE,
    );

    it.each([
      ['', 'leads the top window to DingTalk'],
      ['sandbox="allow-scripts allow-same-origin allow-popups"', 'offers a new tab where it may not'],
    ])(
      'in a frame (%s) %s, and never redirects by itself',
      async (attributes) => {
        await addAuthenticator({ options: { public: { autoSignIn: true } } });
        await open();
        const frame = `<iframe ${attributes} src="${nocobase.url}${root}/signin" width="900" height="700"></iframe>`;
        portal = await Portal.showing(`<!doctype html>${frame}`);
        await page.goto(portal.url);
        const framed = page.frameLocator('iframe');
        const link = framed.getByRole('link', { name: 'DingTalk', exact: true });
        await link.waitFor();
        expect(await link.getAttribute('target')).toBe('_top');
        expect(await framed.getByText('Nothing happens?').count()).toBe(0);
        expect(gateway.visits).toEqual([]);
        if (attributes === '') {
          await link.click();
          await page.waitForURL(`${gateway.url}/**`);
        } else {
          await link.click({ noWaitAfter: true });
          const opened = context.waitForEvent('page');
          await framed.getByRole('link', { name: 'Sign in in a new tab' }).click();
          await (await opened).waitForURL(`${gateway.url}/**`);
          await (await opened).close();
          expect(page.url()).toBe(portal.url);
        }
        expect(gateway.visits.map(({ path }) => path)).toEqual(['/sso/auth/dingtalk/dingtalk']);
      },
      PATIENCE,
    );

    it(
      'leads to its own pages if no page was wanted, even without a login form',
      async () => {
        await addAuthenticator();
        await setPasswordForm(false);
        try {
          await open();
          await openSignIn();
          await button().waitFor();
          expect(await page.locator('input[type=password]').count()).toBe(0);
          await button().click();
          await page.waitForURL(`${gateway.url}/**`);
          expect(gateway.visits[0]?.query['redirect']).toMatch(new RegExp(`^${root}/admin/?$`));
        } finally {
          await setPasswordForm(true);
        }
      },
      PATIENCE,
    );

    it(
      'leads into a sub-app from its sign-in page',
      async () => {
        await addAuthenticator({ name: 'of-branch', title: 'Branch' }, 'branch');
        await open();
        const wanted = root === '' ? '/admin/orders' : '/nb/v/apps/branch/admin/orders';
        await page.goto(`${nocobase.url}${root}/apps/branch/signin?redirect=${encodeURIComponent(wanted)}`);
        await button('Branch').click();
        await page.waitForURL(`${gateway.url}/**`);
        const { path, query } = gateway.visits[0] ?? {};
        expect(path).toBe('/sso/auth/dingtalk/of-branch');
        expect(query?.['redirect']).toBe(`${root}/admin/orders`);
      },
      PATIENCE,
    );

    it(
      'explains a failed sign-in, once',
      async () => {
        await addAuthenticator();
        await addAuthenticator({ name: 'another', title: 'Another' });
        await open();
        await openSignIn(`?dingtalk_error=account_conflict&dingtalk_request=${REQUEST_ID}`);
        await alert().waitFor();
        expect(await alert().count()).toBe(1);
        const { title, text } = ERROR_TEXTS.en.account_conflict;
        expect((await alert().innerText()).split('\n').filter(Boolean)).toEqual([
          title,
          text,
          'Error code account_conflict',
          `Request ID ${REQUEST_ID}`,
        ]);
        await picture(`error-${client}-en-US`);
        await page.waitForFunction(`!location.search.includes('dingtalk_')`);
        await page.reload();
        await button().waitFor();
        expect(await alert().count()).toBe(0);
      },
      PATIENCE,
    );

    it(
      "explains it in Chinese, with a different sentence if the address lacks what the gateway's page names",
      async () => {
        await addAuthenticator();
        await open('zh-CN');
        await openSignIn('?dingtalk_error=phone_missing');
        await alert().waitFor();
        expect(await alert().innerText()).toContain(ERROR_TEXTS.zh.phone_missing.title);
        expect(await alert().innerText()).toContain('错误代码 phone_missing');
        expect(await alert().innerText()).toContain('请钉钉管理员开通并发布');
        await picture(`error-${client}-zh-CN`);
      },
      PATIENCE,
    );

    it(
      'shows no text that a third party put into the address',
      async () => {
        await addAuthenticator();
        await open();
        await openSignIn('?dingtalk_error=call_us_at_555&dingtalk_request=call-us-at-555');
        await alert().waitFor();
        expect(await alert().innerText()).toContain(ERROR_TEXTS.en.server_error.title);
        expect(await alert().innerText()).toContain('Error code server_error');
        expect(await page.innerText('body')).not.toContain('555');
      },
      PATIENCE,
    );

    describe('if the administrator wants people to be redirected to DingTalk', () => {
      const AT_ONCE = { options: { public: { autoSignIn: true } } };

      it(
        'redirects, and with ?local=1 it does not',
        async () => {
          await addAuthenticator(AT_ONCE);
          await open();
          await page.goto(`${nocobase.url}${root}/admin`);
          await page.waitForURL(`${gateway.url}/**`);
          expect(gateway.visits).toHaveLength(1);

          await openSignIn('?local=1');
          await stays();
        },
        PATIENCE,
      );

      it(
        'does not redirect with an error, or after a sign-out',
        async () => {
          await addAuthenticator(AT_ONCE);
          await open();
          await openSignIn('?dingtalk_error=access_denied');
          await stays();

          await openAsAdministrator();
          await page.goto(settings());
          await page.hover('[data-testid="user-center-button"]');
          await page.getByText('Sign out', { exact: true }).click();
          await page.waitForURL(`${nocobase.url}${root}/signin**`);
          await stays();

          await button().click();
          await page.waitForURL(`${gateway.url}/**`);
        },
        PATIENCE,
      );

      it(
        'does not redirect in a loop',
        async () => {
          await addAuthenticator(AT_ONCE);
          await open();
          for (let times = 0; times < 3; times++) {
            await openSignIn();
            await page.waitForURL(`${gateway.url}/**`);
          }
          await openSignIn();
          await stays();
        },
        PATIENCE,
      );

      async function stays(): Promise<void> {
        const visits = gateway.visits.length;
        await button().waitFor();
        // A redirect would be a request, and there are no more requests.
        await page.waitForLoadState('networkidle');
        expect(gateway.visits).toHaveLength(visits);
        expect(new URL(page.url()).origin).toBe(new URL(nocobase.url).origin);
      }
    });

    it(
      "continues silently inside DingTalk's client, for the organization that DingTalk names",
      async () => {
        await addAuthenticator({ options: { corpIds: ['dingcorp1', 'dingcorp2'] } });
        await open();
        const session = await context.newCDPSession(page);
        await session.send('Emulation.setUserAgentOverride', { userAgent: DINGTALK });
        await openSignIn('?corpId=dingcorp2');
        await page.waitForURL(`${gateway.url}/**`);
        await session.detach();
        const { path, query } = gateway.visits[0] ?? {};
        expect(path).toBe('/sso/auth/dingtalk/dingtalk/in-app');
        expect(query).toMatchObject({ corpId: 'dingcorp2', challenge: expect.any(String) });
      },
      PATIENCE,
    );
  });
});

function finding(status: string, title: string, detail: string, fix: string | null): object {
  return { authenticator: 'dingtalk', id: title, status, title, detail, fix };
}
