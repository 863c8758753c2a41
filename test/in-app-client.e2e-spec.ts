import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium, PATIENCE } from './support/chromium.js';
import { DingTalkClient, type Platform } from '../sandbox/dingtalk-client/index.js';
import { DEMO_CLIENT_ID, DEMO_CORP_ID, type Sandbox, startSandbox } from '../sandbox/index.js';
import { bundleClient } from './support/client-bundle.js';
import { ClientPage } from './support/client-page.js';
import { eventually } from './support/eventually.js';
import { describeWith } from './support/requirements.js';

const IN_APP = '/auth/dingtalk/main/in-app';
const MESSAGES = {
  asking: 'Asking DingTalk',
  signingIn: 'Signing in',
  loop: 'This went round in circles',
  noAnswer: 'No answer',
  unexpected: 'Not understood',
  blocked: 'Storage is blocked',
};
const STORAGE = {
  storage: 'localStorage',
  token: 'NOCOBASE_TOKEN',
  authenticator: 'NOCOBASE_AUTH',
  role: 'NOCOBASE_ROLE',
  app: 'main',
};
const ELEMENTS = `<p role="status" data-status></p>
<dl data-error hidden><dt>Error</dt><dd data-error-code></dd><dt>Request</dt><dd data-request-id></dd></dl>
<ul data-actions hidden><li><a data-try-again href="${IN_APP}">Try again</a></li></ul>`;

/** DingTalk's own library is in them. */
const WITH_JSAPI = ['in-app.js', 'page-title.js'];

describeWith('chromium', 'A browser script', (executablePath) => {
  let assets: ReadonlyMap<string, string>;
  let browser: Browser;
  let sandbox: Sandbox;
  let gateway: ClientPage;
  let client: DingTalkClient | undefined;
  let plain: BrowserContext | undefined;
  let page: Page;
  /** Every address of the page, and the browser's errors. */
  let addresses: string[];
  let complaints: string[];

  beforeAll(async () => {
    assets = await bundleClient();
    browser = await launchChromium(executablePath);
    sandbox = await startSandbox();
    gateway = await ClientPage.start(assets);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await Promise.all([gateway?.close(), sandbox?.close()]);
  });

  beforeEach(() => {
    sandbox.reset();
    gateway.reset();
    sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(`${gateway.origin}/callback`);
    addresses = [];
    complaints = [];
  });
  afterEach(async () => {
    await Promise.all([client?.close(), plain?.close()]);
    client = undefined;
    plain = undefined;
  });

  function watch(): void {
    page.setDefaultTimeout(PATIENCE / 2);
    page.on('framenavigated', (frame) => addresses.push(frame.url()));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  }

  /** In the DingTalk app. */
  async function inDingTalk(platform: Platform, version?: string): Promise<DingTalkClient> {
    client = await DingTalkClient.open(browser, sandbox, {
      platform,
      person: 'li-lei',
      ...(version === undefined ? {} : { version }),
    });
    page = await client.context.newPage();
    watch();
    return client;
  }

  async function inPlainBrowser(): Promise<void> {
    plain = await browser.newContext();
    page = await plain.newPage();
    watch();
  }

  /** Advances the page's clock only. */
  const passes = (seconds: number): Promise<void> => page.clock.fastForward(seconds * 1000);

  function showInApp(data: Record<string, string> = {}): void {
    gateway.show(
      IN_APP,
      'in-app.js',
      'in-app',
      {
        state: 'the-state',
        'corp-id': DEMO_CORP_ID,
        'client-id': DEMO_CLIENT_ID,
        post: `${gateway.origin}${IN_APP}/post`,
        browser: `${gateway.origin}/browser?redirect=%2Fadmin`,
        messages: JSON.stringify(MESSAGES),
        ...data,
      },
      ELEMENTS,
    );
  }

  function answer(status: number, body: object | string): void {
    gateway.replies.set(`${IN_APP}/post`, {
      status,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  const withStorage = (): Record<string, string> => ({
    storage: JSON.stringify({ ...STORAGE, signOutUrl: `${gateway.origin}/api/auth:signOut` }),
  });
  const open = (): Promise<unknown> => page.goto(`${gateway.origin}${IN_APP}`, { waitUntil: 'commit' });
  const arrive = (path: string): Promise<void> =>
    page.waitForURL((url) => url.pathname === path, { waitUntil: 'commit' });
  const status = (text: string): Promise<void> => page.getByRole('status').getByText(text, { exact: true }).waitFor();
  const actions = (): Promise<boolean> => page.isVisible('[data-actions]');
  const posts = (): { code: string; state: string }[] =>
    gateway.posted(`${IN_APP}/post`).map(({ body }) => JSON.parse(body) as { code: string; state: string });

  describe('that signs in silently', () => {
    beforeEach(() => {
      showInApp();
      answer(200, { location: `${gateway.origin}/landing` });
    });

    it.each<Platform>(['ios', 'android', 'pc'])(
      "shows its title in the bar of DingTalk's client (%s), and another if it ends without a sign-in",
      async (platform) => {
        showInApp({ 'stopped-title': 'Not signed in' });
        answer(403, { error: 'access_denied', message: 'No.', requestId: 'r-1' });
        const { native } = await inDingTalk(platform);
        await open();
        await status('No.');
        await eventually(() => expect(native.titles).toEqual(['in-app', 'Not signed in']));
        expect(await page.title()).toBe('Not signed in');
      },
      PATIENCE,
    );

    it.each<Platform>(['ios', 'android', 'pc'])(
      'asks DingTalk (%s), posts the code once, and leaves no trace in the history',
      async (platform) => {
        const { native } = await inDingTalk(platform);
        await open();
        await arrive('/landing');

        expect(native.calls).toEqual(['requestAuthCode']);
        expect(posts()).toEqual([{ code: native.codes[0], state: 'the-state' }]);
        const [request] = gateway.posted(`${IN_APP}/post`);
        expect(request?.headers).toMatchObject({
          'content-type': 'application/json',
          accept: 'application/json',
          origin: gateway.origin,
          'sec-fetch-site': 'same-origin',
        });
        // The new tab's blank page, and the page that the person sees.
        expect(await page.evaluate('history.length')).toBe(2);
        expect(addresses.filter((address) => address.includes(String(native.codes[0])))).toEqual([]);
        expect(complaints).toEqual([]);
      },
      PATIENCE,
    );

    it(
      'shows its progress',
      async () => {
        gateway.replies.set(`${IN_APP}/post`, 'hold');
        const { native } = await inDingTalk('android');
        native.behaviour.requestAuthCode = 'silent';
        await page.clock.install();
        await open();
        await status(MESSAGES.asking);
        await expectSoon(() => native.calls.length === 1);
        await passes(5);
        await status(MESSAGES.signingIn);
        expect(await actions()).toBe(false);
      },
      PATIENCE,
    );

    it.each<[Platform, string]>([
      ['ios', '7.0.40'],
      ['android', '6.5.20'],
      ['pc', '7.0.45'],
    ])(
      'uses the older call if the client (%s %s) does not support the newer one',
      async (platform, version) => {
        const { native } = await inDingTalk(platform, version);
        await open();
        await arrive('/landing');
        expect(native.calls).toEqual(['runtime.permission.requestAuthCode']);
        expect(posts()).toEqual([{ code: native.codes[0], state: 'the-state' }]);
      },
      PATIENCE,
    );

    it.each(['refuses', 'silent'] as const)(
      'uses the older call if the newer one %s',
      async (behaviour) => {
        const { native } = await inDingTalk('ios');
        native.behaviour.requestAuthCode = behaviour;
        await page.clock.install();
        await open();
        await expectSoon(() => native.calls.length >= 1);
        if (behaviour === 'silent') await passes(5);
        await arrive('/landing');
        expect(native.calls).toEqual(['requestAuthCode', 'runtime.permission.requestAuthCode']);
        expect(posts()).toHaveLength(1);
      },
      PATIENCE,
    );

    it(
      'continues in the browser if DingTalk never answers',
      async () => {
        const { native } = await inDingTalk('pc');
        refuse(native.behaviour, 'silent');
        await page.clock.install();
        await open();
        for (const calls of [1, 2]) {
          await expectSoon(() => native.calls.length === calls);
          await passes(5);
        }
        await arrive('/browser');
        expect(posts()).toEqual([]);
      },
      PATIENCE,
    );

    it.each<[string, (opened: DingTalkClient) => void]>([
      ['refuses', ({ native }) => refuse(native.behaviour, 'refuses')],
      ['knows another domain', () => sandbox.world.app(DEMO_CLIENT_ID).redirectUris.splice(0)],
      ['has somebody of another organization signed in', (opened) => opened.switchAccount('han-meimei', 'dingcorp2')],
    ])(
      'continues in the browser if DingTalk %s',
      async (_case, prepare) => {
        prepare(await inDingTalk('pc'));
        await open();
        await arrive('/browser');
        expect(page.url()).toBe(`${gateway.origin}/browser?redirect=%2Fadmin`);
        expect(posts()).toEqual([]);
        expect(await page.evaluate('history.length')).toBe(2);
      },
      PATIENCE,
    );

    it(
      'continues in the browser if the client is older than both calls',
      async () => {
        const { native } = await inDingTalk('android', '2.3.0');
        await open();
        await arrive('/browser');
        expect(native.codes).toEqual([]);
      },
      PATIENCE,
    );

    it(
      'continues in the browser immediately outside DingTalk',
      async () => {
        await inPlainBrowser();
        // From here on, no timer of the page fires.
        await page.clock.install({ time: 0 });
        await page.clock.pauseAt(1000);
        await open();
        await arrive('/browser');
        expect(posts()).toEqual([]);
      },
      PATIENCE,
    );

    it(
      'accepts a late answer of the newer call, and posts nothing twice',
      async () => {
        const { native } = await inDingTalk('android');
        let [answerNewer, answerOlder] = [(): void => {}, (): void => {}];
        native.behaviour.requestAuthCode = { after: new Promise<void>((resolve) => (answerNewer = resolve)) };
        native.behaviour['runtime.permission.requestAuthCode'] = {
          after: new Promise<void>((resolve) => (answerOlder = resolve)),
        };
        // The page stays while both codes arrive.
        gateway.replies.set(`${IN_APP}/post`, 'hold');
        await page.clock.install();
        await open();
        await expectSoon(() => native.calls.length === 1);
        await passes(5);
        await expectSoon(() => native.calls.length === 2);
        answerNewer();
        await expectSoon(() => posts().length === 1);
        answerOlder();
        await expectSoon(() => native.codes.length === 2);
        expect(posts()).toEqual([{ code: native.codes[0], state: 'the-state' }]);
      },
      PATIENCE,
    );

    it(
      'stops after three times within a minute, until the button is pressed or the minute is over',
      async () => {
        const { native } = await inDingTalk('ios');
        for (let time = 0; time < 3; time += 1) {
          await open();
          await arrive('/landing');
        }
        await open();
        await status(MESSAGES.loop);
        expect(await actions()).toBe(true);
        expect(native.calls).toHaveLength(3);

        await page.click('[data-try-again]');
        await arrive('/landing');
        expect(native.calls).toHaveLength(4);

        const key = 'gateway:silent-sign-ins';
        const counted = async (agoMs: number): Promise<unknown> =>
          page.evaluate(`sessionStorage.setItem('${key}', JSON.stringify([1, 2, 3].map(() => Date.now() - ${agoMs})))`);
        await counted(50_000);
        await open();
        await status(MESSAGES.loop);
        await counted(61_000);
        await open();
        await arrive('/landing');
      },
      PATIENCE,
    );

    it(
      'shows an error of the gateway as text, with its code and request id',
      async () => {
        await inDingTalk('android');
        const message = 'No account. <img src=x onerror=alert(1)>';
        answer(403, { error: 'user_not_registered', message, requestId: 'request-1' });
        await open();
        await status(message);
        expect(await page.textContent('[data-error-code]')).toBe('user_not_registered');
        expect(await page.textContent('[data-request-id]')).toBe('request-1');
        expect(await page.isVisible('[data-error]')).toBe(true);
        expect(await actions()).toBe(true);
      },
      PATIENCE,
    );

    it.each<[string, number, object | string]>([
      ['an error in other words', 502, '<html>Bad gateway</html>'],
      ['no JSON', 200, '<html></html>'],
      ['nothing', 200, ''],
      ['a list', 200, []],
      ['no location', 200, { token: 'a.b.c', authenticator: 'dingtalk' }],
      ['a script', 200, { location: 'javascript:document.title="run"' }],
      ['an address of another kind', 200, { location: 'ftp://127.0.0.1/' }],
      [
        'a token where there is no place for one',
        200,
        { token: 't', authenticator: 'a', location: 'http://127.0.0.1/' },
      ],
    ])(
      'does nothing with an answer that is %s',
      async (_case, code, body) => {
        await inDingTalk('pc');
        answer(code, body);
        await open();
        await status(MESSAGES.unexpected);
        expect(await actions()).toBe(true);
        expect(new URL(page.url()).pathname).toBe(IN_APP);
        expect(await page.evaluate('document.title')).toBe('in-app');
        expect(await page.evaluate('localStorage.length')).toBe(0);
      },
      PATIENCE,
    );

    it.each(['drop', 'hold'] as const)(
      'reports that the gateway does not answer (%s)',
      async (reply) => {
        await inDingTalk('android');
        gateway.replies.set(`${IN_APP}/post`, reply);
        await page.clock.install();
        await open();
        await expectSoon(() => posts().length === 1);
        if (reply === 'hold') await passes(20);
        await status(MESSAGES.noAnswer);
        expect(await actions()).toBe(true);
        expect(posts()).toHaveLength(1);
      },
      PATIENCE,
    );
  });

  describe('that leaves the session in the storage', () => {
    const token = (userId: number): string =>
      ['{}', JSON.stringify({ userId }), 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.');

    beforeEach(() => {
      showInApp(withStorage());
      answer(200, { token: token(1), authenticator: 'dingtalk', location: `${gateway.origin}/landing` });
    });

    async function leftBehind(values: Record<string, string>): Promise<void> {
      await page.goto(`${gateway.origin}/empty`);
      for (const [key, value] of Object.entries(values)) {
        await page.evaluate(`localStorage.setItem('${key}', '${value}')`);
      }
    }
    const stored = (): Promise<unknown> => page.evaluate('Object.fromEntries(Object.entries(localStorage))');

    it(
      'writes token and authenticator, and no address ever contains them',
      async () => {
        await inDingTalk('android');
        await open();
        await arrive('/landing');
        expect(await stored()).toEqual({ NOCOBASE_TOKEN: token(1), NOCOBASE_AUTH: 'dingtalk' });
        expect(gateway.posted('/api/auth:signOut')).toEqual([]);
        expect(addresses.filter((address) => address.includes(token(1)))).toEqual([]);
        expect(complaints).toEqual([]);
      },
      PATIENCE,
    );

    it(
      "ends another person's session, and forgets their role",
      async () => {
        await inDingTalk('ios');
        await leftBehind({ NOCOBASE_TOKEN: token(2), NOCOBASE_AUTH: 'basic', NOCOBASE_ROLE: 'admin' });
        await open();
        await arrive('/landing');
        expect(await stored()).toEqual({ NOCOBASE_TOKEN: token(1), NOCOBASE_AUTH: 'dingtalk' });
        const [signOut, ...more] = gateway.posted('/api/auth:signOut');
        expect(signOut?.headers).toMatchObject({ authorization: `Bearer ${token(2)}` });
        expect(signOut?.headers).not.toHaveProperty('x-app');
        expect(more).toEqual([]);
      },
      PATIENCE,
    );

    it(
      'names the NocoBase application if it is not the main one',
      async () => {
        const keys = { ...STORAGE, app: 'a_sub', signOutUrl: `${gateway.origin}/api/auth:signOut` };
        showInApp({ storage: JSON.stringify(keys) });
        await inDingTalk('ios');
        await leftBehind({ NOCOBASE_TOKEN: 'not a token' });
        await open();
        await arrive('/landing');
        expect(gateway.posted('/api/auth:signOut')[0]?.headers).toMatchObject({ 'x-app': 'a_sub' });
      },
      PATIENCE,
    );

    it(
      'keeps the session of the same person',
      async () => {
        await inDingTalk('pc');
        await leftBehind({ NOCOBASE_TOKEN: token(1).replace(/x?$/, 'y') });
        await open();
        await arrive('/landing');
        expect(gateway.posted('/api/auth:signOut')).toEqual([]);
      },
      PATIENCE,
    );

    it.each(['hold', 'drop'] as const)(
      'continues if NocoBase does not end the other session (%s)',
      async (reply) => {
        gateway.replies.set('/api/auth:signOut', reply);
        await inDingTalk('pc');
        await leftBehind({ NOCOBASE_TOKEN: token(2) });
        await page.clock.install();
        await open();
        await expectSoon(() => gateway.posted('/api/auth:signOut').length === 1);
        if (reply === 'hold') await passes(2);
        await arrive('/landing');
        expect(await stored()).toMatchObject({ NOCOBASE_TOKEN: token(1) });
      },
      PATIENCE,
    );

    it(
      'reports that NocoBase stores nothing in browsers, and stores nothing there',
      async () => {
        const keys = { ...STORAGE, storage: 'memory', signOutUrl: `${gateway.origin}/api/auth:signOut` };
        showInApp({ storage: JSON.stringify(keys) });
        await inDingTalk('ios');
        await open();
        await status(MESSAGES.blocked);
        expect(await page.evaluate('localStorage.length')).toBe(0);
        expect(await page.evaluate('sessionStorage.getItem("NOCOBASE_TOKEN")')).toBeNull();
      },
      PATIENCE,
    );

    it(
      'reports that the browser blocks its storage',
      async () => {
        await inDingTalk('ios');
        await page.addInitScript(BLOCKED_STORAGE);
        await open();
        await status(MESSAGES.blocked);
        expect(await actions()).toBe(true);
        expect(new URL(page.url()).pathname).toBe(IN_APP);
      },
      PATIENCE,
    );
  });

  describe('at the front door', () => {
    beforeEach(() => {
      showInApp();
      answer(200, { location: `${gateway.origin}/landing` });
      gateway.show('/', 'front-door.js', 'front-door', { 'in-app': `${gateway.origin}${IN_APP}` });
    });
    const knock = (): Promise<unknown> => page.goto(`${gateway.origin}/`);
    const staysOutside = async (): Promise<void> => {
      // The script ran: its file is the page's last request, and the page is loaded.
      await page.waitForLoadState('load');
      expect(gateway.requests.map(({ path }) => path)).toContain('/assets/front-door.js');
      expect(gateway.requests.map(({ path }) => path)).not.toContain(IN_APP);
      expect(new URL(page.url()).pathname).toBe('/');
    };

    it.each<Platform>(['ios', 'android', 'pc'])(
      'shows the title of other pages in the bar of the client (%s)',
      async (platform) => {
        gateway.show('/signed-out', 'page-title.js', 'Sign in', {});
        const { native } = await inDingTalk(platform);
        await page.goto(`${gateway.origin}/signed-out`);
        await eventually(() => expect(native.titles).toEqual(['Sign in']));
        expect(complaints).toEqual([]);
      },
      PATIENCE,
    );

    it.each<Platform>(['ios', 'android', 'pc'])(
      'signs in if DingTalk opened the page (%s)',
      async (platform) => {
        const { native } = await inDingTalk(platform);
        await page.goto(`${gateway.origin}/`, { waitUntil: 'commit' });
        await arrive('/landing');
        expect(native.codes).toHaveLength(1);
        expect(await page.evaluate('history.length')).toBe(2);
        expect(complaints).toEqual([]);
      },
      PATIENCE,
    );

    it(
      'leaves a page with buttons in any other browser',
      async () => {
        await inPlainBrowser();
        await knock();
        await staysOutside();
      },
      PATIENCE,
    );

    it(
      'leaves a page with buttons if loops cannot be counted',
      async () => {
        await inDingTalk('ios');
        await page.addInitScript(BLOCKED_STORAGE);
        await knock();
        await staysOutside();
      },
      PATIENCE,
    );

    it(
      'does not loop with a NocoBase that sends everyone back',
      async () => {
        const { native } = await inDingTalk('android');
        answer(200, { location: `${gateway.origin}/` });
        await page.goto(`${gateway.origin}/`, { waitUntil: 'commit' });
        await expectSoon(() => native.calls.length === 3);
        await expectSoon(() => gateway.requests.filter(({ path }) => path === '/').length === 4);
        // A requested page is not yet shown: another navigation would abort this one.
        await page.waitForURL(`${gateway.origin}/`, { waitUntil: 'load' });
        expect(posts()).toHaveLength(3);
        gateway.requests.length = 0;
        await knock();
        await staysOutside();
      },
      PATIENCE,
    );
  });

  describe('that signs in by scanning', () => {
    const params = (): Record<string, string> => ({
      redirect_uri: `${gateway.origin}/callback`,
      client_id: DEMO_CLIENT_ID,
      scope: 'openid',
      state: 'the-state',
      prompt: 'consent',
      response_type: 'code',
    });

    function showWidget(script = `${sandbox.url}/ddlogin.js`, loginOrigin = sandbox.url): void {
      gateway.sources = sandbox.url;
      gateway.show('/', 'scan-widget.js', 'scan', {
        script,
        'login-origin': loginOrigin,
        params: JSON.stringify(params()),
      });
    }
    const openWidget = async (): Promise<void> => {
      await inPlainBrowser();
      await page.goto(`${gateway.origin}/`, { waitUntil: 'commit' });
    };
    const hidden = (): Promise<unknown> => page.locator('#scan[hidden]').waitFor({ state: 'attached' });
    const callbacks = (): unknown[] => gateway.requests.filter(({ path }) => path === '/callback');

    it.each([1, 3])(
      'goes to the callback once, although the frame reports %d times',
      async (messages) => {
        sandbox.world.widgetMessages = messages;
        showWidget();
        await openWidget();
        await page.frameLocator('#scan iframe').locator('[data-person="li-lei"]').click();
        await arrive('/callback');
        const { searchParams } = new URL(page.url());
        expect(searchParams.get('state')).toBe('the-state');
        expect(searchParams.get('authCode')).toMatch(/^[0-9a-f]{32}$/);
        expect(callbacks()).toHaveLength(1);
        expect(complaints).toEqual([]);
      },
      PATIENCE,
    );

    it.each([
      ['an outsider', '[data-person="zhou-tao"]'],
      ['somebody who declines', '[data-deny]'],
    ])(
      'hides the code for %s',
      async (_who, choice) => {
        showWidget();
        await openWidget();
        await page.frameLocator('#scan iframe').locator(choice).click();
        await hidden();
        expect(callbacks()).toEqual([]);
      },
      PATIENCE,
    );

    it.each([
      ['is missing', { status: 404, body: {} }],
      ['is another one', { status: 200, body: 'window.other = 1;', contentType: 'text/javascript' }],
      ['takes too long', { delayMs: 30_000 }],
    ])(
      'hides the code if DingTalk’s script %s',
      async (_case, failure) => {
        sandbox.failures.set('widgetScript', failure);
        showWidget();
        await inPlainBrowser();
        await page.clock.install();
        const asked = page.waitForRequest(/ddlogin\.js/);
        await page.goto(`${gateway.origin}/`, { waitUntil: 'commit' });
        await asked;
        if ('delayMs' in failure) await passes(8);
        await hidden();
        expect(await page.locator('#scan iframe').count()).toBe(0);
      },
      PATIENCE,
    );

    it(
      'goes only to the callback of this sign-in, and only when DingTalk reports it',
      async () => {
        // A script that reports whatever the test wants.
        sandbox.failures.set('widgetScript', {
          status: 200,
          contentType: 'text/javascript',
          body: 'window.DTFrameLogin = (frame, params, ok, fail) => { Object.assign(window, { ok, fail, frameParams: params }); };',
        });
        showWidget(undefined, gateway.origin);
        await openWidget();
        await expectSoon(() => page.evaluate<boolean>('window.ok !== undefined'));
        expect(await page.evaluate('frameParams.redirect_uri')).toBe(encodeURIComponent(`${gateway.origin}/callback`));
        const tell = async (redirectUrl: unknown): Promise<void> => {
          await page.evaluate(`ok({ redirectUrl: ${JSON.stringify(redirectUrl)} })`);
          await page.evaluate('new Promise((resolve) => setTimeout(resolve))');
          expect(new URL(page.url()).pathname).toBe('/');
        };
        const right = `${gateway.origin}/callback?authCode=x&state=the-state`;

        // No message has been sent yet.
        await tell(right);
        await page.evaluate('new Promise((heard) => { addEventListener("message", heard); postMessage("", "*"); })');
        for (const wrong of [
          `${gateway.origin}/callback?authCode=x&state=other`,
          `${gateway.origin}/callback?authCode=x`,
          `${right}&state=other`,
          `${gateway.origin}/callback/more?authCode=x&state=the-state`,
          `${sandbox.url}/callback?authCode=x&state=the-state`,
          'javascript:document.title="run"',
          null,
        ]) {
          await tell(wrong);
        }
        // A message of the frame that is neither success nor failure.
        await page.evaluate('fail(undefined)');
        expect(await page.evaluate(`document.getElementById('scan').hidden`)).toBe(false);
        expect(callbacks()).toEqual([]);

        await page.evaluate(`ok({ redirectUrl: ${JSON.stringify(right)} })`);
        await arrive('/callback');
      },
      PATIENCE,
    );
  });

  it('is small, evaluates no text, and names no other address', () => {
    for (const [name, code] of assets) {
      expect(code.length).toBeLessThan(WITH_JSAPI.includes(name) ? 90_000 : 3000);
      expect(code).not.toMatch(/\beval\b|\bnew Function\b|[^.\w]Function\(/);
      expect(code).not.toMatch(
        /https?:\/\/|innerHTML|insertAdjacentHTML|document\.write|createElement\("img"|sendBeacon/,
      );
    }
  });
});

const BLOCKED_STORAGE = `for (const name of ['localStorage', 'sessionStorage']) {
  Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError'); } });
}`;

function refuse(behaviour: DingTalkClient['native']['behaviour'], how: 'refuses' | 'silent'): void {
  behaviour.requestAuthCode = how;
  behaviour['runtime.permission.requestAuthCode'] = how;
}

/** Waits for a condition; fails after the test's timeout. */
async function expectSoon(condition: () => boolean | Promise<boolean>): Promise<void> {
  const until = Date.now() + PATIENCE / 2;
  while (!(await condition())) {
    if (Date.now() > until) throw new Error('that did not happen');
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}
