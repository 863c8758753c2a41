import { DEMO_CLIENT_ID, type Sandbox, startSandbox } from '../sandbox/index.js';
import { version } from '../src/config/index.js';
import { examinationReport } from '../src/core/plugin-protocol/index.js';
import { runCommand } from './support/command.js';
import { freePort } from './support/free-port.js';
import { type RunningGateway, startGateway } from './support/gateway.js';
import { filledIn, PluginDouble } from './support/plugin-double.js';

const COOKIE_SECRET = 'kV9rTq2ZxW7bNc4LmYd8sHf3GjP6uEa1RoCANARY';
const CLIENT_SECRET = 'CANARY-client-secret-Zx81mQ';

describe('The button "Test" in NocoBase', () => {
  let sandbox: Sandbox;
  let nocobase: PluginDouble;
  let gateway: RunningGateway;
  let url: string;
  let environment: Record<string, string>;

  beforeAll(async () => {
    sandbox = await startSandbox();
  });

  beforeEach(async () => {
    sandbox.reset();
    nocobase = await PluginDouble.start();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    environment = {
      PUBLIC_URL: url,
      HOST: '127.0.0.1',
      PORT: String(port),
      AUTH_COOKIE_SECRET: COOKIE_SECRET,
      AUTHENTICATORS_SOURCE: 'nocobase',
      NOCOBASE_URL: nocobase.url,
      DINGTALK_LOGIN_URL: sandbox.loginUrl,
      DINGTALK_API_URL: sandbox.apiUrl,
      DINGTALK_OAPI_URL: sandbox.oapiUrl,
    };
    sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(`${url}/auth/dingtalk/dingtalk/callback`);
    nocobase.gateways.set(url, [filledIn()]);
  });

  afterEach(async () => {
    await gateway?.close();
    await nocobase.goAway().catch(() => undefined);
  });

  afterAll(async () => sandbox?.close());

  async function start(change: Record<string, string> = {}): Promise<void> {
    gateway = await startGateway({ ...environment, ...change }, { port: Number(environment['PORT']) });
  }

  async function post(body: object, name = 'dingtalk', from?: string) {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(from === undefined ? {} : { 'x-forwarded-for': from }),
    };
    const response = await fetch(`${url}/auth/dingtalk/${name}/doctor`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  async function pressed(name = 'dingtalk', lang = 'en') {
    const answer = await post({ id: nocobase.press(name), lang }, name);
    expect([answer.status, answer.text]).toEqual([200, answer.text]);
    const report = examinationReport.parse(JSON.parse(answer.text));
    const find = (id: string) => report.findings.find((finding) => finding.id === id);
    return { ...report, find, text: answer.text };
  }

  it("returns the doctor's findings, in the requested language", async () => {
    await start();
    const { ok, findings, find } = await pressed();
    expect(findings.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(ok).toBe(true);
    expect(find('dingtalk.credentials')).toMatchObject({ authenticator: 'dingtalk', status: 'ok' });
    expect(find('nocobase.plugin')?.detail).toMatch(
      /^version \d+\.\d+\.\d+, knows this gateway, whose signing key is [\w-]{43}$/,
    );
    expect(find('nocobase.plugin.version')).toMatchObject({ status: 'ok', detail: `both are ${version()}` });
    expect(find('nocobase.address')?.status).toBe('ok');
    expect(find('public-url')).toMatchObject({ authenticator: null, status: 'ok' });
    // Checks that apply only to a gateway with keys of NocoBase.
    for (const id of ['nocobase.key', 'nocobase.rights', 'nocobase.jwt-secret', 'hand-off']) {
      expect(find(id)).toBeUndefined();
    }
    expect((await pressed('dingtalk', 'zh')).find('dingtalk.credentials')?.detail).toBe('钉钉已接受');
  }, 60_000);

  it.each([
    ['0.0.1', 'the plugin is older', () => `${url}/plugin.tgz`],
    ['9.0.0', 'the gateway is older', () => 'Update the gateway to 9.0.0'],
    ['of somebody else <b>', 'they differ', () => `${url}/plugin.tgz`],
  ])(
    'reports which is older if the plugin is %s, and what to do',
    async (pluginVersion, what, todo) => {
      await start();
      nocobase.version = pluginVersion;
      const { ok, find, text } = await pressed();
      // People may still be able to sign in.
      expect(ok).toBe(true);
      expect(find('nocobase.plugin.version')).toMatchObject({
        status: 'attention',
        detail: expect.stringContaining(what),
        fix: expect.stringContaining(todo()),
      });
      expect(text).not.toContain('<b>');
    },
    60_000,
  );

  it("checks what NocoBase currently has, even before it is enabled, and uses the form's terms", async () => {
    await start();
    nocobase.gateways.set(url, [filledIn({ enabled: false, clientSecret: CLIENT_SECRET })]);
    const { ok, find, text } = await pressed();
    expect(ok).toBe(false);
    expect(find('dingtalk.credentials')).toMatchObject({ status: 'failed' });
    expect(find('dingtalk.credentials')?.fix).toContain('Client Secret to "Client Secret" in NocoBase');
    expect(find('nocobase.plugin')?.status).toBe('attention');
    for (const secret of [CLIENT_SECRET, COOKIE_SECRET, ...nocobase.assertions]) expect(text).not.toContain(secret);
    for (const secret of [CLIENT_SECRET, COOKIE_SECRET, ...nocobase.assertions]) {
      expect(JSON.stringify(gateway.log)).not.toContain(secret);
    }
  }, 60_000);

  it('names what is missing in the form, and shows no value', async () => {
    await start();
    nocobase.gateways.set(url, [filledIn({ clientId: '', corpIds: ['a,CANARY'] })]);
    const { ok, find, text } = await pressed();
    expect([ok, find('nocobase.settings')?.status]).toEqual([false, 'failed']);
    expect(find('nocobase.settings')?.detail).toContain('authenticator dingtalk: dingtalk.corpId');
    expect(text).not.toContain('CANARY');
  }, 60_000);

  it('warns about fields that people are matched by and can change themselves, and about settings without effect', async () => {
    await start({ NOCOBASE_MATCH: 'none' });
    expect((await pressed()).find('nocobase.self-service')?.detail).toContain('could not be checked');
    nocobase.facts = { selfServiceFields: ['nickname', 'phone'], sharesSecret: false };
    const { ok, find } = await pressed();
    expect(ok).toBe(true);
    expect(find('nocobase.self-service')).toMatchObject({
      status: 'attention',
      detail: expect.stringContaining('their own phone'),
      fix: expect.stringContaining('set "How people are matched" in NocoBase to none'),
    });
    expect(find('configuration.ignored')).toMatchObject({
      status: 'attention',
      detail: expect.stringContaining('NOCOBASE_MATCH'),
    });
    nocobase.facts = { selfServiceFields: ['nickname'], sharesSecret: false };
    expect((await pressed()).find('nocobase.self-service')?.status).toBe('ok');
    nocobase.gateways.set(url, [filledIn({ match: 'none' })]);
    nocobase.facts = { selfServiceFields: ['phone'], sharesSecret: false };
    expect((await pressed()).find('nocobase.self-service')?.status).toBe('ok');
    expect(find('nocobase.sub-app-secret')).toBeUndefined();
  }, 60_000);

  it('counts stored phone numbers that cannot be read, as the plugin sees them', async () => {
    await start();
    expect((await pressed()).find('nocobase.phones')).toMatchObject({
      status: 'attention',
      detail: 'could not be read at NocoBase',
    });
    const seen = { numbers: 9, unreadable: 7, users: [5, 8, 9, 10, 11], isAll: true };
    nocobase.gateways.set(url, [filledIn({ storedPhones: seen })]);
    expect((await pressed()).find('nocobase.phones')).toMatchObject({
      status: 'attention',
      detail: '7 of 9 cannot be read: their users cannot be matched (user id 5, 8, 9, 10, 11, …)',
      fix: expect.stringContaining('"Country of phone numbers" in NocoBase sets the country'),
    });
    nocobase.gateways.set(url, [filledIn({ storedPhones: { ...seen, unreadable: 0, users: [] } })]);
    expect((await pressed()).find('nocobase.phones')).toMatchObject({ status: 'ok', detail: '9 numbers can be read' });
    nocobase.gateways.set(url, [filledIn({ match: 'none' })]);
    expect((await pressed()).find('nocobase.phones')?.status).toBe('ok');
  }, 60_000);

  it('does nothing if NocoBase does not confirm the request', async () => {
    await start();
    const asked = sandbox.requests.length;
    const stranger = await post({ id: 'x'.repeat(43), lang: 'en' });
    expect([stranger.status, JSON.parse(stranger.text)]).toEqual([
      400,
      expect.objectContaining({ error: 'invalid_request' }),
    ]);
    expect(stranger.text).not.toContain('findings');
    expect(sandbox.requests.length).toBe(asked);
  });

  it('is valid once', async () => {
    await start();
    const id = nocobase.press('dingtalk');
    expect((await post({ id, lang: 'en' })).status).toBe(200);
    expect((await post({ id, lang: 'en' })).status).toBe(400);
  }, 60_000);

  it('is valid for the authenticator that it was pressed for', async () => {
    nocobase.gateways.set(url, [filledIn(), filledIn({ name: 'branch' })]);
    await start();
    const answer = await post({ id: nocobase.press('dingtalk'), lang: 'en' }, 'branch');
    expect([answer.status, answer.text.includes('findings')]).toEqual([400, false]);
  });

  it.each([
    [{ id: 'short', lang: 'en' }],
    [{ id: 'x'.repeat(43), lang: 'fr' }],
    [{ id: 'x'.repeat(43), lang: 'en', more: 1 }],
    [{}],
  ])('sends NocoBase no request for %j', async (body) => {
    await start();
    expect((await post(body)).status).toBe(400);
    expect(nocobase.asked).not.toContain('dingtalk:confirmExamination');
  });

  describe('while strangers press it', () => {
    const asked = (): number => nocobase.asked.filter((action) => action === 'dingtalk:confirmExamination').length;
    const [server, stranger] = ['192.0.2.1', '198.51.100.1'];
    const made = { id: 'x'.repeat(43), lang: 'en' };

    beforeEach(async () => start({ TRUST_PROXY: '127.0.0.1' }));

    it('is refused to an address after five that NocoBase did not confirm, and to nobody else', async () => {
      const answers = [];
      for (let i = 0; i < 25; i += 1) answers.push(await post(made, `name-${i}`, stranger));
      expect(answers.map(({ status }) => status)).toEqual([...Array(5).fill(400), ...Array(20).fill(429)]);
      expect(Number(answers.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(asked()).toBe(5);
      expect((await post({ id: nocobase.press('dingtalk'), lang: 'en' }, 'dingtalk', server)).status).toBe(200);
    }, 60_000);

    it('causes NocoBase little work, from however many networks they come', async () => {
      for (let i = 0; i < 60; i += 1) await post(made, 'dingtalk', `2001:db8:1:${i.toString(16)}00::1`);
      expect(asked()).toBe(20);
      for (let i = 0; i < 100; i += 1) await post(made, 'dingtalk', `198.51.100.${i + 1}`);
      expect(asked()).toBe(60);
    }, 60_000);

    it('keeps working for a NocoBase that was confirmed before', async () => {
      expect((await post({ id: nocobase.press('dingtalk'), lang: 'en' }, 'dingtalk', server)).status).toBe(200);
      for (let i = 0; i < 100; i += 1) await post(made, 'dingtalk', `198.51.100.${i + 1}`);
      expect((await post(made, 'dingtalk', '203.0.113.9')).status).toBe(429);
      expect((await post({ id: nocobase.press('dingtalk'), lang: 'en' }, 'dingtalk', server)).status).toBe(200);
      // Which is limited, too.
      const again = [];
      for (let i = 0; i < 25; i += 1) again.push((await post(made, 'dingtalk', server)).status);
      expect(again.filter((status) => status === 429).length).toBeGreaterThan(4);
    }, 60_000);
  });

  it('reports that NocoBase is down, and nothing else', async () => {
    await start();
    const id = nocobase.press('dingtalk');
    await nocobase.goAway();
    const answer = await post({ id, lang: 'en' });
    expect([answer.status, answer.text.includes('findings')]).toEqual([503, false]);
    await nocobase.comeBack();
  });

  describe('without the plugin', () => {
    it('does not exist', async () => {
      await start({
        AUTHENTICATORS_SOURCE: 'environment',
        DINGTALK_CLIENT_ID: 'none',
        DINGTALK_CLIENT_SECRET: 'none',
        NOCOBASE_API_TOKEN: 'none',
        NOCOBASE_JWT_SECRET: 'none-of-any-nocobase',
      });
      const answer = await post({ id: nocobase.press('dingtalk'), lang: 'en' });
      expect([answer.status, JSON.parse(answer.text)]).toEqual([404, expect.objectContaining({ error: 'not_found' })]);
      expect(nocobase.asked).not.toContain('dingtalk:confirmExamination');
    });
  });

  it('exists for authenticators in variables, too, if the hand-off is ticket', async () => {
    const { clientId, clientSecret } = filledIn();
    await start({
      AUTHENTICATORS_SOURCE: 'environment',
      NOCOBASE_HANDOFF: 'ticket',
      DINGTALK_CLIENT_ID: clientId,
      DINGTALK_CLIENT_SECRET: clientSecret,
    });
    expect((await pressed()).find('nocobase.plugin')?.status).toBe('ok');
    const unknown = await post({ id: nocobase.press('other'), lang: 'en' }, 'other');
    expect(unknown.status).toBe(404);
  }, 60_000);

  describe('and the commands, with authenticators in NocoBase', () => {
    const doctor = async () => {
      const { code, stdout, stderr } = await runCommand(['doctor', '--json'], environment);
      const report = examinationReport.parse(JSON.parse(stdout));
      const find = (id: string) => report.findings.find((finding) => finding.id === id);
      for (const secret of [COOKIE_SECRET, filledIn().clientSecret]) expect(stdout + stderr).not.toContain(secret);
      return { code, find, report };
    };

    it('doctor fetches them from NocoBase once', async () => {
      await start();
      const { code, find } = await doctor();
      expect(code).toBe(0);
      expect(find('dingtalk.credentials')).toMatchObject({ authenticator: 'dingtalk', status: 'ok' });
    }, 60_000);

    it.each([
      ['the address to enter', () => nocobase.gateways.clear(), 'In NocoBase, set Gateway address to'],
      ['the other address', () => (nocobase.publicUrl = 'https://elsewhere.example.com'), 'NOCOBASE_PUBLIC_URL'],
      ['the plugin to add', () => (nocobase.spoiled = { status: 404, body: '{}' }), 'Plugin manager'],
      ['what to tick', () => nocobase.gateways.set(url, [filledIn({ enabled: false })]), 'tick "Enabled"'],
    ])(
      'doctor names %s',
      async (_what, change, fix) => {
        await start();
        change();
        const { code, find } = await doctor();
        expect([code, find('nocobase.plugin')?.status]).toEqual([1, 'failed']);
        expect(find('nocobase.plugin')?.fix).toContain(fix);
      },
      60_000,
    );

    it('check prints where they are, and what to enter there', async () => {
      const { code, stdout } = await runCommand(['check'], environment);
      expect(code).toBe(0);
      expect(stdout).toContain('Authenticators are set up in NocoBase');
      expect(stdout).toMatch(new RegExp(`Gateway address to enter +${url}\n`));
      expect(nocobase.asked).toEqual([]);
    });

    it.each([
      [{ NOCOBASE_HANDOFF: 'page' }, 'NOCOBASE_HANDOFF must be ticket (or auto) with AUTHENTICATORS_SOURCE=nocobase'],
      [{ NOCOBASE_HANDOFF: 'query' }, 'NOCOBASE_HANDOFF must be ticket (or auto) with AUTHENTICATORS_SOURCE=nocobase'],
      [{ AUTHENTICATORS_FILE: '/a/file' }, 'AUTHENTICATORS_FILE and AUTHENTICATORS_SOURCE=nocobase are both set'],
      [{ AUTHENTICATORS_SOURCE: 'elsewhere' }, 'AUTHENTICATORS_SOURCE must be one of: environment, nocobase'],
      [{ NOCOBASE_URL: '' }, 'NOCOBASE_URL is required'],
      [{ DINGTALK_LOGIN_URL: 'nowhere' }, 'DINGTALK_LOGIN_URL must'],
    ])('check refuses %j', async (change, problem) => {
      const { code, stdout } = await runCommand(['check'], { ...environment, ...change });
      expect([code, stdout]).toEqual([1, expect.stringContaining(problem)]);
    });
  });
});
