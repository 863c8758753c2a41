import { Browser } from './support/browser.js';
import { freePort } from './support/free-port.js';
import { TestNocoBase } from './support/nocobase.js';
import { handedOver, SignInCase } from './support/sign-in-case.js';

/** NocoBase with a base path, and with a sub-app beside the main application. */
describe('The address of NocoBase', () => {
  let nocobase: TestNocoBase;
  const cases: SignInCase[] = [];

  beforeAll(async () => {
    nocobase = await TestNocoBase.launch({ publicPath: '/nb/', subApp: 'branch' });
    const row = { name: 'dingtalk', authType: 'DingTalk', title: 'DingTalk', enabled: false };
    await nocobase.call('POST', 'authenticators:create', row, { 'x-app': 'branch' });
  }, 120_000);

  afterAll(async () => {
    await Promise.all([...cases.map((testCase) => testCase.close()), nocobase?.stop()]);
  });

  async function start(environment: Record<string, string>): Promise<SignInCase> {
    const testCase = await SignInCase.start({
      ...nocobase.environment,
      DINGTALK_CORP_ID: 'dingcorp1',
      DINGTALK_AUTO_SIGN_UP: 'true',
      ...environment,
    });
    cases.push(testCase);
    return testCase;
  }

  it('keeps the base path before the return path', async () => {
    const testCase = await start({});
    const outcome = await testCase.signIn('li-lei', { redirect: '/v/admin/x' });
    const { url, token, authenticator } = handedOver(outcome.location);
    expect(url.pathname).toBe('/nb/v/admin/x');
    expect((await nocobase.whoIs(token, authenticator)).nickname).toBe('李雷');
  });

  it.each([
    ['/admin/x?a=1', '/nb/apps/branch/admin/x'],
    ['/v/admin/x', '/nb/v/apps/branch/admin/x'],
    ['/apps/branch/admin/y', '/nb/apps/branch/admin/y'],
  ])('leads %s into the sub-app', async (redirect, landing) => {
    const testCase = await start({ NOCOBASE_APP: 'branch' });
    const outcome = await testCase.signIn('han-meimei', { redirect, corpId: 'dingcorp1' });

    const { url, token } = handedOver(outcome.location);
    expect(url.pathname).toBe(landing);
    const inBranch = await fetch(`${nocobase.url}/api/auth:check`, {
      headers: { authorization: `Bearer ${token}`, 'x-app': 'branch' },
    });
    expect(((await inBranch.json()) as { data: { nickname: string } }).data.nickname).toBe('韩梅梅');
  });

  it("writes the sub-app's own storage keys if both share an origin", async () => {
    const origin = new URL(nocobase.url).origin;
    const port = await freePort();
    const testCase = await SignInCase.start(
      {
        ...nocobase.environment,
        NOCOBASE_PUBLIC_URL: `${origin}/nb`,
        NOCOBASE_APP: 'branch',
        NOCOBASE_HANDOFF: 'auto',
        DINGTALK_CORP_ID: 'dingcorp1',
        DINGTALK_AUTO_SIGN_UP: 'true',
      },
      { port, publicUrl: `${origin}/sso` },
    );
    cases.push(testCase);
    // Without a proxy here: the gateway is called at its own port, as the proxy would.
    const direct = (url: string): string => url.replace(`${origin}/sso`, `http://127.0.0.1:${port}/sso`);
    const browser = new Browser();
    const authorize = (await browser.get(direct(`${origin}/sso/auth/dingtalk?redirect=/admin/z%23here`))).location;
    const end = await browser.get(direct(await testCase.sandbox.approve(authorize, 'li-lei')));

    expect(end.status).toBe(200);
    const data = /data-hand-off="([^"]+)"/.exec(end.text)?.[1]?.replace(/&#34;/g, '"') ?? '';
    expect(JSON.parse(data)).toEqual({
      location: `${origin}/nb/apps/branch/admin/z#here`,
      place: 'localStorage',
      storage: {
        NOCOBASE_BRANCH_TOKEN: expect.stringMatching(/^eyJ/),
        NOCOBASE_BRANCH_AUTH: 'dingtalk',
        NOCOBASE_BRANCH_ROLE: null,
      },
      former: { tokenKey: 'NOCOBASE_BRANCH_TOKEN', signOutUrl: `${origin}/nb/api/auth:signOut`, app: 'branch' },
    });
    expect(end.headers.get('location')).toBeNull();
    expect(end.headers.get('cache-control')).toBe('no-store');
  });
});
