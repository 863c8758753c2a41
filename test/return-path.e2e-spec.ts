import { DEMO_CLIENT_ID } from '../sandbox/index.js';
import { Browser } from './support/browser.js';
import { freePort } from './support/free-port.js';
import { HOSTILE_RETURN_PATHS } from './support/hostile-return-paths.js';
import { TestNocoBase } from './support/nocobase.js';
import { PluginDouble } from './support/plugin-double.js';
import { handedOver, SignInCase } from './support/sign-in-case.js';
import { TicketDesk } from './support/ticket-desk.js';

const IOS = {
  'user-agent': 'Mozilla/5.0 (iPhone) Mobile/15E148 AliApp(DingTalk/7.8.1) com.laiwang.DingTalk/46766536',
};

/** The requests that an administrator who follows a stranger's link finally sends to NocoBase, with their own session. */
describe('A link to something other than a page of NocoBase', () => {
  let nocobase: TestNocoBase;
  let desk: TicketDesk;
  let inside: PluginDouble;
  const running: SignInCase[] = [];

  beforeAll(async () => {
    [nocobase, desk, inside] = await Promise.all([TestNocoBase.launch(), TicketDesk.start(), PluginDouble.start()]);
    inside.publicUrl = desk.url;
  }, 120_000);

  afterAll(async () => {
    await Promise.all(running.map((one) => one.close()));
    await Promise.all([nocobase?.stop(), desk?.close(), inside?.goAway()]);
  });

  /** Where a person lands, as a path in NocoBase without what the hand-off itself added. */
  type Landing = (testCase: SignInCase, redirect: string) => Promise<string>;

  async function start(environment: Record<string, string>, publicUrl?: string): Promise<SignInCase> {
    const common = { AUTH_RATE_LIMIT_PER_ADDRESS: '0', DINGTALK_CORP_ID: 'dingcorp1', DINGTALK_AUTO_SIGN_UP: 'true' };
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    const testCase = await SignInCase.start(
      { ...nocobase.environment, ...common, ...environment },
      { port, publicUrl: publicUrl ?? origin },
    );
    ports.set(testCase, port);
    running.push(testCase);
    return testCase;
  }

  const ports = new Map<SignInCase, number>();
  /** Without the proxy in front of gateway and NocoBase if they share an origin. */
  const direct = (testCase: SignInCase, url: string): string =>
    url.replace(new URL(testCase.gateway.url).origin, `http://127.0.0.1:${ports.get(testCase)}`);

  const inNocoBase = (location: string): string => {
    const { pathname, search, hash } = new URL(location);
    const own = new URLSearchParams(search);
    if (own.has('token')) expect(own.getAll('token')).toHaveLength(1);
    for (const name of ['token', 'authenticator']) own.delete(name);
    return pathname + (own.size === 0 ? '' : `?${own.toString()}`) + hash;
  };

  /** By DingTalk's pages, in any browser. */
  async function throughDingTalk(testCase: SignInCase, redirect: string): Promise<{ text: string; location?: string }> {
    const browser = new Browser();
    const query = new URLSearchParams({ redirect }).toString();
    let next = (await browser.get(direct(testCase, `${testCase.gateway.url}/auth/dingtalk?${query}`))).location;
    // In ticket mode through the plugin.
    if (next.includes('dingtalk:start')) next = (await browser.get((await browser.get(next)).location)).location;
    const end = await browser.get(direct(testCase, await testCase.sandbox.approve(next, 'li-lei')));
    return end.status === 303 ? { text: end.text, location: end.location } : { text: end.text };
  }

  /** Silently, in DingTalk's client. */
  async function inDingTalk(testCase: SignInCase, redirect: string): Promise<{ location: string }> {
    const browser = new Browser();
    const { url } = testCase.gateway;
    const query = new URLSearchParams({ redirect }).toString();
    let page = await browser.get(direct(testCase, `${url}/auth/dingtalk/dingtalk/in-app?${query}`), IOS);
    if (page.status === 302) page = await browser.get((await browser.get(page.location, IOS)).location, IOS);
    const state = /data-state="([^"]+)"/.exec(page.text)?.[1];
    // "Try again" and "another way" lead where the sign-in would have led.
    expect(page.text).not.toMatch(/redirect=[^"]*(?:api|files|storage|apps|pm%3A)/i);
    const answer = await fetch(direct(testCase, `${url}/auth/dingtalk/dingtalk/in-app`), {
      method: 'POST',
      headers: {
        origin: new URL(url).origin,
        'content-type': 'application/json',
        accept: 'application/json',
        cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      body: JSON.stringify({ code: testCase.sandbox.world.issueInAppCode('li-lei', 'dingcorp1'), state }),
    });
    expect(answer.status).toBe(200);
    return (await answer.json()) as { location: string };
  }

  const pathInTicket = (location: string): string => {
    const [, payload = ''] = new URL(location).hash.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { returnPath: string };
    return claims.returnPath;
  };

  const byQuery: Landing = async (testCase, redirect) =>
    inNocoBase((await throughDingTalk(testCase, redirect)).location!);
  const byPage: Landing = async (testCase, redirect) => {
    const { text } = await throughDingTalk(testCase, redirect);
    const location = /&#34;location&#34;:&#34;(.+?)&#34;/.exec(text)![1]!;
    return inNocoBase(location.replaceAll('&#38;', '&'));
  };
  const byTicket: Landing = async (testCase, redirect) =>
    pathInTicket((await throughDingTalk(testCase, redirect)).location!);
  const inApp: Landing = async (testCase, redirect) => inNocoBase((await inDingTalk(testCase, redirect)).location);
  const inAppByTicket: Landing = async (testCase, redirect) =>
    pathInTicket((await inDingTalk(testCase, redirect)).location);

  const ofTicket = (): Record<string, string> => ({
    NOCOBASE_URL: inside.url,
    NOCOBASE_PUBLIC_URL: desk.url,
    NOCOBASE_HANDOFF: 'ticket',
  });
  const WAYS: [string, () => Record<string, string>, () => string | undefined, Landing, Landing][] = [
    ['page', () => ({ NOCOBASE_HANDOFF: 'page' }), () => `${nocobase.url}/sso`, byPage, inApp],
    ['ticket', ofTicket, () => undefined, byTicket, inAppByTicket],
  ];

  describe.each(WAYS)('by %s', (handOff, environment, publicUrl, landing, landingInApp) => {
    let testCase: SignInCase;

    beforeAll(async () => {
      testCase = await start(environment(), publicUrl());
      if (handOff === 'ticket') desk.trust(testCase.gateway.url);
    }, 60_000);

    it.each(HOSTILE_RETURN_PATHS)('ends at the default page: %s', async (redirect) => {
      expect(await landing(testCase, redirect)).toBe('/admin');
      expect(await landingInApp(testCase, redirect)).toBe('/admin');
    });

    it('is distinguished from one to a page, which keeps its own parameters', async () => {
      const kept = '/admin/x?a=1&code=2&state=3#b';
      for (const land of [landing, landingInApp]) {
        expect(await land(testCase, '/admin/x?a=1&code=2&state=3&token=4&authCode=5#b')).toBe(kept);
        expect(await land(testCase, '/v/admin/x/filterbytk/a:b')).toBe('/v/admin/x/filterbytk/a:b');
        expect(await land(testCase, '/public-forms/x')).toBe('/public-forms/x');
      }
    });

    it('is not offered again by an error page', async () => {
      const browser = new Browser();
      const query = new URLSearchParams({ redirect: '/api/users:destroy' }).toString();
      let next = (await browser.get(direct(testCase, `${testCase.gateway.url}/auth/dingtalk?${query}`))).location;
      if (handOff === 'ticket') next = (await browser.get((await browser.get(next)).location)).location;
      const end = await browser.get(direct(testCase, await testCase.sandbox.deny(next)));
      const said = handOff === 'ticket' ? end.location : end.text;
      expect(said).toContain('redirect=%2Fadmin');
      expect(said).not.toMatch(/users(?::|%3A|&#58;)destroy/i);
    });
  });

  it('of a sub-app is a page only for that sub-app', async () => {
    const testCase = await start({ ...ofTicket(), NOCOBASE_APP: 'sales' });
    desk.trust(testCase.gateway.url);
    expect(await byTicket(testCase, '/apps/sales/admin/x')).toBe('/apps/sales/admin/x');
    for (const redirect of HOSTILE_RETURN_PATHS) expect(await byTicket(testCase, redirect)).toBe('/admin');
  });

  it('may be listed by an operator, if it is a page of a plugin', async () => {
    const testCase = await start({ NOCOBASE_RETURN_PATHS: '/portal', NOCOBASE_DEFAULT_PATH: '/home/start' });
    expect(await byQuery(testCase, '/portal/x:y')).toBe('/portal/x:y');
    expect(await byQuery(testCase, '/home/other')).toBe('/home/other');
    expect(await byQuery(testCase, '/portals')).toBe('/home/start');
    expect(await byQuery(testCase, '/api/users:destroy')).toBe('/home/start');
  });

  it('does nothing in NocoBase for an administrator who follows it', async () => {
    const victim = await nocobase.addUser({ nickname: 'Victim', username: 'victim-of-a-link' });
    const testCase = await start({});
    const uuid = testCase.sandbox.world.unionIdOf('li-lei', DEMO_CLIENT_ID);
    await nocobase.call('POST', `usersAuthenticators:destroy?filter=${JSON.stringify({ uuid })}`);
    await nocobase.call('POST', 'usersAuthenticators:create', { authenticator: 'dingtalk', userId: 1, uuid });
    const redirect = `/api/users:destroy?filterByTk=${victim}`;
    const { location } = await throughDingTalk(testCase, redirect);
    const { token, authenticator } = handedOver(location!);
    await fetch(location!, { headers: { accept: 'text/html' } });

    expect((await nocobase.whoIs(token, authenticator)).id).toBe(1);
    expect(await nocobase.list('users', { id: victim }, 'id')).toHaveLength(1);
    // The same request to the address in the link would have done it.
    const asked = new URL(`${nocobase.url}${redirect}`);
    asked.search += `&${new URLSearchParams({ token, authenticator }).toString()}`;
    await fetch(asked);
    expect(await nocobase.list('users', { id: victim }, 'id')).toHaveLength(0);
  });
});
