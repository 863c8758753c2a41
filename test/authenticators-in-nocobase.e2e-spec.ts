import { setTimeout as delay } from 'node:timers/promises';
import { decodeProtectedHeader } from 'jose';
import { type Sandbox, startSandbox } from '../sandbox/index.js';
import { version } from '../src/config/index.js';
import { deriveSigningKey } from '../src/plugin-client/signing/signing-key.js';
import { Browser } from './support/browser.js';
import { freePort } from './support/free-port.js';
import { type RunningGateway, startGateway } from './support/gateway.js';
import { filledIn, PluginDouble } from './support/plugin-double.js';

const CHALLENGE = 'c'.repeat(43);
/** For steps that are slow on a busy machine; longer than the gateway waits between two requests. */
const PATIENCE_MS = 30_000;

jest.setTimeout(90_000);

describe('AUTHENTICATORS_SOURCE=nocobase', () => {
  let sandbox: Sandbox;
  let nocobase: PluginDouble;
  let gateway: RunningGateway;
  let url: string;
  let port: number;

  beforeAll(async () => {
    sandbox = await startSandbox();
  });

  beforeEach(async () => {
    nocobase = await PluginDouble.start();
    port = await freePort();
    url = `http://127.0.0.1:${port}`;
  });

  afterEach(async () => {
    await gateway?.close();
    await nocobase.goAway().catch(() => undefined);
  });

  afterAll(async () => sandbox?.close());

  async function start(environment: Record<string, string> = {}): Promise<void> {
    gateway = await startGateway(
      {
        AUTHENTICATORS_SOURCE: 'nocobase',
        NOCOBASE_URL: nocobase.url,
        DINGTALK_LOGIN_URL: sandbox.loginUrl,
        DINGTALK_API_URL: sandbox.apiUrl,
        DINGTALK_OAPI_URL: sandbox.oapiUrl,
        NOCOBASE_TIMEOUT_MS: '1500',
        ...environment,
      },
      { port },
    );
  }

  async function until<T>(look: () => Promise<T> | T, isSo: (seen: T) => boolean): Promise<T> {
    let seen = await look();
    for (let waited = 0; waited < PATIENCE_MS && !isSo(seen); waited += 25) {
      await delay(25);
      seen = await look();
    }
    expect([isSo(seen), seen]).toEqual([true, seen]);
    return seen;
  }

  const begin = async (name = '/dingtalk') =>
    new Browser().get(`${url}/auth/dingtalk${name}?challenge=${CHALLENGE}&redirect=/admin/x`);
  const clientIdAsked = async (name?: string): Promise<string | undefined> => {
    const answer = await begin(name);
    return answer.status === 302 ? (new URL(answer.location).searchParams.get('client_id') ?? undefined) : undefined;
  };
  const inForce = () => until(clientIdAsked, (clientId) => clientId !== undefined);
  const page = async (): Promise<string> => (await new Browser().get(`${url}/`)).text;
  const told = (event: string) => gateway.log.filter((line) => line['event'] === event);
  const settingsAsked = () => nocobase.asked.filter((action) => action === 'dingtalk:settings').length;
  const asksAgain = async (): Promise<void> => {
    const before = settingsAsked();
    process.emit('SIGHUP');
    await until(settingsAsked, (count) => count > before);
  };
  /** One request at a time: when the second one arrives, the answer to the first one is in force. */
  const refresh = async (): Promise<void> => {
    await asksAgain();
    await asksAgain();
  };

  async function ready() {
    const response = await fetch(`${url}/health/ready`);
    const body = (await response.json()) as { details: Record<string, { reason?: string; setting?: string }> };
    return { status: response.status, authenticators: body.details['authenticators'] };
  }

  it("uses NocoBase's settings, with a signature of its own and no credential of NocoBase", async () => {
    nocobase.gateways.set(url, [filledIn({ title: 'Headquarters' })]);
    await start();
    await inForce();
    expect(await clientIdAsked('')).toBe(filledIn().clientId);
    expect(await page()).toContain('Sign in with Headquarters');
    expect(await ready()).toEqual({ status: 200, authenticators: undefined });
    expect(told('authenticators_reloaded')).toEqual([expect.objectContaining({ changed: ['dingtalk'] })]);
    // Each assertion is different, and none of them is in the log.
    expect(new Set(nocobase.assertions).size).toBe(nocobase.assertions.length);
    for (const secret of [filledIn().clientSecret, ...nocobase.assertions]) {
      expect(JSON.stringify(gateway.log)).not.toContain(secret);
    }
  });

  it("logs the plugin's version: once, as a warning if it differs, and again after an update", async () => {
    nocobase.gateways.set(url, [filledIn()]);
    nocobase.version = '0.0.1';
    await start();
    await inForce();
    await refresh();
    const older = { level: 40, plugin: '0.0.1', gateway: version(), gap: 'plugin_older' };
    expect(told('plugin_version')).toEqual([expect.objectContaining(older)]);
    nocobase.version = version();
    await refresh();
    await refresh();
    expect(told('plugin_version').slice(1)).toEqual([
      expect.objectContaining({ level: 30, plugin: version(), gateway: version() }),
    ]);
  });

  it('applies a change within seconds, and leaves the rest alone', async () => {
    nocobase.gateways.set(url, [filledIn(), filledIn({ name: 'branch', clientId: 'dingbranch' })]);
    await start();
    await inForce();
    nocobase.gateways.set(url, [filledIn(), filledIn({ name: 'branch', clientId: 'dingother' })]);
    await until(
      async () => clientIdAsked('/branch'),
      (clientId) => clientId === 'dingother',
    );
    expect(told('authenticators_reloaded').at(-1)).toMatchObject({
      changed: ['branch'],
      inForce: ['dingtalk', 'branch'],
    });
  });

  it('follows a rotated secret, and an authenticator that is added, disabled or removed', async () => {
    nocobase.gateways.set(url, [filledIn()]);
    await start();
    await inForce();

    nocobase.gateways.set(url, [filledIn({ clientSecret: 'rotated-not-real' })]);
    await refresh();
    expect(told('authenticators_reloaded').at(-1)).toMatchObject({ changed: ['dingtalk'] });

    nocobase.gateways.set(url, [filledIn(), filledIn({ name: 'branch' })]);
    await refresh();
    expect(await clientIdAsked('/branch')).toBeDefined();
    const metrics = async (): Promise<string> => (await fetch(`${url}/metrics`)).text();
    expect(await metrics()).toContain('gateway_sign_ins_started_total{authenticator="branch"}');
    expect(await metrics()).toContain('gateway_authenticators 2');

    nocobase.gateways.set(url, [filledIn({ enabled: false }), filledIn({ name: 'branch' })]);
    await refresh();
    expect((await begin()).errorCode).toBe('not_found');
    // The remaining one is the default.
    expect(await clientIdAsked('')).toBeDefined();

    nocobase.gateways.set(url, [filledIn()]);
    await refresh();
    expect((await begin('/branch')).errorCode).toBe('not_found');
    expect(await metrics()).not.toContain('authenticator="branch"');
    expect(await metrics()).toContain('gateway_authenticators 1');
    expect(told('authenticators_reloaded').at(-1)).toMatchObject({ removed: ['branch'], inForce: ['dingtalk'] });
  });

  it('starts while NocoBase is down, reports it, and works as soon as NocoBase is up', async () => {
    nocobase.gateways.set(url, [filledIn()]);
    await nocobase.goAway();
    await start();
    await until(page, (text) => text.includes('NocoBase cannot be reached right now'));
    expect(await ready()).toEqual({
      status: 503,
      authenticators: { status: 'down', reason: 'temporarily_unavailable', trouble: 'unreachable' },
    });
    expect([(await begin()).status, (await begin()).errorCode]).toEqual([503, 'temporarily_unavailable']);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);

    await nocobase.comeBack();
    await until(clientIdAsked, (clientId) => clientId !== undefined);
    expect((await ready()).status).toBe(200);
  });

  it('keeps its last settings if NocoBase goes down later', async () => {
    nocobase.gateways.set(url, [filledIn()]);
    await start();
    await inForce();
    await nocobase.goAway();
    process.emit('SIGHUP');
    await until(
      () => told('authenticators_unavailable'),
      (lines) => lines.length > 0,
    );
    expect(told('authenticators_unavailable')).toEqual([
      expect.objectContaining({ reason: 'unreachable', inForce: ['dingtalk'] }),
    ]);
    expect(await clientIdAsked()).toBeDefined();
    expect((await ready()).authenticators).toMatchObject({ status: 'down', reason: 'temporarily_unavailable' });
    await nocobase.comeBack();
  });

  it.each([
    ['no JSON', { body: '<html>' }, 'unusable_answer'],
    ['another shape', { body: '{"data":{"authenticators":"CANARY"}}' }, 'unusable_answer'],
    ['an error of its own', { status: 500, body: '{}' }, 'unusable_answer'],
    ['a proxy that finds nobody', { status: 502, body: '{}' }, 'unreachable'],
    ['nothing in time', { delayMs: 2000 }, 'unreachable'],
    ['a NocoBase whose plugin was switched off', { status: 404, body: '{}' }, 'plugin_missing'],
    ['a stranger to the plugin', { status: 401, body: '{"errors":[{"code":"EMPTY_TOKEN"}]}' }, 'plugin_missing'],
    [
      'settings for another gateway',
      {
        body: JSON.stringify({
          data: {
            version: '1.0.0',
            gatewayUrl: 'https://other.example.com',
            authenticators: [filledIn({ name: 'stolen', clientSecret: 'CANARY' })],
          },
        }),
      },
      'unusable_answer',
    ],
  ])('keeps the last valid copy if the answer is %s', async (_what, spoiled, reason) => {
    nocobase.gateways.set(url, [filledIn()]);
    await start();
    await inForce();
    nocobase.spoiled = spoiled;
    process.emit('SIGHUP');
    await until(
      () => told('authenticators_unavailable').at(-1),
      (line) => line !== undefined,
    );
    expect(told('authenticators_unavailable').at(-1)).toMatchObject({ reason, inForce: ['dingtalk'] });
    expect(await clientIdAsked()).toBeDefined();
    expect((await begin('/stolen')).errorCode).toBe('not_found');
    expect(JSON.stringify(gateway.log)).not.toContain('CANARY');

    nocobase.spoiled = undefined;
    await refresh();
    expect(told('authenticators_available')).toHaveLength(1);
  });

  it('sends one request at a time, and one more for any number of signals that arrived meanwhile', async () => {
    nocobase.gateways.set(url, [filledIn()]);
    nocobase.spoiled = { delayMs: 1000 };
    await start({ NOCOBASE_TIMEOUT_MS: '20000' });
    // The answer in progress does not contain this.
    await until(
      () => nocobase.assertions.length,
      (count) => count === 1,
    );
    nocobase.gateways.set(url, [filledIn(), filledIn({ name: 'branch' })]);
    for (let i = 0; i < 20; i += 1) process.emit('SIGHUP');
    expect(settingsAsked()).toBe(1);
    await until(
      async () => clientIdAsked('/branch'),
      (clientId) => clientId !== undefined,
    );
    expect(settingsAsked()).toBe(2);
  });

  it('forgets everything as soon as NocoBase says that no authenticator belongs to this gateway', async () => {
    nocobase.gateways.set(url, [filledIn()]);
    await start();
    await inForce();
    nocobase.gateways.clear();
    await refresh();
    expect(await begin()).toMatchObject({ status: 500, errorCode: 'misconfigured' });
    // In service: otherwise a proxy would cut NocoBase off from the keys, and people from the page.
    expect(await ready()).toEqual({
      status: 200,
      authenticators: {
        status: 'down',
        reason: 'misconfigured',
        trouble: 'gateway_unknown',
        setting: 'NocoBase, Authentication, DingTalk: Gateway address',
      },
    });
  });

  it.each([
    ['en', 'DingTalk is not set up in NocoBase for this gateway', 'Gateway address'],
    ['zh-CN', 'NocoBase 尚未为此网关设置钉钉登录', '网关地址'],
  ])('shows the administrator on its page what to enter in NocoBase (%s)', async (language, notice, term) => {
    await start();
    const look = async () => (await new Browser(language).get(`${url}/`)).text;
    const text = await until(look, (seen) => seen.includes(notice));
    expect(text).toContain(`<dt>${term}</dt><dd>${url}</dd>`);
    expect(text).toContain(`href="${nocobase.url}/signin"`);
    expect(text).not.toContain(`${url}/auth/dingtalk"`);
    // Once, so that the log does not fill up every five seconds.
    await refresh();
    await refresh();
    expect(told('authenticators_unavailable')).toHaveLength(1);
  });

  it('refuses an entry that cannot be used alone, with one line per problem and no values', async () => {
    nocobase.gateways.set(url, [
      filledIn(),
      filledIn({ name: 'no-secret', clientSecret: '' }),
      filledIn({ name: 'open', corpIds: [], autoSignUp: true }),
      // An empty value must not remove a restriction.
      filledIn({ name: 'blank', corpIds: ['  '] }),
      filledIn({ name: 'two-in-one', corpIds: ['dingcorp1,CANARY'] }),
      filledIn({ name: 'fields', fields: ['CANARY'] }),
      filledIn({ clientId: 'CANARY' }),
    ]);
    await start();
    await inForce();
    const problems = told('authenticators_refused').map((line) => (line['problems'] as string[]).join());
    expect(problems).toEqual([
      expect.stringMatching(/^NocoBase, authenticator no-secret: dingtalk\.clientSecret is required/),
      expect.stringMatching(/^NocoBase, authenticator open: dingtalk\.allowAnyOrganization must be true/),
      expect.stringMatching(/^NocoBase, authenticator blank: dingtalk\.corpId/),
      expect.stringMatching(/^NocoBase, authenticator two-in-one: dingtalk\.corpId/),
      expect.stringMatching(/^NocoBase, authenticator fields: dingtalk\.fields/),
      'NocoBase names the authenticator dingtalk twice',
    ]);
    expect(told('authenticators_reloaded').at(-1)).toMatchObject({ inForce: ['dingtalk'] });
    for (const name of ['no-secret', 'open', 'blank', 'two-in-one', 'fields']) {
      expect((await begin(`/${name}`)).errorCode).toBe('not_found');
    }
    expect(JSON.stringify(gateway.log)).not.toContain('CANARY');
  });

  it("accepts the form's settings from no other source", async () => {
    nocobase.gateways.set(url, [filledIn({ corpIds: [] })]);
    await start({
      DINGTALK_CLIENT_ID: 'from-the-environment',
      DINGTALK_CLIENT_SECRET_FILE: '/nowhere',
      DINGTALK_CORP_ID: 'dingcorp9',
    });
    expect(await inForce()).toBe(filledIn().clientId);
    // With an organization there would be a silent sign-in.
    const inApp = await new Browser().get(`${url}/auth/dingtalk/dingtalk/in-app?challenge=${CHALLENGE}`);
    expect(inApp.status).toBe(302);
  });

  it.each([
    ['address_differs', () => (nocobase.publicUrl = 'https://elsewhere.example.com'), 'NOCOBASE_PUBLIC_URL'],
    ['none_enabled', () => nocobase.gateways.set(url, [filledIn({ enabled: false })]), 'switched off in NocoBase'],
    ['none_usable', () => nocobase.gateways.set(url, [filledIn({ clientId: '' })]), 'not fully set up'],
    ['plugin_missing', () => (nocobase.spoiled = { status: 404, body: '{}' }), 'has no DingTalk plugin yet'],
  ])('reports the problem from the start: %s', async (reason, change, notice) => {
    nocobase.gateways.set(url, [filledIn()]);
    change();
    await start();
    await until(page, (text) => text.includes(notice));
    expect(told('authenticators_unavailable')).toEqual([expect.objectContaining({ reason })]);
    expect((await ready()).authenticators).toMatchObject({ trouble: reason });
  });

  describe('while its secret is being changed (`new,old`)', () => {
    const [OLD, NEW] = ['an-older-secret-of-32-characters-or-more', 'a-newer-secret-of-32-characters-or-more'];
    const keyOf = (secret: string): string => deriveSigningKey(secret).publicJwk.kid;
    const signedWith = (): string | undefined => decodeProtectedHeader(nocobase.assertions.at(-1)!).kid;

    it('signs with the old key as long as NocoBase accepts no other, and tells its administrator', async () => {
      nocobase.gateways.set(url, [filledIn()]);
      nocobase.pinned = [keyOf(OLD)];
      await start({ AUTH_COOKIE_SECRET: `${NEW},${OLD}` });
      await inForce();
      expect(nocobase.assertions.map((assertion) => decodeProtectedHeader(assertion).kid).slice(0, 2)).toEqual([
        keyOf(NEW),
        keyOf(OLD),
      ]);
      await refresh();
      expect(signedWith()).toBe(keyOf(OLD));
      expect((await ready()).status).toBe(200);
    });

    it('signs with the new key if NocoBase accepts it', async () => {
      nocobase.gateways.set(url, [filledIn()]);
      await start({ AUTH_COOKIE_SECRET: `${NEW},${OLD}` });
      await inForce();
      expect(signedWith()).toBe(keyOf(NEW));
    });

    it('is out of service, with a separate reason, if NocoBase accepts none of its keys', async () => {
      nocobase.gateways.set(url, [filledIn()]);
      nocobase.pinned = ['x'.repeat(43)];
      await start({ AUTH_COOKIE_SECRET: `${NEW},${OLD}` });
      await until(page, (text) => text.includes('NocoBase accepts only pinned keys of the gateway'));
      const { status, authenticators } = await ready();
      expect([status, authenticators]).toEqual([503, expect.objectContaining({ trouble: 'key_not_pinned' })]);
      expect(await begin()).toMatchObject({ status: 500, errorCode: 'misconfigured' });
    });
  });

  it("is not trusted if its secret differs from the other replicas'", async () => {
    nocobase.gateways.set(url, [filledIn()]);
    await start();
    await inForce();
    const otherPort = await freePort();
    const environment = { AUTHENTICATORS_SOURCE: 'nocobase', NOCOBASE_URL: nocobase.url };
    // NocoBase fetches the keys of the first one, which has this address.
    const other = await startGateway(
      { ...environment, AUTH_COOKIE_SECRET: 'another-cookie-secret-for-tests-not-real' },
      { port: otherPort, publicUrl: url },
    );
    try {
      const look = async () => (await fetch(`http://127.0.0.1:${otherPort}/health/ready`)).text();
      await until(look, (text) => text.includes('"trouble":"assertion_refused"'));
      // A person sent here gets an error, and the problem does not end by itself.
      expect((await fetch(`http://127.0.0.1:${otherPort}/health/ready`)).status).toBe(503);
      expect((await fetch(`http://127.0.0.1:${otherPort}/auth/dingtalk/dingtalk`)).status).toBe(500);
    } finally {
      await other.close();
    }
  });
});
