import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, type Sandbox, startSandbox } from '../sandbox/index.js';
import { BentProxy } from './support/bent-proxy.js';
import { type CommandRun, runCommand } from './support/command.js';
import { freePort } from './support/free-port.js';
import { startGateway } from './support/gateway.js';
import { answering, NocoBaseProxy } from './support/nocobase-proxy.js';
import { TestNocoBase } from './support/nocobase.js';
import { TestRedis } from './support/redis.js';
import { describeWith } from './support/requirements.js';
import { SESSION_TOKEN } from './support/session-token.js';

interface Finding {
  readonly authenticator: string | null;
  readonly id: string;
  readonly status: 'ok' | 'failed' | 'attention' | 'skipped';
  readonly title: string;
  readonly detail: string;
  readonly fix: string | null;
}

const COOKIE_SECRET = 'a-cookie-secret-for-tests-and-not-a-real-one';

describe('The doctor', () => {
  let nocobase: TestNocoBase;
  let apiKey: string;
  let sandbox: Sandbox;
  let port: number;
  let good: Record<string, string>;
  const closeAfterwards: { close(): Promise<unknown> }[] = [];

  beforeAll(async () => {
    nocobase = await TestNocoBase.launch({ subApp: 'branch' });
    sandbox = await startSandbox();
    apiKey = await provisioned('dingtalk-gateway');
  }, 120_000);

  beforeEach(async () => {
    sandbox.reset();
    port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    register(publicUrl);
    good = {
      PUBLIC_URL: publicUrl,
      HOST: '127.0.0.1',
      PORT: String(port),
      AUTH_COOKIE_SECRET: COOKIE_SECRET,
      DINGTALK_CLIENT_ID: DEMO_CLIENT_ID,
      DINGTALK_CLIENT_SECRET: DEMO_CLIENT_SECRET,
      DINGTALK_LOGIN_URL: sandbox.loginUrl,
      DINGTALK_API_URL: sandbox.apiUrl,
      DINGTALK_OAPI_URL: sandbox.oapiUrl,
      ...nocobase.environment,
      NOCOBASE_API_TOKEN: apiKey,
    };
  });

  afterEach(async () => {
    await Promise.all(closeAfterwards.splice(0).map((one) => one.close()));
  });

  afterAll(async () => {
    await Promise.all([nocobase?.stop(), sandbox?.close()]);
  });

  const register = (publicUrl: string): void => {
    sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(`${publicUrl}/auth/dingtalk/dingtalk/callback`);
  };

  async function provisioned(name: string, app = 'main'): Promise<string> {
    const { stdout } = await runCommand(['provision', '--json', '--name', name], {
      NOCOBASE_APP: app,
      NOCOBASE_URL: nocobase.url,
      NOCOBASE_ROOT_ACCOUNT: nocobase.root.account,
      NOCOBASE_ROOT_PASSWORD: nocobase.root.password,
    });
    return (JSON.parse(stdout) as { variables: Record<string, string> }).variables['NOCOBASE_API_TOKEN']!;
  }

  /** The doctor's findings; whatever they are, they contain no secret. */
  async function examine(change: Record<string, string> = {}, args: readonly string[] = []) {
    const environment = { ...good, ...change };
    const said = await runCommand(['doctor', '--json', ...args], environment);
    keepsSecrets(said, environment);
    const { ok, findings } = JSON.parse(said.stdout) as { ok: boolean; findings: Finding[] };
    expect([ok, said.code]).toEqual(ok ? [true, 0] : [false, 1]);
    const find = (id: string): Finding => findings.find((finding) => finding.id === id)!;
    const failed = findings.filter(({ status }) => status === 'failed');
    return { code: said.code, findings, find, failed: failed.map(({ id }) => id) };
  }

  function keepsSecrets({ stdout, stderr }: CommandRun, environment: Record<string, string>): void {
    for (const name of ['AUTH_COOKIE_SECRET', 'DINGTALK_CLIENT_SECRET', 'NOCOBASE_API_TOKEN', 'NOCOBASE_JWT_SECRET']) {
      const secret = environment[name]!;
      if (secret.length > 3) expect(stdout + stderr).not.toContain(secret);
    }
    expect(stdout + stderr).not.toContain('CANARY');
    expect(stdout + stderr).not.toMatch(SESSION_TOKEN);
  }

  async function serving(answer: RequestListener): Promise<string> {
    const server: Server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closeAfterwards.push({ close: () => new Promise((resolve) => server.close(resolve)) });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const passing = async (proxy: Promise<BentProxy>): Promise<BentProxy> => {
    closeAfterwards.push(await proxy);
    return proxy;
  };

  describe('with everything in order', () => {
    it.each(['profile', 'member'])(
      'finds no problem, and says what only a person can verify (%s)',
      async (identity) => {
        const { code, findings } = await examine({
          DINGTALK_IDENTITY: identity,
          DINGTALK_CORP_ID: 'dingcorp1',
          DINGTALK_AUTO_SIGN_UP: 'true',
        });
        expect(code).toBe(0);
        const others = findings.filter(({ status }) => status !== 'ok').map(({ id, status }) => [id, status]);
        expect(others).toEqual([
          ['dingtalk.redirect', 'attention'],
          ['dingtalk.permission.consent', 'attention'],
          // NocoBase's default.
          ['nocobase.self-service', 'attention'],
        ]);
        expect(findings.map(({ id }) => id)).toContain('nocobase.new-user-roles');
      },
    );

    it('writes a report for people, in their language, with the redirect URL ready to copy', async () => {
      const english = await runCommand(['doctor'], good);
      const chinese = await runCommand(['doctor'], { ...good, LANG: 'zh_CN.UTF-8' });
      expect(english.stdout).toContain(
        `Redirect URL to register at DingTalk: ${good['PUBLIC_URL']}/auth/dingtalk/dingtalk/callback\n`,
      );
      expect(english.stdout).toContain('✓ Client ID and Client Secret: DingTalk accepts them');
      expect(english.stdout).not.toMatch(/\p{Script=Han}|\p{Cc}\[/u);
      expect(chinese.stdout).toContain('✓ Client ID 与 Client Secret：钉钉已接受');
      expect(chinese.stdout.split('\n').length).toBe(english.stdout.split('\n').length);
    });

    it('changes nothing: it only reads from NocoBase', async () => {
      const proxy = await NocoBaseProxy.before(nocobase.url);
      closeAfterwards.push(proxy);
      const { code } = await examine({
        NOCOBASE_URL: proxy.url,
        DINGTALK_CORP_ID: 'dingcorp1',
        DINGTALK_AUTO_SIGN_UP: 'true',
      });
      expect(code).toBe(0);
      expect(proxy.calls.length).toBeGreaterThan(5);
      expect(proxy.calls.filter((call) => !call.startsWith('GET '))).toEqual([]);
    });

    it('also checks a gateway that is already running', async () => {
      const gateway = await startGateway({ ...good, LOG_LEVEL: 'fatal' }, { port, publicUrl: good['PUBLIC_URL']! });
      closeAfterwards.push(gateway);
      expect((await examine()).find('public-url').status).toBe('ok');
    });

    it('releases the port again', async () => {
      await examine();
      await expect(fetch(`${good['PUBLIC_URL']}/health/live`)).rejects.toMatchObject({
        cause: { code: 'ECONNREFUSED' },
      });
    });
  });

  it.each<[what: string, change: Record<string, string>, id: string, detail: RegExp, fix: RegExp]>([
    [
      'a missing variable',
      { DINGTALK_CLIENT_ID: '' },
      'configuration',
      /DINGTALK_CLIENT_ID is required/,
      /\.env\.example/,
    ],
    [
      'a cookie secret that repeats itself',
      { AUTH_COOKIE_SECRET: 'ab'.repeat(20) },
      'secrets',
      /AUTH_COOKIE_SECRET is a repetition/,
      /openssl rand/,
    ],
    [
      'a cookie secret out of an example',
      { AUTH_COOKIE_SECRET: 'please-change-me-please-this-is-bad!' },
      'secrets',
      /AUTH_COOKIE_SECRET looks like a placeholder/,
      /openssl rand/,
    ],
    [
      'a cookie secret of few letters',
      { AUTH_COOKIE_SECRET: 'amqamaqmqmaaqmqmaqamqamqaqmamqamqaq' },
      'secrets',
      /AUTH_COOKIE_SECRET uses too few/,
      /openssl rand/,
    ],
    [
      'a client secret out of an example, whose cure is not one of our own',
      { DINGTALK_CLIENT_SECRET: 'replace-me-with-the-client-secret' },
      'secrets',
      /^DINGTALK_CLIENT_SECRET looks like a placeholder/,
      /^DINGTALK_CLIENT_SECRET: copy it from open-dev[^:]*$/,
    ],
    [
      'a blank that was copied along',
      { NOCOBASE_JWT_SECRET: 'kQ8vZp2Lx7TnR4cWb9YdHs3GmJ6fUe1A ' },
      'secrets',
      /^NOCOBASE_JWT_SECRET begins or ends with a space$/,
      /copy NocoBase's/,
    ],
    [
      'a wrong client secret',
      { DINGTALK_CLIENT_SECRET: 'not-the-secret-of-it' },
      'dingtalk.credentials',
      /invalidClientIdOrSecret/,
      /Credentials/,
    ],
    [
      'a wrong client id',
      { DINGTALK_CLIENT_ID: 'dingnobody' },
      'dingtalk.credentials',
      /invalidClientIdOrSecret/,
      /DINGTALK_CLIENT_ID/,
    ],
    [
      'a DingTalk whose name does not resolve',
      { DINGTALK_API_URL: 'https://api.dingtalk.invalid' },
      'dingtalk.host.api',
      /api\.dingtalk\.invalid:443 E/,
      /DNS/,
    ],
    [
      'a DingTalk that nobody lets us reach',
      { DINGTALK_LOGIN_URL: 'http://127.0.0.1:1' },
      'dingtalk.host.login',
      /ECONNREFUSED/,
      /firewall/,
    ],
    [
      'a NocoBase that is down',
      { NOCOBASE_URL: 'http://127.0.0.1:1' },
      'nocobase.reachable',
      /127\.0\.0\.1:1 does not answer \(ECONNREFUSED\)/,
      /NOCOBASE_URL/,
    ],
    ['a key that is none', { NOCOBASE_API_TOKEN: 'no-key-of-NocoBase' }, 'nocobase.key', /INVALID_TOKEN/, /provision/],
    [
      'a wrong JWT secret',
      { NOCOBASE_JWT_SECRET: 'the-secret-of-some-other-NocoBase' },
      'nocobase.jwt-secret',
      /INVALID_TOKEN/,
      /APP_KEY.*jwt_secret\.dat/,
    ],
    [
      'an authenticator that is not there',
      { NOCOBASE_AUTHENTICATOR: 'nobody' },
      'nocobase.authenticator',
      /no authenticator nobody/,
      /provision --authenticator nobody/,
    ],
    [
      'a hand-off page with two origins',
      { NOCOBASE_HANDOFF: 'page' },
      'hand-off',
      /different origins/,
      /NOCOBASE_HANDOFF=auto/,
    ],
    [
      'an unknown role for new users',
      { DINGTALK_CORP_ID: 'dingcorp1', DINGTALK_AUTO_SIGN_UP: 'true', DINGTALK_DEFAULT_ROLES: 'member,staff' },
      'nocobase.new-user-roles',
      /no role staff$/,
      /DINGTALK_DEFAULT_ROLES/,
    ],
    [
      'a public address of NocoBase that is nobody’s',
      { NOCOBASE_PUBLIC_URL: 'http://127.0.0.1:1' },
      'nocobase.public-url',
      /ECONNREFUSED/,
      /NOCOBASE_PUBLIC_URL/,
    ],
    ['a Redis that is down', { REDIS_URL: 'redis://:CANARY@127.0.0.1:1' }, 'redis', /ECONNREFUSED/, /REDIS_URL/],
  ])('names %s, and the remedy', async (_what, change, id, detail, fix) => {
    const { find, code } = await examine(change);
    expect(find(id)).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(detail),
      fix: expect.stringMatching(fix),
    });
    expect(code).toBe(1);
  });

  it('counts the phone numbers that no rule can read, and shows none of them', async () => {
    const found = await examine();
    expect(found.find('nocobase.phones').status).toBe('ok');
    const id = await nocobase.addUser({ nickname: 'Typed', phone: '138x0013y8000' });
    try {
      const { find, code } = await examine();
      expect(code).toBe(0);
      expect(find('nocobase.phones')).toMatchObject({
        status: 'attention',
        detail: expect.stringContaining(`user id ${id}`),
      });
      expect(JSON.stringify(find('nocobase.phones'))).not.toContain('138x');
      expect((await examine({ NOCOBASE_MATCH: 'none' })).find('nocobase.phones')).toBeUndefined();
    } finally {
      await nocobase.call('POST', `users:destroy?filterByTk=${id}`);
    }
  });

  describe('about fields that people are matched by and can change themselves', () => {
    const setEditing = async (enableEditProfile: boolean) =>
      nocobase.call('POST', 'users:updateSystemSettings', { enableEditProfile });

    afterEach(async () => setEditing(true));

    it("warns about NocoBase's default, with where to switch it off, and not once that was done", async () => {
      const { find, code } = await examine();
      expect(code).toBe(0);
      expect(find('nocobase.self-service')).toMatchObject({
        status: 'attention',
        detail: expect.stringContaining('set their own phone in NocoBase'),
        fix: expect.stringMatching(/Users & Permissions.*"Allow edit profile".*set NOCOBASE_MATCH to none/),
      });
      await setEditing(false);
      expect((await examine()).find('nocobase.self-service').status).toBe('ok');
    });

    it('is satisfied if the field is read-only in the form, or nobody is matched by it', async () => {
      const find = async (uid: string): Promise<string> => {
        const form = await nocobase.call<object>('GET', `uiSchemas:getJsonSchema/${uid}`);
        const [, phone] = /"phone":\{[^{}]*"x-collection-field":"users\.phone"[^{}]*"x-uid":"(\w+)"/.exec(
          JSON.stringify(form).replaceAll('"x-component-props":{},', ''),
        )!;
        return phone!;
      };
      const uid = await find('nocobase-user-profile-edit-form');
      await nocobase.call('POST', 'uiSchemas:patch', { 'x-uid': uid, 'x-read-pretty': true });
      expect((await examine()).find('nocobase.self-service').status).toBe('ok');
      await nocobase.call('POST', 'uiSchemas:patch', { 'x-uid': uid, 'x-read-pretty': false });
      expect((await examine()).find('nocobase.self-service').status).toBe('attention');
      expect((await examine({ NOCOBASE_MATCH: 'none' })).find('nocobase.self-service')).toBeUndefined();
    });

    it.each(['systemSettings:get', 'uiSchemas:getJsonSchema/nocobase-user-profile-edit-form'])(
      'says so if it could not see %s',
      async (action) => {
        const proxy = await NocoBaseProxy.before(nocobase.url);
        closeAfterwards.push(proxy);
        proxy.failOn(action, answering(403, '{"errors":[{"message":"No permissions"}]}'));
        const { find, code } = await examine({ NOCOBASE_URL: proxy.url });
        expect(find('nocobase.self-service')).toMatchObject({
          status: 'attention',
          detail: expect.stringContaining('could not be checked'),
          fix: expect.stringContaining('Allow edit profile'),
        });
        expect(code).toBe(0);
      },
    );
  });

  describe('about a sub-app', () => {
    let branch: Record<string, string>;

    beforeAll(async () => {
      branch = { NOCOBASE_APP: 'branch', NOCOBASE_API_TOKEN: await provisioned('dingtalk-gateway', 'branch') };
    });

    it('warns that it shares its secret with the main application, more severely with auto sign-up', async () => {
      const quiet = (await examine(branch)).find('nocobase.sub-app-secret');
      const signUp = { DINGTALK_CORP_ID: 'dingcorp1', DINGTALK_AUTO_SIGN_UP: 'true' };
      const loud = (await examine({ ...branch, ...signUp })).find('nocobase.sub-app-secret');
      expect(quiet).toMatchObject({
        status: 'attention',
        detail:
          'branch shares it with the main application: a session of user 2 in branch is also valid for user 2 in main.',
        fix: expect.stringMatching(/JWT Secret.*NOCOBASE_JWT_SECRET/),
      });
      expect(loud.detail).toMatch(/WITH AUTO SIGN-UP, ANYONE WHO CAN REGISTER/);
      expect((await examine()).find('nocobase.sub-app-secret')).toBeUndefined();
    });

    it('is satisfied if the main application refuses what the sub-app signs', async () => {
      const proxy = await NocoBaseProxy.before(nocobase.url);
      closeAfterwards.push(proxy);
      // The very last call is to main: answered as by a NocoBase whose sub-app has its own secret.
      proxy.failOn('auth:check', (request, response) =>
        request.headers['x-app'] === 'branch'
          ? 'pass'
          : answering(401, '{"errors":[{"code":"INVALID_TOKEN","message":"x"}]}')(request, response),
      );
      const { find } = await examine({ ...branch, NOCOBASE_URL: proxy.url });
      expect(find('nocobase.sub-app-secret').status).toBe('ok');
    });

    it("names the location of the sub-app's own secret, and main's file for all others", async () => {
      const { find } = await examine({ ...branch, NOCOBASE_JWT_SECRET: 'the-secret-of-some-other-NocoBase' });
      expect(find('nocobase.jwt-secret').fix).toMatch(/storage\/apps\/main\/jwt_secret\.dat.*in its options/);
      const main = await examine({ NOCOBASE_JWT_SECRET: 'the-secret-of-some-other-NocoBase' });
      expect(main.find('nocobase.jwt-secret').fix).not.toMatch(/sub-app/);
    });
  });

  it('reports no other problem, and which checks it could not make', async () => {
    const down = await examine({ NOCOBASE_URL: 'http://127.0.0.1:1', NOCOBASE_PUBLIC_URL: nocobase.url });
    expect(down.failed).toEqual(['nocobase.reachable']);
    expect(down.find('nocobase.rights')).toMatchObject({
      status: 'skipped',
      detail: 'not tested because of: NocoBase API key',
    });
    const unconfigured = await examine({ PUBLIC_URL: '' });
    expect(unconfigured.failed).toEqual(['configuration']);
    expect(unconfigured.findings.slice(1).every(({ status }) => status === 'skipped')).toBe(true);
    expect((await examine({ NOCOBASE_JWT_SECRET: 'the-secret-of-some-other-NocoBase' })).failed).toEqual([
      'nocobase.jwt-secret',
    ]);
    expect((await examine({ DINGTALK_CLIENT_SECRET: 'not-the-secret-of-it' })).failed).toEqual([
      'dingtalk.credentials',
    ]);
  });

  it('names a secret that is used for two purposes', async () => {
    const { find } = await examine({ AUTH_COOKIE_SECRET: nocobase.jwtSecret });
    expect(find('secrets')).toMatchObject({
      status: 'failed',
      detail: 'AUTH_COOKIE_SECRET and NOCOBASE_JWT_SECRET are the same',
    });
  });

  it('checks every authenticator of a file, and names the one concerned', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
    const path = join(folder, 'authenticators.json');
    const { loginUrl, apiUrl, oapiUrl } = sandbox;
    const application = { clientId: DEMO_CLIENT_ID, clientSecret: DEMO_CLIENT_SECRET, loginUrl, apiUrl, oapiUrl };
    const defaults = { nocobase: { url: nocobase.url, apiToken: apiKey, jwtSecret: nocobase.jwtSecret } };
    const authenticators = [
      { name: 'dingtalk', dingtalk: application },
      { name: 'branch', dingtalk: { ...application, clientSecret: 'another-Value-81' } },
    ];
    writeFileSync(path, JSON.stringify({ defaults, authenticators }));
    const { PUBLIC_URL, HOST, PORT, AUTH_COOKIE_SECRET } = good;
    const own = { PUBLIC_URL: PUBLIC_URL!, HOST: HOST!, PORT: PORT!, AUTH_COOKIE_SECRET: AUTH_COOKIE_SECRET! };
    const { code, stdout } = await runCommand(['doctor', '--json'], { ...own, AUTHENTICATORS_FILE: path });
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    const failed = findings
      .filter(({ status }) => status === 'failed')
      .map(({ authenticator, id }) => [authenticator, id]);
    expect(failed).toEqual([
      ['branch', 'dingtalk.credentials'],
      ['branch', 'nocobase.authenticator'],
    ]);
    expect(code).toBe(1);
    // In the terms of the file's author.
    const ofBranch = findings.filter(({ authenticator }) => authenticator === 'branch');
    expect(JSON.stringify(ofBranch)).not.toMatch(/(?:DINGTALK|NOCOBASE)_[A-Z]/);
    expect(ofBranch.find(({ id }) => id === 'dingtalk.credentials')?.fix).toContain('dingtalk.clientSecret');
    for (const secret of [DEMO_CLIENT_SECRET, 'another-Value-81', apiKey, nocobase.jwtSecret])
      expect(stdout).not.toContain(secret);
  });

  describe('at DingTalk', () => {
    it('names a server that is not on the allowlist, with the address that DingTalk saw', async () => {
      sandbox.failures.set('appAccessToken', 'ip-not-whitelisted');
      const { find, failed } = await examine();
      expect(find('dingtalk.egress')).toMatchObject({
        status: 'failed',
        detail: expect.stringContaining('203.0.113.7'),
        fix: expect.stringMatching(/Security settings, Server egress IP: add 203\.0\.113\.7/),
      });
      expect(failed).toEqual(['dingtalk.egress']);
    });

    it('does so even if only the older API checks the list', async () => {
      sandbox.failures.set('getByUnionId', 'ip-not-whitelisted');
      const { find } = await examine({ DINGTALK_IDENTITY: 'member' });
      expect(find('dingtalk.egress')).toMatchObject({ status: 'failed', detail: expect.stringContaining('60020') });
      expect(find('dingtalk.permission.member').status).toBe('skipped');
    });

    it('reports no failure if only silent sign-in inside DingTalk would not work', async () => {
      const profile = { DINGTALK_CORP_ID: 'dingcorp1' };
      sandbox.failures.set('getByUnionId', 'ip-not-whitelisted');
      const unlisted = await examine(profile);
      expect(unlisted.find('dingtalk.egress')).toMatchObject({
        status: 'attention',
        detail: expect.stringContaining('60020'),
      });
      const silent = await examine({ ...profile, DINGTALK_OAPI_URL: 'http://127.0.0.1:9' });
      expect(silent.find('dingtalk.egress').status).toBe('ok');
      expect(silent.find('dingtalk.permission.member')).toMatchObject({
        status: 'attention',
        detail: '127.0.0.1:9 does not answer (ECONNREFUSED)',
      });
      expect([unlisted.failed, silent.failed]).toEqual([[], []]);
    });

    it('reports that no organization is set, so that anyone whom DingTalk admits can sign in', async () => {
      const { code, find } = await examine();
      expect(code).toBe(0);
      expect(find('dingtalk.organization')).toMatchObject({
        status: 'attention',
        detail: expect.stringContaining('anyone DingTalk lets through'),
      });
    });

    it('names an organization that the application does not belong to', async () => {
      const wrong = await examine({ DINGTALK_CORP_ID: 'dingcorp2' });
      expect(wrong.failed).toEqual(['dingtalk.organization']);
      expect(wrong.find('dingtalk.organization').detail).toContain('dingcorp2');
      expect(wrong.find('dingtalk.organization').fix).toMatch(/^Set DINGTALK_CORP_ID to the CorpId/);
      const oneOfTwo = await examine({ DINGTALK_CORP_ID: 'dingcorp1,dingnowhere' });
      expect(oneOfTwo.find('dingtalk.organization')).toMatchObject({
        status: 'attention',
        detail: expect.stringMatching(/dingnowhere$/),
      });
    });

    it('names the missing permission', async () => {
      sandbox.world.app(DEMO_CLIENT_ID).permissions.qyapi_get_member = false;
      const { find, failed } = await examine({ DINGTALK_IDENTITY: 'member' });
      expect(find('dingtalk.permission.member').fix).toMatch(/Permission management: grant qyapi_get_member.*publish/);
      expect(failed).toEqual(['dingtalk.permission.member']);
      // Not checked if it is not needed.
      expect((await examine()).failed).toEqual([]);
    });

    it('names a contact scope that is too small', async () => {
      sandbox.failures.set('getByUnionId', { status: 200, body: '{"errcode":50002,"errmsg":"CANARY"}' });
      const { find } = await examine({ DINGTALK_IDENTITY: 'member' });
      expect(find('dingtalk.permission.member')).toMatchObject({
        status: 'failed',
        fix: expect.stringContaining('Contact scope'),
      });
    });

    it('names a redirect URL that is not registered, ready to copy', async () => {
      const { find, failed } = await examine({ PUBLIC_URL: `http://localhost:${port}` });
      expect(find('dingtalk.redirect').fix).toContain(`http://localhost:${port}/auth/dingtalk/dingtalk/callback`);
      expect(failed).toEqual(['dingtalk.redirect']);
    });

    it("reports no problem if DingTalk is merely busy, and repeats none of DingTalk's text", async () => {
      sandbox.failures.set('getByUnionId', 'qps');
      const { find, failed } = await examine({ DINGTALK_IDENTITY: 'member' });
      expect(find('dingtalk.permission.member').status).toBe('attention');
      expect(failed).toEqual([]);
      sandbox.failures.set('appAccessToken', { status: 400, body: '{"code":"\\u001b[2Jodd <b>","message":"CANARY"}' });
      expect((await examine()).find('dingtalk.credentials').detail).toBe('DingTalk gives no app access token (2Joddb)');
    });
  });

  describe('at NocoBase', () => {
    const rightsOn = (role: string, collection: string, actions: object[]): Promise<unknown> => {
      const where = new URLSearchParams({ filter: JSON.stringify({ dataSourceKey: 'main', name: collection }) });
      return nocobase.call('POST', `roles/${role}/dataSourceResources:update?${where.toString()}`, {
        dataSourceKey: 'main',
        name: collection,
        usingActionsConfig: true,
        actions,
      });
    };

    it('names a right that was revoked, and a missing field of one', async () => {
      const NOCOBASE_API_TOKEN = await provisioned('weak-gateway');
      await rightsOn('weak-gateway', 'issuedTokens', []);
      await rightsOn('weak-gateway', 'usersAuthenticators', [
        { name: 'view', fields: ['authenticator', 'userId'] },
        { name: 'create', fields: ['authenticator', 'userId', 'uuid', 'nickname', 'meta'] },
      ]);
      const { find, failed } = await examine({ NOCOBASE_API_TOKEN });
      expect(find('nocobase.rights')).toMatchObject({
        status: 'failed',
        detail: 'missing: usersAuthenticators: view (uuid, meta); issuedTokens: create',
        fix: expect.stringContaining('provision'),
      });
      expect(failed).toEqual(['nocobase.rights']);
    });

    it('names a user field that NocoBase does not have', async () => {
      const DINGTALK_FIELDS = 'nickname=name:overwrite,jobTitel=name:overwrite';
      const { stdout } = await runCommand(['provision', '--json', '--name', 'field-gateway'], {
        NOCOBASE_URL: nocobase.url,
        NOCOBASE_ROOT_ACCOUNT: nocobase.root.account,
        NOCOBASE_ROOT_PASSWORD: nocobase.root.password,
        DINGTALK_FIELDS,
      });
      const { variables } = JSON.parse(stdout) as { variables: Record<string, string> };
      const { find, failed } = await examine({ ...variables, DINGTALK_FIELDS });
      expect(find('nocobase.fields')).toMatchObject({
        status: 'failed',
        detail: "NocoBase's users have no field jobTitel: no field is updated",
        fix: expect.stringContaining('DINGTALK_FIELDS'),
      });
      expect(failed).toEqual(['nocobase.fields']);
      const right = await examine({ ...variables, DINGTALK_FIELDS: 'nickname=name:overwrite' });
      expect(right.find('nocobase.fields')).toMatchObject({ status: 'ok', detail: 'present: nickname' });
    });

    it('points out excessive rights, and a key of root', async () => {
      const NOCOBASE_API_TOKEN = await provisioned('strong-gateway');
      await rightsOn('strong-gateway', 'roles', [
        { name: 'view', fields: ['name', 'default', 'snippets'] },
        { name: 'destroy', fields: [] },
      ]);
      await rightsOn('strong-gateway', 'users', [
        { name: 'view', fields: null },
        { name: 'create', fields: [] },
      ]);
      const strong = await examine({ NOCOBASE_API_TOKEN });
      expect(strong.code).toBe(0);
      expect(strong.find('nocobase.rights')).toMatchObject({
        status: 'attention',
        detail: expect.stringMatching(
          /roles:view \(snippets\); roles:destroy; users:view \(\*\); users:create \(\*\)$/,
        ),
      });
      const root = await examine({ NOCOBASE_API_TOKEN: nocobase.apiKey });
      expect(root.code).toBe(0);
      expect(root.find('nocobase.key')).toMatchObject({
        status: 'attention',
        detail: expect.stringMatching(/^user 1 \(nocobase\), role root/),
      });
    });

    it("trusts NocoBase's answers rather than a role's name: a key of the role admin signs nobody in", async () => {
      await nocobase.call('POST', 'users:update?filterByTk=1', { roles: ['root', 'admin', 'member'] });
      const { token: NOCOBASE_API_TOKEN } = await nocobase.call<{ token: string }>('POST', 'apiKeys:create', {
        name: 'of admin',
        role: { name: 'admin' },
        expiresIn: '3d',
      });
      const { code, find } = await examine({ NOCOBASE_API_TOKEN });
      expect(code).toBe(1);
      expect(find('nocobase.rights')).toMatchObject({
        status: 'failed',
        detail: expect.stringContaining('usersAuthenticators: list (NocoBase: '),
        fix: expect.stringContaining('set NOCOBASE_API_TOKEN to the key that it prints'),
      });
    });

    it('names the role that `provision` has to repair', async () => {
      const NOCOBASE_API_TOKEN = await provisioned('gateway-2');
      await rightsOn('gateway-2', 'tokenControlConfig', []);
      const { find } = await examine({ NOCOBASE_API_TOKEN });
      expect(find('nocobase.rights').fix).toMatch(/^Run `nocobase-dingtalk-gateway provision --name gateway-2` again/);
    });

    it('reports that a value without two dots is not a key', async () => {
      const { find } = await examine({ NOCOBASE_API_TOKEN: 'not-a-key-of-nocobase' });
      expect(find('nocobase.key')).toMatchObject({
        status: 'failed',
        fix: expect.stringMatching(/^It is not an API key/),
      });
    });

    it('names a deleted key', async () => {
      const { token: NOCOBASE_API_TOKEN } = await nocobase.call<{ token: string }>('POST', 'apiKeys:create', {
        name: 'gone',
        role: { name: 'member' },
        expiresIn: '3d',
      });
      const [key] = await nocobase.list('apiKeys', { name: 'gone' }, 'id');
      await nocobase.call('POST', `apiKeys:destroy?filterByTk=${String(key?.['id'])}`);
      const { find } = await examine({ NOCOBASE_API_TOKEN });
      expect(find('nocobase.key')).toMatchObject({
        status: 'failed',
        detail: expect.stringContaining('BLOCKED_TOKEN'),
        fix: expect.stringContaining('deleted'),
      });
    });

    it('names an authenticator that is enabled although no plugin knows its type', async () => {
      const { id } = await nocobase.call<{ id: number }>('POST', 'authenticators:create', {
        name: 'enabled-one',
        authType: 'DingTalk',
        enabled: true,
      });
      register(good['PUBLIC_URL']!);
      const { find } = await examine({ NOCOBASE_AUTHENTICATOR: 'enabled-one' });
      expect(find('nocobase.authenticator')).toMatchObject({
        status: 'failed',
        fix: expect.stringContaining('disable enabled-one'),
      });
      await nocobase.call('POST', `authenticators:destroy?filterByTk=${id}`);
    });

    it.each([
      ['starts', 503, '{"error":{"code":"APP_COMMANDING","message":"CANARY"}}', /APP_COMMANDING/, /Wait a minute/],
      ['does not know the sub-app', 404, '{"error":{"code":"APP_NOT_FOUND"}}', /no application main/, /NOCOBASE_APP/],
      ['is another program', 200, '{"hello":"CANARY"}', /it is not NocoBase \(HTTP 200\)/, /NOCOBASE_URL/],
      ['redirects', 301, '', /HTTP 301/, /final address/],
    ])('names a NocoBase that %s', async (_what, status, body, detail, fix) => {
      const proxy = await NocoBaseProxy.before(nocobase.url);
      closeAfterwards.push(proxy);
      proxy.failOn('*', answering(status, body));
      const { find } = await examine({ NOCOBASE_URL: proxy.url, NOCOBASE_PUBLIC_URL: nocobase.url });
      expect(find('nocobase.reachable')).toMatchObject({
        status: 'failed',
        detail: expect.stringMatching(detail),
        fix: expect.stringMatching(fix),
      });
    });
  });

  describe('between the browser and the gateway', () => {
    it('names a proxy that strips the path', async () => {
      const proxy = await passing(
        BentProxy.before(good['PUBLIC_URL']!, { path: (path) => path.replace(/^\/sso/, '') }),
      );
      const publicUrl = `${proxy.origin}/sso`;
      register(publicUrl);
      const { find, failed } = await examine({ PUBLIC_URL: publicUrl });
      expect(find('public-url')).toMatchObject({
        status: 'failed',
        detail: expect.stringContaining('changes the path'),
        fix: expect.stringContaining('proxy_pass'),
      });
      expect(failed).toEqual(['public-url']);
    });

    it('is satisfied with one that does not', async () => {
      const proxy = await passing(BentProxy.before(good['PUBLIC_URL']!, {}));
      register(`${proxy.origin}/sso`);
      expect((await examine({ PUBLIC_URL: `${proxy.origin}/sso` })).failed).toEqual([]);
    });

    it.each([
      ['names a proxy that TRUST_PROXY does not', {}, '203.0.113.9', 'attention', /Set TRUST_PROXY=127\.0\.0\.1\.$/],
      [
        '… beside others',
        { TRUST_PROXY: '10.0.0.0/8' },
        '203.0.113.9',
        'attention',
        /Set TRUST_PROXY=10\.0\.0\.0\/8,127\.0\.0\.1\.$/,
      ],
      [
        'names one that says nothing of the client',
        { TRUST_PROXY: '127.0.0.1' },
        undefined,
        'attention',
        /X-Forwarded-For/,
      ],
      ['is content with one that both agree on', { TRUST_PROXY: '127.0.0.1' }, '203.0.113.9', 'ok', undefined],
    ] as const)('%s', async (_what, change, forwardedFor, status, fix) => {
      const proxy = await passing(
        BentProxy.before(good['PUBLIC_URL']!, forwardedFor === undefined ? {} : { forwardedFor }),
      );
      register(`${proxy.origin}/sso`);
      const { find } = await examine({ PUBLIC_URL: `${proxy.origin}/sso`, ...change });
      expect(find('public-url').status).toBe(status);
      if (fix !== undefined) expect(find('public-url').fix).toMatch(fix);
    });

    it('names a proxy without a gateway behind it, another program, a redirect, and an address that nothing answers', async () => {
      const lost = await passing(BentProxy.before('http://127.0.0.1:1', {}));
      const addresses: [string, RegExp][] = [
        [lost.origin, /finds no gateway behind it \(HTTP 502\)/],
        [await serving((_request, response) => response.end('<p>hello')), /another program/],
        [
          await serving((_request, response) =>
            response.setHeader('content-type', 'application/json').end('{"status":"ok"}'),
          ),
          /another program/,
        ],
        [
          await serving((_request, response) => response.writeHead(302, { location: '/x' }).end()),
          /redirects \(HTTP 302\)/,
        ],
        ['http://127.0.0.1:1', /does not answer \(ECONNREFUSED\)/],
      ];
      for (const [publicUrl, detail] of addresses) {
        const { find } = await examine({ PUBLIC_URL: publicUrl });
        expect(find('public-url')).toMatchObject({ status: 'failed', detail: expect.stringMatching(detail) });
      }
    });

    it("reports a password path that leads back to the gateway through the proxy's recipe", async () => {
      const proxy = await NocoBaseProxy.before(nocobase.url);
      closeAfterwards.push(proxy);
      proxy.failOn('', ({ url }, response) => {
        if (url !== '/signin') return 'pass';
        return response.writeHead(302, { location: `${good['PUBLIC_URL']}/auth/dingtalk?redirect=` }).end();
      });
      const of = async (change: Record<string, string>) =>
        (await examine({ NOCOBASE_PUBLIC_URL: proxy.url, ...change })).find('nocobase.password-path');
      expect(await of({})).toMatchObject({
        status: 'attention',
        detail: expect.stringContaining(`${proxy.url}/signin leads back to the gateway`),
        fix: expect.stringContaining('NOCOBASE_PASSWORD_PATH=/signin?local=1'),
      });
      expect(await of({ NOCOBASE_PASSWORD_PATH: '/signin?local=1' })).toMatchObject({ status: 'ok' });
    });

    it('names an untrusted TLS certificate', async () => {
      const { find } = await examine({ PUBLIC_URL: good['PUBLIC_URL']!.replace('http:', 'https:') });
      expect(find('public-url')).toMatchObject({ status: 'failed', fix: expect.stringContaining('certificate') });
    });
  });

  describe('and the clock', () => {
    it("names NocoBase's clock if DingTalk's agrees with this machine's", async () => {
      const late = await passing(BentProxy.before(nocobase.url, { clockMs: -90_000 }));
      const { find, failed } = await examine({ NOCOBASE_URL: late.origin });
      expect(find('clock')).toMatchObject({
        status: 'failed',
        detail: expect.stringMatching(/NocoBase is (89|9\d) s behind this machine/),
        fix: expect.stringContaining("NocoBase's machine"),
      });
      expect(failed).toEqual(['clock']);
    });

    it("names this machine's if both differ", async () => {
      const ahead = await passing(BentProxy.before(nocobase.url, { clockMs: 60_000 }));
      const dingtalk = await passing(BentProxy.before(sandbox.url, { clockMs: 60_000 }));
      const { find } = await examine({ NOCOBASE_URL: ahead.origin, DINGTALK_API_URL: `${dingtalk.origin}/api` });
      expect(find('clock')).toMatchObject({ status: 'failed', fix: expect.stringContaining("this machine's clock") });
    });
  });

  describeWith('redis', 'with Redis', (program) => {
    it('tests it and leaves nothing behind', async () => {
      const redis = await TestRedis.start(program);
      try {
        expect((await examine({ REDIS_URL: redis.url })).find('redis')).toMatchObject({
          status: 'ok',
          detail: expect.stringContaining('SET NX'),
        });
        const client = new Redis(redis.url);
        expect(await client.dbsize()).toBe(0);
        await client.config('SET', 'requirepass', 'CANARY-needed');
        expect((await examine({ REDIS_URL: redis.url })).find('redis').detail).toContain('NOAUTH');
        expect((await examine({ REDIS_URL: redis.url.replace('//', '//:CANARY@') })).find('redis').detail).toContain(
          'WRONGPASS',
        );
        client.disconnect();
      } finally {
        await redis.stop();
      }
    });
  });
});
