import { setTimeout as delay } from 'node:timers/promises';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, type Sandbox, startSandbox } from '../sandbox/index.js';
import { freePort } from './support/free-port.js';
import { GatewayProcess } from './support/gateway-process.js';
import { TestNocoBase } from './support/nocobase.js';

interface Ready {
  readonly status: string;
  readonly details: Record<string, { readonly status: string; readonly reason?: string; readonly setting?: string }>;
}

describe('Sessions that NocoBase would not accept', () => {
  let nocobase: TestNocoBase;
  let sandbox: Sandbox;
  let gateway: GatewayProcess | undefined;

  beforeAll(async () => {
    nocobase = await TestNocoBase.launch();
    sandbox = await startSandbox();
  }, 120_000);
  afterEach(async () => gateway?.kill());
  afterAll(async () => {
    await Promise.all([nocobase?.stop(), sandbox?.close()]);
  });

  async function start(change: Record<string, string> = {}): Promise<() => Promise<Ready & { code: number }>> {
    const running = await GatewayProcess.start(
      {
        DINGTALK_CLIENT_ID: DEMO_CLIENT_ID,
        DINGTALK_CLIENT_SECRET: DEMO_CLIENT_SECRET,
        DINGTALK_LOGIN_URL: sandbox.loginUrl,
        DINGTALK_API_URL: sandbox.apiUrl,
        DINGTALK_OAPI_URL: sandbox.oapiUrl,
        ...nocobase.environment,
        ...change,
      },
      await freePort(),
    );
    gateway = running;
    return async () => {
      const answer = await fetch(`${running.url}/health/ready`);
      return { code: answer.status, ...((await answer.json()) as Ready) };
    };
  }

  const logged = async (event: string): Promise<string> => {
    for (;;) {
      const line = gateway?.output.split('\n').find((one) => one.includes(`"${event}"`));
      if (line !== undefined) return line;
      await delay(50);
    }
  };

  it('show at the start, in the log and as degraded, if the secret is not NocoBase’s', async () => {
    const look = await start({ NOCOBASE_JWT_SECRET: 'not-the-secret-of-this-nocobase-CANARY' });
    const line = await logged('sessions_refused');
    expect(JSON.parse(line)).toMatchObject({
      code: 'misconfigured',
      setting: 'NOCOBASE_JWT_SECRET',
      authenticator: 'dingtalk',
    });
    // An answer may be a second or two old.
    let seen = await look();
    while (seen.status === 'ok') {
      await delay(100);
      seen = await look();
    }
    expect(seen).toMatchObject({
      code: 200,
      status: 'degraded',
      details: { sessions: { status: 'down', reason: 'misconfigured', setting: 'NOCOBASE_JWT_SECRET' } },
    });
    expect(gateway?.output).not.toContain('CANARY');
  });

  it('show if the authenticator is enabled although NocoBase does not know its type', async () => {
    const [row] = await nocobase.list('authenticators', { name: 'dingtalk' }, 'id');
    const enable = (enabled: boolean): Promise<unknown> =>
      nocobase.call('POST', `authenticators:update?filterByTk=${String(row?.['id'])}`, { id: row?.['id'], enabled });
    await enable(true);
    try {
      await start();
      expect(JSON.parse(await logged('sessions_refused'))).toMatchObject({ setting: 'NOCOBASE_AUTHENTICATOR' });
    } finally {
      await enable(false);
    }
  });

  it('do not show if everything is right', async () => {
    const look = await start();
    expect(await look()).toMatchObject({ code: 200, status: 'ok' });
    const { details } = await look();
    expect(Object.keys(details).toSorted()).toEqual(['dingtalk', 'nocobase', 'store']);
    expect(gateway?.output).not.toContain('sessions_refused');
  });
});
