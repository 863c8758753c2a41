import { DEMO_CLIENT_ID } from '../sandbox/index.js';
import { filledIn, PluginDouble } from './support/plugin-double.js';
import { type Answer, Browser } from './support/browser.js';
import { TestNocoBase } from './support/nocobase.js';
import { TestRedis } from './support/redis.js';
import { describeWith } from './support/requirements.js';
import { SignInCase } from './support/sign-in-case.js';
import { challengeOf, TicketDesk } from './support/ticket-desk.js';

const DINGTALK_APP = { 'user-agent': 'Mozilla/5.0 (iPhone) Mobile AliApp(DingTalk/7.8.1) com.laiwang.DingTalk' };
const STATE = 'A'.repeat(43);
/** A client as the trusted proxy sees it. */
function from(ip: string): Record<string, string> {
  return { 'x-forwarded-for': ip };
}

/** Small, so that a test can go far beyond it. */
const PER_ADDRESS = 4;
/** The number of codes per address and minute that reach DingTalk although it refuses them. */
const MAX_REFUSED = 30;
const HOME = from('192.0.2.33');
const OUTSIDER = 'outsider';
const EXCHANGES: readonly string[] = ['userAccessToken', 'getUserInfo'];
const outcomeOf = ({ status, errorCode }: Answer) => [status, errorCode];

interface Way {
  readonly testCase: SignInCase;
  /** To DingTalk's consent page, in the way that this NocoBase requires. */
  readonly start: (browser: Browser, home: Record<string, string>) => Promise<string>;
  /** The page inside DingTalk's client. */
  readonly openInApp: (browser: Browser, home: Record<string, string>) => Promise<Answer>;
  /** Whether the sign-in was handed over. */
  readonly isIn: (location: string) => boolean;
}

async function post(
  { gateway }: SignInCase,
  browser: Browser,
  body: object,
  headers: Record<string, string>,
): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(`${gateway.url}/auth/dingtalk/dingtalk/in-app`, {
    method: 'POST',
    headers: {
      ...DINGTALK_APP,
      ...headers,
      origin: gateway.url,
      accept: 'application/json',
      'content-type': 'application/json',
      ...(cookie === '' ? {} : { cookie }),
    },
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    headers: response.headers,
  };
}

const stateOn = (page: Answer): string => /data-state="([^"]+)"/.exec(page.text)?.[1] ?? '';

/** Everything that an attacker without a transaction can send, from many networks. */
async function flood({ gateway }: SignInCase, times: number, addresses: readonly string[]): Promise<number[]> {
  const callback = `${gateway.url}/auth/dingtalk/dingtalk/callback?code=x&state=${STATE}`;
  const garbage = `sign-in-${'x'.repeat(16)}=${'y'.repeat(300)}; sign-in-${'z'.repeat(16)}=e..e.e.e`;
  const statuses: number[] = [];
  for (const ip of addresses) {
    const sent = Array.from({ length: times }, async (_, i) => {
      const [url, headers]: [string, Record<string, string>] = [
        [`${gateway.url}/auth/dingtalk`, {}],
        [callback, {}],
        [callback, { cookie: garbage }],
        [`${gateway.url}/auth/dingtalk/dingtalk/in-app`, DINGTALK_APP],
      ][i % 4] as [string, Record<string, string>];
      return (await new Browser().get(url, { ...headers, ...from(ip) })).status;
    });
    statuses.push(...(await Promise.all(sent)));
  }
  return statuses;
}

/** Several /48 with many /64, and as many IPv4 addresses. */
const ATTACKERS = [
  ...['2001:db8:a1', '2001:db8:a2', '2001:db8:a3'].flatMap((site) =>
    Array.from({ length: 12 }, (_, i) => `${site}:${(i * 0x81).toString(16)}::1`),
  ),
  ...Array.from({ length: 12 }, (_, i) => `198.51.100.${i + 1}`),
];

/** What holds for every kind of hand-off. */
function whoGetsThrough(way: () => Way): void {
  let nextHome = 1;
  /** A network that no other client is in. */
  const newHome = (): Record<string, string> => from(`2001:db8:f${(nextHome += 1).toString(16)}:1::1`);

  it('lets people in while others flood it from many networks, in the browser and inside DingTalk', async () => {
    const { testCase, start, openInApp, isIn } = way();
    const [home, browser, phone] = [newHome(), new Browser(), new Browser()];
    const [consent, page] = [await start(browser, home), await openInApp(phone, home)];
    const refused = (await flood(testCase, 8, ATTACKERS)).filter((status) => status === 429);
    expect(refused.length).toBeGreaterThan(ATTACKERS.length);

    const back = await browser.get(await testCase.sandbox.approve(consent, 'li-lei'), home);
    expect([back.status, isIn(back.location)]).toEqual([303, true]);
    const code = testCase.sandbox.world.issueInAppCode('li-lei', 'dingcorp1');
    const inside = await post(testCase, phone, { code, state: stateOn(page) }, home);
    expect([inside.status, isIn(String(inside.body['location']))]).toEqual([200, true]);
    // A person who starts only now.
    const late = new Browser();
    const end = await late.get(await testCase.sandbox.approve(await start(late, home), 'li-lei'), home);
    expect([end.status, isIn(end.location)]).toEqual([303, true]);
  });

  it.each([
    ['the same IPv4 address', '192.0.2.77', ['192.0.2.77']],
    ['the same /64', '2001:db8:b1:1::1', ['2001:db8:b1:1::2']],
    ['the same /48', '2001:db8:b2:1::1', Array.from({ length: 24 }, (_, i) => `2001:db8:b2:${i + 1}00::1`)],
  ])('lets people with a transaction finish, although %s floods it', async (_where, ip, attackers) => {
    const { testCase, start, openInApp, isIn } = way();
    const [home, browser, phone] = [from(ip), new Browser(), new Browser()];
    const [consent, page] = [await start(browser, home), await openInApp(phone, home)];
    await flood(testCase, 16, attackers);
    expect(outcomeOf(await new Browser().get(`${testCase.gateway.url}/auth/dingtalk`, home))).toEqual([
      429,
      'rate_limited',
    ]);

    const back = await browser.get(await testCase.sandbox.approve(consent, 'li-lei'), home);
    expect([back.status, isIn(back.location)]).toEqual([303, true]);
    const code = testCase.sandbox.world.issueInAppCode('li-lei', 'dingcorp1');
    const inside = await post(testCase, phone, { code, state: stateOn(page) }, home);
    expect([inside.status, isIn(String(inside.body['location']))]).toEqual([200, true]);
  });
}

/** A browser that received a transaction, on a different network from the one that it returns from. */
interface Holder {
  readonly browser: Browser;
  readonly state: string;
  readonly flow: 'browser' | 'in-app';
}

/** What holds for codes that DingTalk refuses, without any other limit. */
function whatIsAsked(way: () => Way): void {
  let lastNetwork = 0;

  beforeEach(() => void (way().testCase.sandbox.requests.length = 0));

  const exchanges = (): number =>
    way().testCase.sandbox.requests.filter(({ operation }) => EXCHANGES.includes(operation)).length;

  async function holders(count: number): Promise<Holder[]> {
    const { start, openInApp } = way();
    const made: Holder[] = [];
    for (let i = 0; i < count; i += 1) {
      const [browser, elsewhere] = [new Browser(), from(`203.0.113.${(lastNetwork += 1) % 250}`)];
      const isInApp = i % 2 === 0;
      const state = isInApp
        ? stateOn(await openInApp(browser, elsewhere))
        : (new URL(await start(browser, elsewhere)).searchParams.get('state') ?? '');
      made.push({ browser, state, flow: isInApp ? 'in-app' : 'browser' });
    }
    return made;
  }

  /** Returns with a code. */
  async function answer({ browser, state, flow }: Holder, code: string, home: Record<string, string>) {
    const { testCase } = way();
    if (flow === 'in-app') return post(testCase, browser, { code, state }, home);
    const url = `${testCase.gateway.url}/auth/dingtalk/dingtalk/callback?${new URLSearchParams({ code, state }).toString()}`;
    return browser.get(url, { ...home, accept: 'application/json' });
  }

  it('stops codes that DingTalk refuses at thirty per address, and then uses nothing up', async () => {
    const { testCase, isIn } = way();
    const all = await holders(MAX_REFUSED + 10);
    const statuses: number[] = [];
    for (const [i, holder] of all.entries()) statuses.push((await answer(holder, `made-up-${i}`, HOME)).status);
    expect(exchanges()).toBe(MAX_REFUSED);
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);

    const [later, phone] = [all.at(-1)!, all.at(-2)!];
    const refused = await answer(later, 'made-up', HOME);
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
    // The same browser, with the same state and a valid code, from an address that is not blocked.
    const elsewhere = from('192.0.2.34');
    const code = testCase.sandbox.world.issueInAppCode('li-lei', 'dingcorp1');
    const inside = await post(testCase, phone.browser, { code, state: phone.state }, elsewhere);
    expect([inside.status, isIn(String(inside.body['location']))]).toEqual([200, true]);
    expect([...later.browser.cookies.keys()].some((name) => name.startsWith('sign-in-'))).toBe(true);
    expect(JSON.stringify(testCase.gateway.log)).not.toContain('made-up');
  });

  it('lets an office in from one address, at the same moment', async () => {
    const { testCase, isIn } = way();
    const office = (await holders(60)).filter(({ flow }) => flow === 'in-app');
    const ends = await Promise.all(
      [...office, ...(await holders(30)).filter(({ flow }) => flow === 'in-app')].map(async ({ browser, state }) =>
        post(
          testCase,
          browser,
          { code: testCase.sandbox.world.issueInAppCode('li-lei', 'dingcorp1'), state },
          from('192.0.2.35'),
        ),
      ),
    );
    expect(ends).toHaveLength(45);
    for (const { status, body } of ends) expect([status, isIn(String(body['location']))]).toEqual([200, true]);
  });

  it('logs a few failures of one address, and all of people whom DingTalk has identified', async () => {
    const { testCase, start } = way();
    const home = from('192.0.2.38');
    const failures = (): number =>
      testCase.gateway.log.filter(({ event, outcome }) => event === 'sign_in' && outcome === 'failure').length;
    const before = failures();
    const callback = `${testCase.gateway.url}/auth/dingtalk/dingtalk/callback?code=x&state=${STATE}`;
    for (let i = 0; i < 60; i += 1) expect((await new Browser().get(callback, home)).status).toBe(400);
    expect(failures() - before).toBe(20);

    // A person of another organization, identified by DingTalk.
    const app = testCase.sandbox.world.app(DEMO_CLIENT_ID);
    app.letOutsidersThrough = true;
    const browser = new Browser();
    const membership = { corpId: 'dingcorp2' };
    testCase.addPerson({
      id: OUTSIDER,
      name: 'Somebody',
      mobile: '13511110000',
      stateCode: '86',
      memberships: [membership],
    });
    await browser.get(await testCase.sandbox.approve(await start(browser, home), OUTSIDER, 'dingcorp2'), home);
    app.letOutsidersThrough = false;
    expect(failures() - before).toBe(21);
  });

  it.each([
    ['too long', 'x'.repeat(513)],
    ['a blank', 'a b'],
    ['a line feed', 'abc\n'],
    ['not ASCII', 'codé'],
    ['a control character', 'abc\u007f'],
    ['empty', ''],
  ])('does not send a code with an impossible form: %s', async (_what, code) => {
    for (const holder of await holders(2)) expect((await answer(holder, code, from('192.0.2.36'))).status).toBe(400);
    expect(exchanges()).toBe(0);
  });
}

describe('A flooded gateway', () => {
  const STOCK = { DINGTALK_CORP_ID: 'dingcorp1', DINGTALK_AUTO_SIGN_UP: 'true', TRUST_PROXY: '127.0.0.1' };

  describe('in front of a stock NocoBase', () => {
    let nocobase: TestNocoBase;
    let limited: Way;
    let open: Way;

    beforeAll(async () => {
      nocobase = await TestNocoBase.launch();
      const way = async (perAddress: number): Promise<Way> => {
        const testCase = await SignInCase.start({
          ...nocobase.environment,
          ...STOCK,
          AUTH_RATE_LIMIT_PER_ADDRESS: String(perAddress),
        });
        const { url } = testCase.gateway;
        return {
          testCase,
          start: async (browser, home) => (await browser.get(`${url}/auth/dingtalk`, home)).location,
          openInApp: async (browser, home) =>
            browser.get(`${url}/auth/dingtalk/dingtalk/in-app`, { ...DINGTALK_APP, ...home }),
          isIn: (location) => new URL(location).searchParams.has('token'),
        };
      };
      [limited, open] = [await way(PER_ADDRESS), await way(0)];
      await limited.testCase.signIn('li-lei');
    }, 120_000);
    afterAll(async () => {
      await Promise.all([limited?.testCase.close(), open?.testCase.close()]);
      await nocobase?.stop();
    });

    whoGetsThrough(() => limited);
    whatIsAsked(() => open);
  });

  describe('in front of a NocoBase with the plugin', () => {
    let desk: TicketDesk;
    let plugin: PluginDouble;
    let limited: Way;
    let open: Way;

    beforeAll(async () => {
      [desk, plugin] = [await TicketDesk.start(), await PluginDouble.start()];
      plugin.publicUrl = desk.url;
      const way = async (perAddress: number): Promise<Way> => {
        const testCase = await SignInCase.start({
          ...STOCK,
          NOCOBASE_URL: plugin.url,
          NOCOBASE_PUBLIC_URL: desk.url,
          NOCOBASE_HANDOFF: 'ticket',
          AUTH_RATE_LIMIT_PER_ADDRESS: String(perAddress),
        });
        plugin.gateways.set(testCase.gateway.url, [filledIn()]);
        // As the plugin redirects people here.
        const address = (path: string): string =>
          `${testCase.gateway.url}/auth/dingtalk/dingtalk${path}?challenge=${challengeOf('what this browser keeps')}`;
        return {
          testCase,
          start: async (browser, home) => (await browser.get(address(''), home)).location,
          openInApp: async (browser, home) => browser.get(address('/in-app'), { ...DINGTALK_APP, ...home }),
          isIn: (location) => new URL(location).hash.startsWith('#ticket='),
        };
      };
      [limited, open] = [await way(PER_ADDRESS), await way(0)];
    });
    afterAll(async () => {
      await Promise.all([limited?.testCase.close(), open?.testCase.close(), desk?.close(), plugin?.goAway()]);
    });

    whoGetsThrough(() => limited);
    whatIsAsked(() => open);
  });
});

describeWith('redis', 'Replicas of a flooded gateway', (program) => {
  it('count what DingTalk refuses together', async () => {
    const [redis, desk, plugin] = [
      await TestRedis.start(program),
      await TicketDesk.start(),
      await PluginDouble.start(),
    ];
    const environment = {
      NOCOBASE_URL: plugin.url,
      NOCOBASE_PUBLIC_URL: desk.url,
      NOCOBASE_HANDOFF: 'ticket',
      DINGTALK_CORP_ID: 'dingcorp1',
      AUTH_RATE_LIMIT_PER_ADDRESS: '0',
      REDIS_URL: redis.url,
    };
    const one = await SignInCase.start(environment);
    const other = await SignInCase.start(environment, { sandbox: one.sandbox });
    const challenge = challengeOf('what this browser keeps');
    const attempts = Array.from({ length: MAX_REFUSED * 2 }, async (_, i) => {
      const { gateway } = i % 2 === 0 ? one : other;
      const browser = new Browser();
      const started = await browser.get(`${gateway.url}/auth/dingtalk?challenge=${challenge}`);
      const state = new URL(started.location).searchParams.get('state');
      return browser.get(`${gateway.url}/auth/dingtalk/dingtalk/callback?code=made-up&state=${state}`);
    });
    const statuses = (await Promise.all(attempts)).map(({ status }) => status);
    const asked = one.sandbox.requests.filter(({ operation }) => operation === 'userAccessToken');
    expect(asked).toHaveLength(MAX_REFUSED);
    expect(statuses.filter((status) => status === 429)).toHaveLength(MAX_REFUSED);
    await Promise.all([one.close(), other.gateway.close(), desk.close(), plugin.goAway()]);
    await redis.stop();
  }, 60_000);
});
