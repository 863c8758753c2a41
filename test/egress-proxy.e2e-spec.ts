import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, type Sandbox, startSandbox } from '../sandbox/index.js';
import { runCommand } from './support/command.js';
import { ConnectProxy } from './support/connect-proxy.js';
import { freePort } from './support/free-port.js';
import { TestNocoBase } from './support/nocobase.js';
import { handedOver, SignInCase } from './support/sign-in-case.js';

/** A user and a password with characters that a URL must escape. */
const LOGIN = 'gateway:p@ss/w:rd';
const ESCAPED = 'gateway:p%40ss%2Fw%3Ard';

describe('If a proxy is the only way to DingTalk', () => {
  let nocobase: TestNocoBase;
  let sandbox: Sandbox;
  let testCase: SignInCase;
  let proxy: ConnectProxy;
  /** Nothing listens there: a call that bypasses the proxy fails. */
  let api: string;
  let oapi: string;

  beforeAll(async () => {
    nocobase = await TestNocoBase.launch();
    sandbox = await startSandbox();
    api = `127.0.0.1:${await freePort()}`;
    oapi = `127.0.0.1:${await freePort()}`;
    const routes = new Map([
      [api, new URL(sandbox.apiUrl).host],
      [oapi, new URL(sandbox.oapiUrl).host],
      [new URL(sandbox.loginUrl).host, new URL(sandbox.loginUrl).host],
    ]);
    proxy = await ConnectProxy.start(routes, LOGIN);
    testCase = await SignInCase.start(
      { ...environment(), ...nocobase.environment, DINGTALK_LOGIN_URL: sandbox.loginUrl },
      { sandbox },
    );
  }, 120_000);

  beforeEach(() => {
    proxy.targets.length = 0;
  });

  afterAll(async () => {
    await Promise.all([testCase?.close(), proxy?.close(), nocobase?.stop()]);
  });

  function environment(): Record<string, string> {
    return {
      DINGTALK_API_URL: `http://${api}${new URL(sandbox.apiUrl).pathname}`,
      DINGTALK_OAPI_URL: `http://${oapi}${new URL(sandbox.oapiUrl).pathname}`,
      DINGTALK_CORP_ID: 'dingcorp1',
      DINGTALK_IDENTITY: 'member',
      DINGTALK_AUTO_SIGN_UP: 'true',
      DINGTALK_PROXY_URL: `http://${ESCAPED}@${proxy.address}`,
    };
  }

  it('people sign in, and NocoBase is called without it', async () => {
    const { location } = await testCase.signIn('li-lei');
    const { token, authenticator } = handedOver(location);
    expect((await nocobase.whoIs(token, authenticator)).id).toBeGreaterThan(1);
    // Both of DingTalk's APIs, and nothing else.
    expect(new Set(proxy.targets)).toEqual(new Set([api, oapi]));
  });

  it('a tunnel is reused', async () => {
    await testCase.signIn('li-lei');
    expect(proxy.targets.length).toBeLessThanOrEqual(1);
  });

  it.each([
    ['asks for a password', (address: string) => `http://${address}`, 'the proxy answers 407'],
    ['is not there', () => 'http://127.0.0.1:9', 'ECONNREFUSED'],
  ])('and it %s, people are told to try again, and no password is logged', async (_what, proxyUrl, detail) => {
    const lonely = await SignInCase.start(
      { ...environment(), ...nocobase.environment, DINGTALK_PROXY_URL: proxyUrl(proxy.address) },
      { sandbox },
    );
    const answer = await lonely.signIn('li-lei');
    expect([answer.status, answer.errorCode]).toEqual([503, 'temporarily_unavailable']);
    expect(JSON.stringify(lonely.gateway.log)).toContain(detail);
    expect(JSON.stringify(lonely.gateway.log)).not.toContain('p@ss');
    await lonely.gateway.close();
  });

  it('the doctor uses it as well', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'proxy-'));
    writeFileSync(join(folder, 'proxy'), `http://${ESCAPED}@${proxy.address}\n`);
    const { DINGTALK_PROXY_URL: _, ...rest } = environment();
    const checked = async (more: Record<string, string>): Promise<string> => {
      const run = await runCommand(['doctor', '--lang', 'en'], {
        ...rest,
        PUBLIC_URL: testCase.gateway.url,
        AUTH_COOKIE_SECRET: 'a-cookie-secret-for-tests-and-not-a-real-one',
        DINGTALK_LOGIN_URL: sandbox.loginUrl,
        DINGTALK_CLIENT_ID: DEMO_CLIENT_ID,
        DINGTALK_CLIENT_SECRET: DEMO_CLIENT_SECRET,
        ...nocobase.environment,
        ...more,
      });
      expect(run.stdout).not.toContain('p%40ss');
      return run.stdout;
    };
    const byProxy = await checked({ DINGTALK_PROXY_URL_FILE: join(folder, 'proxy') });
    expect(byProxy).toContain(`${api} through the proxy ${proxy.address}`);
    expect(byProxy).toContain(`${oapi} through the proxy ${proxy.address}`);
    expect(await checked({ DINGTALK_PROXY_URL: `http://${proxy.address}` })).toContain('PROXY_407');
    // A proxy from the environment is not used, and the doctor says so.
    expect(await checked({ HTTPS_PROXY: `http://${ESCAPED}@${proxy.address}` })).toContain('HTTPS_PROXY is set');
  });
});
