import { setTimeout as delay } from 'node:timers/promises';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, type Sandbox, startSandbox } from '../sandbox/index.js';
import { examinationReport } from '../src/core/plugin-protocol/index.js';
import { freePort } from './support/free-port.js';
import { type RunningGateway, startGateway } from './support/gateway.js';
import type { TestNocoBase } from './support/nocobase.js';
import { launchWithPlugin } from './support/nocobase-plugin.js';

interface Row {
  readonly id: number;
}

/** Without any double between them: the gateway and the plugin in a real NocoBase, which share no secret. */
describe('The gateway and the plugin', () => {
  let nocobase: TestNocoBase;
  let sandbox: Sandbox;
  let gateway: RunningGateway;
  let row: Row;

  beforeAll(async () => {
    [nocobase, sandbox] = await Promise.all([launchWithPlugin(), startSandbox()]);
    const port = await freePort();
    gateway = await startGateway(
      {
        AUTHENTICATORS_SOURCE: 'nocobase',
        NOCOBASE_URL: nocobase.url,
        DINGTALK_LOGIN_URL: sandbox.loginUrl,
        DINGTALK_API_URL: sandbox.apiUrl,
        DINGTALK_OAPI_URL: sandbox.oapiUrl,
      },
      { port },
    );
    sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(`${gateway.url}/auth/dingtalk/company/callback`);
  }, 120_000);

  afterAll(async () => {
    await gateway?.close();
    await Promise.all([sandbox?.close(), nocobase?.stop()]);
  });

  const options = (change: object = {}): object => ({
    gatewayUrl: gateway.url,
    nocobaseUrl: nocobase.url,
    clientId: DEMO_CLIENT_ID,
    clientSecret: DEMO_CLIENT_SECRET,
    corpIds: ['dingcorp1'],
    ...change,
  });
  const save = async (change: object, enabled = true) =>
    nocobase.call('POST', `authenticators:update?filterByTk=${row.id}`, { enabled, options: options(change) });

  /** Where the gateway would redirect a person, or the error code. */
  async function begun(): Promise<string> {
    const response = await fetch(`${gateway.url}/auth/dingtalk/company?challenge=${'c'.repeat(43)}`, {
      redirect: 'manual',
      headers: { accept: 'application/json' },
    });
    if (response.status === 302) return new URL(response.headers.get('location')!).searchParams.get('client_id')!;
    return ((await response.json()) as { error: string }).error;
  }

  async function until(wanted: string): Promise<void> {
    let seen = await begun();
    for (let waited = 0; waited < 12_000 && seen !== wanted; waited += 100) {
      await delay(100);
      seen = await begun();
    }
    expect(seen).toBe(wanted);
  }

  const page = async (): Promise<string> =>
    (await fetch(`${gateway.url}/`, { headers: { accept: 'text/html', 'accept-language': 'en' } })).text();

  it('find each other as soon as the administrator has saved the form', async () => {
    await until('misconfigured');
    expect(await page()).toContain('DingTalk is not set up in NocoBase for this gateway');
    const values = { name: 'company', authType: 'DingTalk', title: 'Our company', enabled: true, options: options() };
    row = await nocobase.call<Row>('POST', 'authenticators:create', values);
    await until(DEMO_CLIENT_ID);
    expect(await page()).toContain('Sign in with Our company');
    expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200);
  });

  it('agree on every press of "Test"', async () => {
    const examined = await nocobase.call('POST', 'dingtalk:examine?authenticator=company', { lang: 'en' });
    const { findings, ok } = examinationReport.parse(examined);
    const found = (id: string) => findings.find((finding) => finding.id === id);
    expect(found('dingtalk.credentials')?.status).toBe('ok');
    expect(found('nocobase.plugin')?.detail).toMatch(
      /^version [\d.]+, knows this gateway, whose signing key is [\w-]{43}$/,
    );
    expect(found('nocobase.address')?.status).toBe('ok');
    expect([ok, findings.filter(({ status }) => status === 'failed')]).toEqual([true, []]);
    expect(JSON.stringify(findings)).not.toContain(DEMO_CLIENT_SECRET);

    await save({ clientSecret: 'a-wrong-one-not-real' });
    const again = await nocobase.call('POST', 'dingtalk:examine?authenticator=company', { lang: 'zh' });
    const refused = examinationReport.parse(again).findings.find(({ id }) => id === 'dingtalk.credentials');
    expect(refused).toMatchObject({ status: 'failed', title: 'Client ID 与 Client Secret' });
    expect(JSON.stringify(again)).not.toContain('a-wrong-one-not-real');
  }, 60_000);

  it('both apply a change within seconds, and drop an authenticator that is moved to another gateway', async () => {
    await save({ clientId: 'dingchanged' });
    await until('dingchanged');
    await save({ gatewayUrl: 'https://another.example.com' });
    await until('misconfigured');
  });
});
