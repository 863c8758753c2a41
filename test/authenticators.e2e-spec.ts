import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, type Sandbox, startSandbox } from '../sandbox/index.js';
import { Browser } from './support/browser.js';
import { type RunningGateway, startGateway } from './support/gateway.js';
import { TestNocoBase } from './support/nocobase.js';
import { handedOver } from './support/sign-in-case.js';

const BRANCH = { clientId: 'dingbranch', clientSecret: 'branch-secret-not-real' };

/** Two DingTalk applications, one for the main application of NocoBase and one for a sub-app. */
describe('Several authenticators at one gateway', () => {
  let nocobase: TestNocoBase;
  let sandbox: Sandbox;
  let gateway: RunningGateway;
  const file = join(mkdtempSync(join(tmpdir(), 'authenticators-')), 'authenticators.json');

  function configuration() {
    return {
      defaults: {
        dingtalk: { loginUrl: sandbox.loginUrl, apiUrl: sandbox.apiUrl, oapiUrl: sandbox.oapiUrl, autoSignUp: true },
        nocobase: { url: nocobase.url, apiToken: nocobase.apiKey, jwtSecret: { env: 'JWT_SECRET' } },
      },
      authenticators: [
        {
          name: 'dingtalk',
          dingtalk: { clientId: DEMO_CLIENT_ID, clientSecret: DEMO_CLIENT_SECRET, corpId: 'dingcorp1' },
        },
        {
          name: 'dingtalk-branch',
          title: { 'en-US': 'the branch office', 'zh-CN': '分公司钉钉' },
          logo: 'logo.svg',
          dingtalk: { ...BRANCH, corpId: 'dingcorp2' },
          nocobase: { app: 'branch', passwordPath: '/signin?local=1' },
        },
      ],
    };
  }
  type Configuration = ReturnType<typeof configuration>;

  function write(change: (configuration: Configuration) => void = () => undefined): void {
    const wanted = configuration();
    change(wanted);
    writeFileSync(file, JSON.stringify(wanted));
  }

  beforeAll(async () => {
    [nocobase, sandbox] = await Promise.all([TestNocoBase.launch({ subApp: 'branch' }), startSandbox()]);
    const row = { name: 'dingtalk-branch', authType: 'DingTalk', title: 'DingTalk', enabled: false };
    await nocobase.call('POST', 'authenticators:create', row, { 'x-app': 'branch' });
    sandbox.world.addApp({ ...BRANCH, corpId: 'dingcorp2' });
    writeFileSync(join(file, '..', 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    write();
    gateway = await startGateway({ AUTHENTICATORS_FILE: file, JWT_SECRET: nocobase.jwtSecret });
    for (const [id, name] of [
      [DEMO_CLIENT_ID, 'dingtalk'],
      [BRANCH.clientId, 'dingtalk-branch'],
    ] as const) {
      sandbox.world.app(id).redirectUris.push(`${gateway.url}/auth/dingtalk/${name}/callback`);
    }
  }, 120_000);

  afterAll(async () => {
    await gateway?.close();
    await Promise.all([sandbox?.close(), nocobase?.stop()]);
  });

  const start = async (name: string, browser = new Browser()): Promise<string> =>
    (await browser.get(`${gateway.url}/auth/dingtalk${name === '' ? '' : `/${name}`}?redirect=/admin/x`)).location;

  const whoIsIn = async (app: string, token: string): Promise<string> => {
    const headers = { authorization: `Bearer ${token}`, 'x-app': app };
    const response = await fetch(`${nocobase.url}/api/auth:check`, { headers });
    return ((await response.json()) as { data: { nickname: string } }).data.nickname;
  };

  /** The gateway's log lines about its next attempt to read its file. */
  async function reloaded(trigger: () => void = () => process.emit('SIGHUP')): Promise<Record<string, unknown>> {
    const seen = gateway.log.length;
    trigger();
    for (let waited = 0; waited < 10_000; waited += 20) {
      const line = gateway.log
        .slice(seen)
        .find(({ event }) => /^authenticators_(reloaded|refused)$/.test(String(event)));
      if (line !== undefined) return line;
      await delay(20);
    }
    throw new Error('the gateway did not read its file again');
  }

  it('lead each person through the application and into the NocoBase of the button that they pressed', async () => {
    const browser = new Browser();
    const main = await browser.get(await sandbox.approve(await start('', browser), 'li-lei'));
    const branch = await browser.get(
      await sandbox.approve(await start('dingtalk-branch', browser), 'han-meimei', 'dingcorp2'),
    );

    const [inMain, inBranch] = [handedOver(main.location), handedOver(branch.location)];
    expect([inMain.authenticator, inMain.url.pathname]).toEqual(['dingtalk', '/admin/x']);
    expect([inBranch.authenticator, inBranch.url.pathname]).toEqual(['dingtalk-branch', '/apps/branch/admin/x']);
    expect(await whoIsIn('main', inMain.token)).toBe('李雷');
    expect(await whoIsIn('branch', inBranch.token)).toBe('韩梅梅');
  });

  it('assign a binding without an organization to its authenticator’s only organization, as currently configured', async () => {
    const name = 'dingtalk-second';
    const second = { name, dingtalk: { ...BRANCH, corpId: 'dingcorp2' }, nocobase: { severalBindings: true } };
    const row = { name, authType: 'DingTalk', title: 'DingTalk', enabled: false };
    await nocobase.call('POST', 'authenticators:create', row);
    sandbox.world.app(BRANCH.clientId).redirectUris.push(`${gateway.url}/auth/dingtalk/${name}/callback`);
    const id = await nocobase.addUser({ nickname: 'Works in two', phone: sandbox.world.person('han-meimei').mobile! });
    const older = { authenticator: 'dingtalk', userId: id, uuid: 'union-of-0.1.0', meta: { dingtalkGateway: {} } };
    await nocobase.call('POST', 'usersAuthenticators:create', older);
    const signIn = async () => {
      const browser = new Browser();
      return browser.get(await sandbox.approve(await start(name, browser), 'han-meimei', 'dingcorp2'));
    };

    write((wanted) => {
      Object.assign(wanted.authenticators[0]!.dingtalk, { corpId: ['dingcorp1', 'dingcorp3'] });
      wanted.authenticators.push(second as never);
    });
    await reloaded();
    expect((await signIn()).status).toBe(409);

    write((wanted) => wanted.authenticators.push(second as never));
    await reloaded();
    expect(await whoIsIn('main', handedOver((await signIn()).location).token)).toBe('Works in two');
    await nocobase.call('POST', `users:destroy?filterByTk=${id}`);
    write();
    await reloaded();
  });

  it("do not accept each other's states", async () => {
    const browser = new Browser();
    const callback = new URL(await sandbox.approve(await start('dingtalk', browser), 'li-lei'));
    callback.pathname = callback.pathname.replace('/dingtalk/callback', '/dingtalk-branch/callback');
    const before = sandbox.requests.length;
    const refused = await browser.get(callback.href);
    expect(refused.errorCode).toBe('invalid_state');
    expect(sandbox.requests.length).toBe(before);
  });

  it('apply their own rules to their own people', async () => {
    const browser = new Browser();
    const outcome = await browser.get(
      await sandbox.approve(await start('dingtalk', browser), 'han-meimei', 'dingcorp1'),
    );
    expect(outcome.status).toBe(303);
    sandbox.world.app(BRANCH.clientId).letOutsidersThrough = true;
    const stranger = await browser.get(
      await sandbox.approve(await start('dingtalk-branch', browser), 'li-lei', 'dingcorp1'),
    );
    sandbox.world.app(BRANCH.clientId).letOutsidersThrough = false;
    expect(stranger.errorCode).toBe('organization_not_allowed');
    // Back to where this person came from, not to the default.
    expect(stranger.text).toContain(`${gateway.url}/auth/dingtalk/dingtalk-branch?redirect=%2Fadmin%2Fx`);
    expect(stranger.text).toContain(`${nocobase.url}/apps/branch/signin?local=1`);
  });

  it('have a button each, with title and logo, in both languages', async () => {
    const [en, zh] = await Promise.all(
      ['en', 'zh-CN'].map(async (language) => new Browser(language).get(`${gateway.url}/?redirect=/admin/y`)),
    );
    expect(en?.text).toContain('Sign in with DingTalk');
    expect(en?.text).toContain('Sign in with the branch office');
    expect(zh?.text).toContain('使用分公司钉钉登录');
    expect(en?.text).toContain(`href="${gateway.url}/auth/dingtalk/dingtalk-branch?redirect=%2Fadmin%2Fy"`);
    expect(en?.text).toContain('<img src="data:image/svg+xml;base64,');
    expect(en?.headers.get('content-security-policy')).toContain('img-src data:');
  });

  it('are ready with a status for each', async () => {
    const { status, body } = await ready();
    expect([status, body.status]).toEqual([200, 'ok']);
    expect(Object.keys(body.details).toSorted()).toEqual([
      'dingtalk:dingtalk',
      'dingtalk:dingtalk-branch',
      'nocobase:dingtalk',
      'nocobase:dingtalk-branch',
      'store',
    ]);
  });

  it('are read again on SIGHUP: sign-ins in progress finish, new ones follow the new file', async () => {
    const [stays, goes] = [new Browser(), new Browser()];
    const running = await sandbox.approve(await start('dingtalk', stays), 'li-lei');
    const gone = await sandbox.approve(await start('dingtalk-branch', goes), 'han-meimei', 'dingcorp2');
    write((wanted) => {
      wanted.authenticators.splice(1);
      Object.assign(wanted.authenticators[0]!, { title: { 'en-US': 'Headquarters' } });
    });

    expect(await reloaded()).toMatchObject({
      event: 'authenticators_reloaded',
      changed: ['dingtalk'],
      inForce: ['dingtalk'],
    });
    expect((await stays.get(running)).status).toBe(303);
    expect((await goes.get(gone)).errorCode).toBe('not_found');
    expect((await new Browser().get(`${gateway.url}/`)).text).toContain('Sign in with Headquarters');
  });

  it('do not interrupt a sign-in in progress when the file is read again', async () => {
    const browser = new Browser();
    const callback = await sandbox.approve(await start('dingtalk', browser), 'li-lei');
    sandbox.failures.set('userAccessToken', { delayMs: 400 }, { times: 1 });
    const finishing = browser.get(callback);
    await delay(100);
    write();
    expect((await reloaded()).event).toBe('authenticators_reloaded');
    expect((await finishing).status).toBe(303);
  });

  it('stay unchanged if the file cannot be used, with a reason in the log and no secret', async () => {
    for (const spoil of [
      () => writeFileSync(file, '{ "authenticators": [ { "name": "CANARY'),
      () => write((wanted) => Object.assign(wanted.authenticators[1]!.dingtalk, { corpId: [] })),
      () => write((wanted) => Object.assign(wanted.defaults.nocobase, { jwtSecret: { env: 'NOT_SET' } })),
    ]) {
      spoil();
      const line = await reloaded();
      expect(line).toMatchObject({ event: 'authenticators_refused', inForce: ['dingtalk', 'dingtalk-branch'] });
      expect(line['problems']).toEqual(expect.arrayContaining([expect.stringMatching(/^AUTHENTICATORS_FILE/)]));
      expect(JSON.stringify(line)).not.toMatch(/CANARY|not-real/);
      const browser = new Browser();
      const outcome = await browser.get(await sandbox.approve(await start('dingtalk', browser), 'li-lei'));
      expect(outcome.status).toBe(303);
    }
    write();
    expect((await reloaded()).event).toBe('authenticators_reloaded');
  });

  it('are read again when the file changes', async () => {
    const line = await reloaded(() =>
      write((wanted) => Object.assign(wanted.authenticators[1]!.dingtalk, { corpId: 'dingcorp1' })),
    );
    expect(line).toMatchObject({ event: 'authenticators_reloaded', changed: ['dingtalk-branch'] });
    expect(readFileSync(file, 'utf8')).toContain('dingcorp1');
  });

  it('stay ready while one NocoBase of two, or DingTalk, is down, and the page says so', async () => {
    write((wanted) => Object.assign(wanted.authenticators[1]!.nocobase!, { url: 'http://127.0.0.1:1' }));
    await reloaded();
    const one = await ready();
    write((wanted) => Object.assign(wanted.defaults.nocobase, { url: 'http://127.0.0.1:1' }));
    await reloaded();
    const both = await ready();
    write((wanted) => Object.assign(wanted.defaults.dingtalk, { apiUrl: 'http://127.0.0.1:1' }));
    await reloaded();
    const dingtalk = await ready();

    expect([one.status, one.body.status]).toEqual([200, 'degraded']);
    expect(one.body.details['nocobase:dingtalk-branch']).toEqual({ status: 'down', reason: 'temporarily_unavailable' });
    expect([both.status, both.body.status]).toEqual([503, 'error']);
    expect([dingtalk.status, dingtalk.body.status]).toEqual([200, 'degraded']);

    const seen = async (): Promise<string> => (await new Browser().get(`${gateway.url}/`)).text;
    // The page shows a result that is a few seconds old.
    let page = await seen();
    for (let waited = 0; waited < 8000 && !page.includes('DingTalk cannot be reached'); waited += 500) {
      await delay(500);
      page = await seen();
    }
    expect(page).toContain('DingTalk cannot be reached right now. If you have a password, you can sign in with it.');
  });

  async function ready() {
    const response = await fetch(`${gateway.url}/health/ready`);
    const body = (await response.json()) as { status: string; details: Record<string, unknown> };
    return { status: response.status, body };
  }
});
