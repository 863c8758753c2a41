import { randomInt } from 'node:crypto';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_CORP_ID, type Failure, type Operation } from '../sandbox/index.js';
import { type ExaminationReport, examinationReport } from '../src/core/plugin-protocol/index.js';
import { AloneCase } from './support/alone-case.js';
import { eventually } from './support/eventually.js';
import { launchWithPlugin } from './support/nocobase-plugin.js';

/** DingTalk's secret, and one that an administrator mistyped: no log and no answer may contain them. */
const SECRET = 'CANARY-Xq7wR2tLm9';
const MISTYPED = 'CANARY-mistyped-Kp3';

/** DingTalk does not answer for longer than the plugin's timeout. */
const HANGS: Failure = { delayMs: 60_000 };
const TIMEOUT_MS = 2500;

interface Told {
  readonly status: number;
  readonly text: string;
}

describe('A NocoBase that signs people in by itself', () => {
  const log: string[] = [];
  let alone: AloneCase;
  let member: string;
  /** How far NocoBase's clock is ahead of ours. */
  let minutes = 0;

  beforeAll(async () => {
    alone = await AloneCase.start({
      commands: true,
      env: { NB_LOG: 'debug', DINGTALK_TIMEOUT_MS: String(TIMEOUT_MS) },
      onProgress: (line) => log.push(line),
    });
    member = await tokenOfMember();
  }, 120_000);

  beforeEach(async () => {
    alone.sandbox.reset();
    alone.sandbox.world.app(DEMO_CLIENT_ID).clientSecret = SECRET;
    alone.sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(alone.callbackOf('dingtalk'));
  });

  afterAll(async () => alone?.close());

  async function post(action: string, body: object, headers: Record<string, string> = {}): Promise<Told> {
    const response = await fetch(`${alone.nocobase.url}/api/${action}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${alone.nocobase.apiKey}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    expect(text).not.toMatch(/CANARY|slip:/);
    return { status: response.status, text };
  }

  async function tokenOfMember(): Promise<string> {
    const account = `member-${randomInt(1e9)}`;
    const person = { nickname: 'Member', username: account, password: 'Member-123', roles: ['member'] };
    await alone.nocobase.call('POST', 'users:create', person);
    const { text } = await post('auth:signIn', { account, password: person.password }, { authorization: '' });
    return (JSON.parse(text) as { data: { token: string } }).data.token;
  }

  /** Resets the rate limits; from here on NocoBase's clock differs from DingTalk's. */
  async function aMinuteLater(): Promise<void> {
    minutes += 1;
    await alone.nocobase.moveClock(minutes * 61_000);
  }

  const asked = (operation: Operation): number =>
    alone.sandbox.requests.filter((request) => request.operation === operation).length;

  /** Saves regardless of DingTalk's answer. */
  async function saved(changes: object = {}): Promise<string> {
    const name = `dingtalk-${randomInt(1e9)}`;
    alone.sandbox.failures.set('appAccessToken', 'busy');
    await alone.add(name, { clientSecret: SECRET, ...changes });
    alone.sandbox.failures.clear('appAccessToken');
    return name;
  }

  describe('checks its own sign-in', () => {
    const press = async (name: string, lang = 'en', headers: Record<string, string> = {}): Promise<Told> =>
      post(`dingtalk:examine?authenticator=${name}`, { lang }, headers);

    async function examined(name: string, lang = 'en', headers: Record<string, string> = {}) {
      const { status, text } = await press(name, lang, headers);
      expect([status, text]).toEqual([200, text]);
      const { data } = JSON.parse(text) as { data: ExaminationReport };
      const report = examinationReport.parse(data);
      const find = (id: string) => report.findings.find((finding) => finding.id === id);
      return {
        ...report,
        find,
        failed: report.findings.filter(({ status: is }) => is === 'failed').map(({ id }) => id),
      };
    }

    it('and finds no problem if there is none, in the requested language', async () => {
      const name = await saved();
      const { ok, failed, find, findings } = await examined(name, 'en', { origin: alone.nocobase.url });
      expect([ok, failed]).toEqual([true, []]);
      expect(new Set(findings.map(({ authenticator }) => authenticator))).toEqual(new Set([name]));
      expect(find('nocobase.settings')?.detail).toBe(`filled in; the Redirect URL is ${alone.callbackOf(name)}`);
      for (const id of [
        'nocobase.client-secret',
        'clock',
        'dingtalk.host.api',
        'dingtalk.credentials',
        'dingtalk.egress',
      ])
        expect([id, find(id)?.status]).toEqual([id, 'ok']);
      for (const id of ['dingtalk.organization', 'dingtalk.permission.member', 'nocobase.address', 'nocobase.proxies'])
        expect([id, find(id)?.status]).toEqual([id, 'ok']);
      expect(find('dingtalk.redirect')?.fix).toContain(`enter exactly ${alone.callbackOf(name)} `);
      expect(find('nocobase.new-user-roles')?.status).toBe('ok');
      expect(find('nocobase.self-service')).toMatchObject({
        status: 'attention',
        fix: expect.stringContaining('set "How people are matched" in NocoBase to none'),
      });
      expect(find('nocobase.client-secret')?.detail).toMatch(/APP_AES_SECRET_KEY.*storage\/apps\/main\/aes_key\.dat/);
      const chinese = await examined(name, 'zh');
      expect(chinese.find('dingtalk.credentials')?.detail).toBe('钉钉已接受');
      expect(chinese.findings.filter(({ title }) => !/\p{Script=Han}|Client Secret/u.test(title))).toEqual([]);
      // The gateway's checks are not made, nor is a gateway mentioned.
      expect(JSON.stringify([findings, chinese.findings])).not.toMatch(/gateway|网关/);
    });

    it('and reports what DingTalk refuses: a secret that was reset there, an unknown id', async () => {
      const name = await saved();
      alone.sandbox.world.app(DEMO_CLIENT_ID).clientSecret = DEMO_CLIENT_SECRET;
      for (const authenticator of [name, await saved({ clientId: 'ding-nobody' })]) {
        const { ok, failed, find } = await examined(authenticator);
        expect([ok, failed]).toEqual([false, ['dingtalk.credentials']]);
        expect(find('dingtalk.credentials')).toMatchObject({
          detail: 'DingTalk refuses them (invalidClientIdOrSecret)',
          fix: expect.stringContaining('Client ID to "Client ID" in NocoBase and Client Secret to "Client Secret" in'),
        });
        expect(find('dingtalk.organization')?.status).toBe('skipped');
      }
      expect((await examined(name, 'zh')).find('dingtalk.credentials')?.detail).toBe(
        '钉钉拒绝（invalidClientIdOrSecret）',
      );
    });

    it("and reports the missing permission, and an organization that is not the application's", async () => {
      const name = await saved({ identity: 'member', corpIds: [DEMO_CORP_ID] });
      alone.sandbox.world.app(DEMO_CLIENT_ID).permissions.qyapi_get_member = false;
      const { failed, find } = await examined(name);
      expect(failed).toEqual(['dingtalk.permission.member']);
      expect(find('dingtalk.permission.member')?.detail).toContain('60011');
      const strange = await examined(await saved({ corpIds: ['dingnowhere'] }), 'zh');
      expect(strange.failed).toEqual(['dingtalk.organization']);
      expect(strange.find('dingtalk.organization')).toMatchObject({
        title: '组织（NocoBase 中的“组织（CorpId）”）',
        detail: expect.stringContaining('dingnowhere'),
      });
    });

    it("and reports what the leaver watch needs, in the form's terms", async () => {
      const app = alone.sandbox.world.app(DEMO_CLIENT_ID);
      const leavers = async (changes: object) => {
        const { findings } = await examined(await saved(changes));
        const ours = findings.filter(({ id }) => id.startsWith('dingtalk.leavers.'));
        return ours.map(({ id, status }) => `${id.replace('dingtalk.leavers.', '')} ${status}`);
      };
      expect(await leavers({ leavers: 'off', events: 'stream' })).toEqual([]);
      expect(await leavers({ leavers: 'lock', events: 'stream' })).toEqual(['members ok', 'records ok', 'stream ok']);
      app.permissions.qyapi_get_member = false;
      app.permissions['Contact.Common.Read'] = false;
      expect(await leavers({ leavers: 'lock' })).toEqual(['members failed', 'records attention']);
      const name = await saved({ leavers: 'report', events: 'push' });
      const { find } = await examined(name);
      expect(find('dingtalk.leavers.members')).toMatchObject({
        status: 'attention',
        detail: expect.stringMatching('60011'),
      });
      const { fix } = find('dingtalk.leavers.push') ?? {};
      expect(fix).toContain(`enter ${alone.nocobase.url}/api/dingtalk/events/${name}; its token and key must equal`);
      expect(fix).toContain('DINGTALK_EVENT_TOKEN and DINGTALK_EVENT_AES_KEY;');
    });

    it("and reports this server's address as DingTalk sees it, if that is refused", async () => {
      const name = await saved();
      alone.sandbox.failures.set('appAccessToken', 'ip-not-whitelisted');
      const { failed, find } = await examined(name);
      expect(failed).toEqual(['dingtalk.egress']);
      expect(find('dingtalk.egress')?.detail).toMatch(/DingTalk sees this server as [\d.]+ and refuses it/);
    });

    it('and serves others while DingTalk hangs, one test at a time', async () => {
      const name = await saved();
      alone.sandbox.failures.set('appAccessToken', HANGS);
      const waiting = examined(name);
      await eventually(() => expect(asked('appAccessToken')).toBeGreaterThan(1));
      const busy = await press(name, 'en', { 'x-locale': 'zh-CN' });
      expect([busy.status, busy.text]).toEqual([429, expect.stringContaining('请一分钟后重试')]);
      await expect(alone.nocobase.call('GET', 'authenticators:list')).resolves.toBeDefined();
      await alone.nocobase.addUser({ nickname: 'Meanwhile', username: `meanwhile-${randomInt(1e9)}` });
      const { failed, find } = await waiting;
      expect(failed).toContain('dingtalk.credentials');
      expect(find('dingtalk.credentials')).toMatchObject({
        detail: 'no answer (ETIMEDOUT)',
        fix: 'Try again; if the problem persists, check the network between this NocoBase and that server.',
      });
    });

    it('and names what is missing in the form, without a call to DingTalk', async () => {
      const name = await saved({ clientId: '', clientSecret: '' });
      const before = alone.requests;
      const { ok, find, failed } = await examined(name);
      expect([ok, failed]).toEqual([false, ['nocobase.settings']]);
      expect(find('nocobase.settings')?.detail).toBe(
        'not filled in: "Client ID" in NocoBase, "Client Secret" in NocoBase',
      );
      expect(find('dingtalk.credentials')).toMatchObject({
        status: 'skipped',
        detail: 'not tested because of: Settings',
      });
      expect(alone.requests).toBe(before);
    });

    it('at a limited rate', async () => {
      const name = await saved({ clientId: '' });
      const pressed: number[] = [];
      while (pressed.length < 25) pressed.push((await press(name)).status);
      expect(pressed).toContain(429);
      await aMinuteLater();
      expect((await press(name)).status).toBe(200);
    });

    it("and reports what its administrator's request shows: another address, a proxy that is not listed", async () => {
      const name = await saved();
      const elsewhere = await examined(name, 'en', { origin: 'https://intranet.example.com' });
      expect(elsewhere.find('nocobase.address')).toMatchObject({
        status: 'attention',
        detail: `you have opened https://intranet.example.com, but people return from DingTalk to ${alone.nocobase.url}`,
      });
      const referer = { referer: `${alone.nocobase.url}/admin/settings/auth` };
      expect((await examined(name, 'en', referer)).find('nocobase.address')?.status).toBe('ok');
      expect((await examined(name)).find('nocobase.address')?.status).toBe('skipped');
      const forwarded = { 'x-forwarded-for': '203.0.113.9' };
      expect((await examined(name, 'en', forwarded)).find('nocobase.proxies')).toMatchObject({
        status: 'attention',
        fix: 'Enter 127.0.0.1 in "Trusted proxies" and save.',
      });
      const trusting = await saved({ trustedProxies: ['loopback'] });
      expect((await examined(trusting, 'en', forwarded)).find('nocobase.proxies')?.status).toBe('ok');
      expect((await examined(trusting, 'zh')).find('nocobase.proxies')).toMatchObject({
        status: 'attention',
        fix: '请在代理中配置发送 X-Forwarded-For。',
      });
    });

    it('and reports that NocoBase refuses every sign-in, because its proxy does not say that browsers use TLS', async () => {
      const host = new URL(alone.nocobase.url).host;
      const name = await saved({ nocobaseUrl: `https://${host}` });
      const behindTls = { origin: `https://${host}` };
      const refused = await post('auth:signIn', {}, { ...behindTls, 'x-authenticator': name, authorization: '' });
      expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('Invalid sign-in origin')]);
      expect((await examined(name, 'en', behindTls)).find('nocobase.sign-in-origin')).toMatchObject({
        status: 'failed',
        fix: expect.stringContaining('X-Forwarded-Proto'),
      });
      const told = { ...behindTls, 'x-forwarded-proto': 'https' };
      expect((await post('auth:signIn', {}, { ...told, 'x-authenticator': name, authorization: '' })).status).not.toBe(
        403,
      );
      expect((await examined(name, 'en', told)).find('nocobase.sign-in-origin')?.status).toBe('ok');
      expect((await examined(name)).find('nocobase.sign-in-origin')?.status).toBe('skipped');
    });

    it('and warns about http in a private network every time', async () => {
      const nocobaseUrl = 'http://192.168.1.20:13000';
      const { find } = await examined(await saved({ nocobaseUrl, allowPrivateHttp: true }));
      expect(find('plain-http')).toMatchObject({ status: 'attention', detail: expect.stringContaining(nocobaseUrl) });
      expect((await examined(await saved())).find('plain-http')).toBeUndefined();
    });

    it('for administrators only, and for no link that they follow', async () => {
      const name = await saved();
      const before = alone.requests;
      const action = `dingtalk:examine?authenticator=${name}`;
      expect((await post(action, {}, { authorization: '' })).status).toBe(401);
      expect((await post(action, {}, { authorization: `Bearer ${member}` })).status).toBe(403);
      await expect(alone.nocobase.call('GET', action)).rejects.toThrow('HTTP 405');
      expect((await post('dingtalk:examine?authenticator=nobody', {})).status).toBe(404);
      expect(alone.requests).toBe(before);
      await examined(name);
      expect(alone.requests).toBeGreaterThan(before);
    });
  });

  describe('asks DingTalk about settings that are being saved', () => {
    beforeAll(async () => aMinuteLater());

    const values = (changes: object, row: object = {}): object => ({
      name: `dingtalk-${randomInt(1e9)}`,
      authType: 'DingTalk',
      title: 'DingTalk',
      enabled: true,
      options: alone.options({ clientSecret: SECRET, ...changes }),
      ...row,
    });

    async function stored(name: string): Promise<{ id: number; title: string; options: Record<string, unknown> }> {
      const [row] = await alone.nocobase.list('authenticators', { name }, 'id,title,options');
      return row as never;
    }

    it('and saves what DingTalk accepts', async () => {
      expect((await post('authenticators:create', values({}))).status).toBe(200);
      expect(asked('appAccessToken')).toBe(1);
      // The log must be the one with the requests, with a slip in place of the secret.
      await eventually(() => expect(log.join('\n')).toContain('slip:'));
    });

    it.each([
      ['a wrong Client Secret', { clientSecret: MISTYPED }],
      ['a wrong Client ID', { clientId: 'ding-nobody' }],
    ])('and saves nothing with %s, with a message', async (_what, changes) => {
      const wrong = values(changes) as { name: string };
      const refused = await post('authenticators:create', wrong);
      expect([refused.status, refused.text]).toEqual([
        400,
        expect.stringMatching(/does not accept this Client ID and Client Secret together \(invalidClientIdOrSecret\)/),
      ]);
      const chinese = await post('authenticators:create', wrong, { 'x-locale': 'zh-CN' });
      expect([chinese.status, chinese.text]).toEqual([400, expect.stringContaining('钉钉不接受此 Client ID 和')]);
      expect(await alone.nocobase.list('authenticators', { name: wrong.name }, 'id')).toEqual([]);

      const name = await saved();
      const { id } = await stored(name);
      const body = { title: 'Changed', enabled: true, options: alone.options({ clientSecret: '', ...changes }) };
      const filter = encodeURIComponent(JSON.stringify({ name }));
      const entries = Object.entries(alone.options({ ...changes })).map(([key, value]) => [`options.${key}`, value]);
      const single = { enabled: true, ...Object.fromEntries(entries) };
      for (const [which, written] of [
        [`filterByTk=${id}`, body],
        [`filter=${filter}`, body],
        [`filterByTk=${id}`, single],
      ] as const) {
        const { status, text } = await post(`authenticators:update?${which}`, written);
        expect([status, text]).toEqual([400, expect.stringContaining('(invalidClientIdOrSecret)')]);
      }
      expect(await stored(name)).toMatchObject({ title: name, options: { clientId: DEMO_CLIENT_ID } });
    });

    it.each(['updateOrCreate', 'firstOrCreate'])(
      'also by %s, which decides by itself what it writes',
      async (action) => {
        const url = `authenticators:${action}?filterKeys[]=name`;
        const wrong = values({ clientSecret: MISTYPED }) as { name: string };
        const refused = await post(url, wrong);
        expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('(invalidClientIdOrSecret)')]);
        expect(await alone.nocobase.list('authenticators', { name: wrong.name }, 'id')).toEqual([]);

        const name = await saved();
        const before = asked('appAccessToken');
        const again = await post(url, values({ clientSecret: MISTYPED }, { name }));
        const writes = action === 'updateOrCreate';
        expect([again.status, asked('appAccessToken') - before]).toEqual(writes ? [400, 1] : [200, 0]);
        // With the stored Client Secret, as only the Client ID is new.
        const other = await post(url, values({ clientId: 'ding-nobody', clientSecret: '' }, { name }));
        expect(other.status).toBe(writes ? 400 : 200);
        expect((await stored(name)).options).toMatchObject({ clientId: DEMO_CLIENT_ID, hasClientSecret: true });
        expect((await post(url, values({}))).status).toBe(200);
      },
    );

    it('for each record of a list', async () => {
      const [right, wrong] = [values({}), values({ clientSecret: MISTYPED })] as { name: string }[];
      expect((await post('authenticators:create', [right, wrong])).status).toBe(400);
      const names = [right!.name, wrong!.name];
      expect(await alone.nocobase.list('authenticators', { 'name.$in': names }, 'id')).toEqual([]);
      expect(asked('appAccessToken')).toBe(2);
    });

    it('with the stored Client Secret, if only the Client ID is new', async () => {
      const name = await saved({ clientId: 'ding-before' });
      const { id } = await stored(name);
      const body = { enabled: true, options: alone.options({ clientSecret: '' }) };
      expect(await post(`authenticators:update?filterByTk=${id}`, body)).toMatchObject({ status: 200 });
      expect((await stored(name)).options).toMatchObject({ clientId: DEMO_CLIENT_ID, hasClientSecret: true });
      alone.sandbox.world.app(DEMO_CLIENT_ID).clientSecret = DEMO_CLIENT_SECRET;
      // Neither is new: DingTalk is not queried.
      const before = asked('appAccessToken');
      expect((await post(`authenticators:update?filterByTk=${id}`, { ...body, title: 'New' })).status).toBe(200);
      expect(asked('appAccessToken')).toBe(before);
    });

    it.each<[string, Failure]>([
      ['is in trouble', 'busy'],
      ['hangs up', 'drop'],
      ['answers with a page', 'html-ban'],
      ['refuses the address of this server', 'ip-not-whitelisted'],
      ['has had enough for a second', 'qps'],
    ])('and saves them all the same if DingTalk %s', async (_what, failure) => {
      alone.sandbox.failures.set('appAccessToken', failure);
      expect((await post('authenticators:create', values({ clientSecret: MISTYPED }))).status).toBe(200);
      expect(asked('appAccessToken')).toBe(1);
      await eventually(() => expect(log.join('\n')).toContain('saved without asking DingTalk'));
    });

    it('and serves others while DingTalk hangs, three at a time', async () => {
      await aMinuteLater();
      alone.sandbox.failures.set('appAccessToken', HANGS);
      let [answered, written] = [0, 0];
      const saving = Array.from({ length: 3 }, async () => {
        const { status } = await post('authenticators:create', values({}));
        answered += 1;
        return status;
      });
      await eventually(() => expect(asked('appAccessToken')).toBe(3));
      // The database is not blocked meanwhile.
      await alone.nocobase.addUser({ nickname: 'Meanwhile', username: `meanwhile-${randomInt(1e9)}` });
      expect((await post('authenticators:create', values({ clientSecret: MISTYPED }))).status).toBe(200);
      written += 1;
      expect([asked('appAccessToken'), answered, written]).toEqual([3, 0, 1]);
      expect(await Promise.all(saving)).toEqual([200, 200, 200]);
    });

    it("but not if they are a gateway's, of another type, or refused by the form itself", async () => {
      const gateway = { signInBy: 'gateway', gatewayUrl: 'https://sso.example.com', clientSecret: MISTYPED };
      expect((await post('authenticators:create', values(gateway))).status).toBe(200);
      const other = values({}, { authType: 'OIDC', options: { clientSecret: 'of-another-type' } });
      await post('authenticators:create', other);
      const refused = await post('authenticators:create', values({ clientSecret: MISTYPED, match: 'email' }));
      expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('must be phone or none')]);
      expect((await post('authenticators:create', values({ clientId: '', clientSecret: MISTYPED }))).status).toBe(200);
      expect(asked('appAccessToken')).toBe(0);
    });

    it('for those who may save, and for nobody else', async () => {
      const { id } = await stored(await saved());
      const before = asked('appAccessToken');
      for (const [authorization, status] of [
        ['', 401],
        [`Bearer ${member}`, 403],
      ] as const) {
        const wrong = values({ clientSecret: MISTYPED });
        expect((await post('authenticators:create', wrong, { authorization })).status).toBe(status);
        for (const action of [
          `update?filterByTk=${id}`,
          'updateOrCreate?filterKeys[]=name',
          'firstOrCreate?filterKeys[]=name',
        ]) {
          expect((await post(`authenticators:${action}`, wrong, { authorization })).status).toBe(status);
        }
      }
      expect(asked('appAccessToken')).toBe(before);
    });
  });

  it('and has written no secret into its log by then, not even one that was refused', () => {
    expect(log.length).toBeGreaterThan(50);
    expect(log.filter((line) => line.includes('CANARY'))).toEqual([]);
  });
});

describe('A NocoBase whose environment has invalid DingTalk settings', () => {
  it('names the variables to an administrator who tests, and lets them save', async () => {
    const nocobase = await launchWithPlugin({
      authenticator: 'dingtalk',
      env: { DINGTALK_API_URL: 'http://CANARY.example.com', DINGTALK_TIMEOUT_MS: 'CANARY' },
    });
    try {
      const options = {
        signInBy: 'nocobase',
        nocobaseUrl: nocobase.url,
        clientId: DEMO_CLIENT_ID,
        clientSecret: SECRET,
        corpIds: [DEMO_CORP_ID],
      };
      const filter = encodeURIComponent(JSON.stringify({ name: 'dingtalk' }));
      await nocobase.call('POST', `authenticators:update?filter=${filter}`, { enabled: true, options });
      const { findings } = await nocobase.call<ExaminationReport>(
        'POST',
        'dingtalk:examine?authenticator=dingtalk',
        {},
      );
      expect(findings.filter(({ status }) => status === 'failed')).toEqual([
        expect.objectContaining({
          id: 'nocobase.settings',
          detail: expect.stringMatching(/^DINGTALK_API_URL must .*\nDINGTALK_TIMEOUT_MS must /),
          fix: expect.stringContaining("NocoBase's environment"),
        }),
      ]);
      expect(findings.find(({ id }) => id === 'dingtalk.credentials')?.status).toBe('skipped');
      expect(JSON.stringify(findings)).not.toContain('CANARY');
    } finally {
      await nocobase.stop();
    }
  }, 120_000);
});
