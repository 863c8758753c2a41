import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_CORP_ID, type Sandbox, startSandbox } from '../sandbox/index.js';
import { ASSERTION_HEADER, ASSERTION_TYPE } from '../src/core/plugin-protocol/index.js';
import { freshFor, Signer } from '../src/plugin-client/signing/signer.js';
import { acknowledged } from './support/acknowledged.js';
import { Browser } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import { type RunningGateway, startGateway } from './support/gateway.js';
import type { TestNocoBase } from './support/nocobase.js';
import { launchWithPlugin } from './support/nocobase-plugin.js';
import { answerTo, DEAD, enter, type PersonAtNocoBase, signInByPassword } from './support/person-at-nocobase.js';
import { PluginBrowser, type Redeemed } from './support/plugin-browser.js';
import { someSecret, StandInGateway } from './support/stand-in-gateway.js';

/** An authenticator for each way to treat leavers; all of one application, whose events arrive over one connection. */
const WAYS = {
  company: { leavers: 'lock', identity: 'member' },
  profile: { leavers: 'lock', identity: 'profile' },
  reporting: { leavers: 'report', identity: 'member' },
  silent: { leavers: 'off', identity: 'member' },
};
type Way = keyof typeof WAYS;

interface Line {
  readonly userId: number;
  readonly kind: string;
  readonly source: string;
  readonly origin: string;
  readonly authenticator: string;
  readonly evidence: object | null;
}

/** The gateway queries DingTalk; the plugin in a real NocoBase keeps the book and locks. */
describe('A person who leaves, with a gateway whose NocoBase has the plugin', () => {
  const secret = someSecret();
  let nocobase: TestNocoBase;
  let sandbox: Sandbox;
  let gateway: RunningGateway;
  let stranger: StandInGateway;
  let last = 0;

  beforeAll(async () => {
    [nocobase, sandbox, stranger] = await Promise.all([launchWithPlugin(), startSandbox(), StandInGateway.launch()]);
    const port = await freePort();
    const gatewayUrl = `http://127.0.0.1:${port}`;
    for (const [name, settings] of Object.entries(WAYS)) {
      await nocobase.call('POST', 'authenticators:create', {
        name,
        authType: 'DingTalk',
        title: name,
        enabled: true,
        options: {
          gatewayUrl,
          nocobaseUrl: nocobase.url,
          clientId: DEMO_CLIENT_ID,
          clientSecret: DEMO_CLIENT_SECRET,
          corpIds: [DEMO_CORP_ID],
          events: 'stream',
          ...settings,
        },
      });
      sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(`${gatewayUrl}/auth/dingtalk/${name}/callback`);
    }
    gateway = await startGateway(
      {
        AUTHENTICATORS_SOURCE: 'nocobase',
        NOCOBASE_URL: nocobase.url,
        AUTH_COOKIE_SECRET: secret,
        DINGTALK_LOGIN_URL: sandbox.loginUrl,
        DINGTALK_API_URL: sandbox.apiUrl,
        DINGTALK_OAPI_URL: sandbox.oapiUrl,
      },
      { port, watchesLeavers: true },
    );
    await eventually(() => {
      if (sandbox.stream.connections().length !== 1) throw new Error('not connected yet');
    });
    // The others who remain prove that DingTalk shows people to this application at all.
    for (const way of ['company', 'profile', 'reporting', 'silent'] as const) await somebody(way);
  }, 180_000);

  afterAll(async () => {
    await gateway?.close();
    await Promise.all([sandbox?.close(), stranger?.stop(), nocobase?.stop()]);
  });

  /** As in a browser: from the plugin through the gateway to DingTalk, and back with a ticket. */
  async function signIn(personId: string, authenticator: string): Promise<Redeemed> {
    const [own, browser] = [new PluginBrowser(nocobase.api), new Browser()];
    const { location } = await own.start({ authenticator });
    const consent = (await browser.get(location.href)).location;
    const back = (await browser.get(await sandbox.approve(consent, personId, DEMO_CORP_ID))).location;
    return own.redeem(new URL(back).hash.replace('#ticket=', ''), authenticator);
  }

  type Person = PersonAtNocoBase & { readonly id: string };

  async function somebody(way: Way): Promise<Person> {
    last += 1;
    const id = `${way}-${last}`;
    const mobile = `1390000${String(1000 + last)}`;
    sandbox.world.addPerson({ id, name: id, mobile, stateCode: '86', memberships: [{ corpId: DEMO_CORP_ID }] });
    const here = { nocobase, sandbox, signIn: async (personId: string) => signIn(personId, way) };
    return { id, ...(await enter(here, id)) };
  }

  const at = async (token: string): Promise<string> => answerTo(nocobase, token);
  const isIn = async ({ session, apiKey }: Person): Promise<string[]> => Promise.all([session, apiKey].map(at));
  const told = async (kind: 'locks' | 'reports', { userId }: Person): Promise<Line[]> => {
    const query = `kind=${kind}&search=${userId}`;
    const { lines } = await nocobase.call<{ lines: Line[] }>('GET', `dingtalkLeavers:list?${query}`);
    return lines.filter((line) => line.userId === userId);
  };
  const locked = async (person: Person): Promise<void> =>
    eventually(async () => expect(await at(person.apiKey)).toBe('401 BLOCKED_TOKEN'));
  const lines = (event: string, { userId }: Person) =>
    gateway.log.filter((line) => line['event'] === event && line['userId'] === userId);

  it('loses session, API key, password and DingTalk sign-in as soon as DingTalk reports it, and can sign in again when they are back', async () => {
    const [leaver, colleague] = [await somebody('company'), await somebody('company')];
    expect(await isIn(leaver)).toEqual(['200', '200']);
    sandbox.world.staff.leave(leaver.id);
    await locked(leaver);
    expect(await isIn(leaver)).toEqual(['401 BLOCKED_TOKEN', '401 BLOCKED_TOKEN']);
    expect(await isIn(colleague)).toEqual(['200', '200']);
    expect(await signInByPassword(nocobase, leaver.account)).toMatchObject({ status: 403, cookies: [] });
    const [lock] = await told('locks', leaver);
    expect(lock).toMatchObject({ origin: 'ours', source: 'event', authenticator: 'company' });
    expect(lock!.evidence).toMatchObject({ code: 60121, witness: expect.any(Object) as object });
    await eventually(() => expect(lines('leaver', leaver)).toMatchObject([{ conclusion: 'locked', origin: 'event' }]));

    sandbox.world.staff.join(leaver.id);
    await eventually(async () => expect(await at(leaver.apiKey)).toBe('200'));
    expect(await at(leaver.session)).toMatch(DEAD);
    expect(await signIn(leaver.id, 'company')).toMatchObject({ status: 200 });
    expect((await told('reports', leaver)).map(({ kind }) => kind)).toEqual(['returned', 'locked']);
    expect(JSON.stringify(gateway.log.filter(({ event }) => String(event).startsWith('leaver')))).not.toMatch(
      /139\d{8}/,
    );
  });

  it('is told so if DingTalk still admits a user whom an administrator has locked', async () => {
    const person = await somebody('company');
    await nocobase.call('POST', 'dingtalkLeavers:lock', { userId: person.userId });
    expect(await signIn(person.id, 'company')).toMatchObject({
      status: 403,
      code: 'account_locked',
      message: expect.stringMatching(/^Your account is locked/) as string,
    });
  });

  it('is only reported if the form says so', async () => {
    const leaver = await somebody('reporting');
    sandbox.world.staff.leave(leaver.id);
    await eventually(async () => expect(await told('reports', leaver)).toMatchObject([{ kind: 'reported' }]));
    expect(await told('locks', leaver)).toEqual([]);
    expect(await isIn(leaver)).toEqual(['200', '200']);
  });

  it('is ignored if the watch is off: DingTalk is not queried', async () => {
    const person = await somebody('silent');
    const asked = (): number =>
      sandbox.requests.filter(({ operation }) => /^get(?:User|ByUnionId)$/.test(operation)).length;
    const before = asked();
    sandbox.world.staff.leave(person.id);
    await acknowledged(sandbox);
    await nocobase.call('POST', 'dingtalkLeavers:ask', { userId: person.userId });
    expect(asked()).toBe(before);
    // A watched person is checked meanwhile.
    const leaver = await somebody('company');
    sandbox.world.staff.leave(leaver.id);
    await locked(leaver);
    expect(asked()).toBeGreaterThan(before);
    expect([await told('reports', person), await isIn(person)]).toEqual([[], ['200', '200']]);
    expect(lines('leaver', person)).toEqual([]);
  });

  it('is checked by the gateway at an administrator’s request, and while their userid is unknown', async () => {
    const [unheard, unknown] = [await somebody('company'), await somebody('profile')];
    // DingTalk sends no event for it.
    sandbox.world.staff.leave(unheard.id, { event: false });
    const asked = await nocobase.call('POST', 'dingtalkLeavers:ask', { userId: unheard.userId });
    expect(asked).toMatchObject({ answers: [{ authenticator: 'company', answer: 'asked' }] });
    await locked(unheard);
    expect(await told('locks', unheard)).toMatchObject([{ origin: 'ours', source: 'administrator' }]);

    // The event for a leave contains nothing but a userid.
    await eventually(async () => {
      const { authenticators } = await nocobase.call<{ authenticators: { name: string; withUserid: number }[] }>(
        'GET',
        'dingtalkLeavers:status',
      );
      expect(authenticators.find(({ name }) => name === 'profile')).toMatchObject({ bound: 2, withUserid: 2 });
    });
    sandbox.world.staff.leave(unknown.id);
    await locked(unknown);
  }, 90_000);

  it('is reported only by the gateway of that authenticator', async () => {
    const person = await somebody('company');
    const call = async (assertion: string, authenticator = 'company'): Promise<number> => {
      const now = Date.now();
      const bound = {
        bindingId: String(person.userId),
        userId: person.userId,
        unionId: 'u',
        seenAt: 0,
        hasLeft: false,
      };
      const evidence = { code: 60121, userid: 'E1', askedAt: now, witness: { userid: 'E2', askedAt: now } };
      const left = { call: 'left', person: { ...bound, lock: 'none' }, evidence, origin: 'event' };
      const { status } = await fetch(`${nocobase.api}/dingtalk:book`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', [ASSERTION_HEADER]: assertion },
        body: JSON.stringify(
          authenticator === 'company' ? { ...left, authenticator } : { authenticator, call: 'count' },
        ),
      });
      return status;
    };
    const claims = { iss: gateway.url, app: 'main', aud: nocobase.url };
    const signed = async (signer: Signer): Promise<string> =>
      signer.sign(ASSERTION_TYPE, { ...claims, ...freshFor(60) });
    await nocobase.call('POST', 'authenticators:create', {
      name: 'theirs',
      authType: 'DingTalk',
      title: 'Theirs',
      enabled: true,
      options: {
        gatewayUrl: stranger.url,
        nocobaseUrl: nocobase.url,
        clientId: DEMO_CLIENT_ID,
        clientSecret: DEMO_CLIENT_SECRET,
        corpIds: [DEMO_CORP_ID],
      },
    });
    expect(await call(await signed(new Signer([someSecret()])))).toBe(401);
    expect(await call(await stranger.assertion({ aud: nocobase.url }))).toBe(404);
    expect(await call(await stranger.assertion({ aud: nocobase.url, iss: gateway.url }))).toBe(401);
    const own = await signed(new Signer([secret]));
    // Signed by another gateway; and used before.
    expect([await call(own, 'theirs'), await call(own, 'silent')]).toEqual([404, 401]);
    expect(await call(await signed(new Signer([secret])), 'silent')).toBe(200);
    expect([await isIn(person), await told('reports', person)]).toEqual([['200', '200'], []]);
  });
});
