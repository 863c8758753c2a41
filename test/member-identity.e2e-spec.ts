import { type Failure, type NewMembership, OTHER_CORP_ID, type Permission, type Sandbox } from '../sandbox/index.js';
import { type Answer } from './support/browser.js';
import { NocoBaseProxy } from './support/nocobase-proxy.js';
import { TestNocoBase } from './support/nocobase.js';
import { handedOver, SignInCase } from './support/sign-in-case.js';
import { SESSION_TOKEN } from './support/session-token.js';

const CORP_ID = 'dingcorp1';

let lastNumber = 13_600_000_000;
const newMobile = (): string => String((lastNumber += 1));
let lastPerson = 0;

type Outcome = [status: number, errorCode: string | undefined];
const outcomeOf = (answer: Answer): Outcome => [answer.status, answer.errorCode];

const IN: Outcome = [303, undefined];
const STRANGER: Outcome = [403, 'organization_not_allowed'];
const MISCONFIGURED: Outcome = [500, 'misconfigured'];
const BROKEN: Outcome = [502, 'upstream_failed'];
const BUSY: Outcome = [503, 'temporarily_unavailable'];

/** An answer of the older API. */
const said = (body: object): Failure => ({ status: 200, body });

describe("The organization's own record as the identity", () => {
  let nocobase: TestNocoBase;
  let proxy: NocoBaseProxy;
  let testCase: SignInCase;

  beforeAll(async () => {
    nocobase = await TestNocoBase.launch();
    proxy = await NocoBaseProxy.before(nocobase.url);
    testCase = await start({});
  }, 120_000);

  beforeEach(() => {
    testCase.sandbox.requests.length = 0;
    proxy.calls.length = 0;
  });

  afterEach(() => {
    testCase.sandbox.failures.clear();
    const app = testCase.sandbox.world.app('dingsandboxapp');
    for (const name of Object.keys(app.permissions)) app.permissions[name as Permission] = true;
    app.letOutsidersThrough = false;
  });

  afterAll(async () => {
    await Promise.all([testCase?.close(), proxy?.close(), nocobase?.stop()]);
  });

  /** @param sandbox null for a separate DingTalk */
  async function start(
    environment: Record<string, string>,
    sandbox: Sandbox | null | undefined = testCase?.sandbox,
  ): Promise<SignInCase> {
    return SignInCase.start(
      {
        ...nocobase.environment,
        NOCOBASE_URL: proxy.url,
        NOCOBASE_PUBLIC_URL: nocobase.url,
        AUTH_RATE_LIMIT_PER_ADDRESS: '0',
        DINGTALK_IDENTITY: 'member',
        DINGTALK_CORP_ID: CORP_ID,
        DINGTALK_AUTO_SIGN_UP: 'true',
        ...environment,
      },
      sandbox ? { sandbox } : {},
    );
  }

  /** @param membership of the application's organization; none for a person who is not in it */
  function newPerson(membership: Partial<NewMembership> | null = {}, details: { mobile?: string | undefined } = {}) {
    const id = `member-${(lastPerson += 1)}`;
    const mobile = newMobile();
    const { world } = testCase.sandbox;
    world.addPerson({
      id,
      name: '张三（人事）',
      nick: '摸鱼大王',
      mobile,
      stateCode: '86',
      memberships: membership === null ? [{ corpId: OTHER_CORP_ID }] : [{ corpId: CORP_ID, ...membership }],
      ...details,
    });
    return { id, mobile, unionId: world.unionIdOf(id, 'dingsandboxapp') };
  }

  const asked = ({ requests } = testCase.sandbox): string[] =>
    requests.map(({ operation }) => operation).filter((operation) => !['authorize', 'consent'].includes(operation));

  async function userOf(answer: Answer): Promise<number> {
    expect(outcomeOf(answer)).toEqual(IN);
    const { token, authenticator } = handedOver(answer.location);
    return (await nocobase.whoIs(token, authenticator)).id;
  }

  /** Refused in these words, and nothing about them is stored in NocoBase. */
  async function expectRefused(answer: Answer, outcome: Outcome, person: { mobile: string; unionId: string }) {
    expect(outcomeOf(answer)).toEqual(outcome);
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.text).not.toMatch(SESSION_TOKEN);
    expect(answer.browser.cookies.size).toBe(0);
    expect(await nocobase.bindingsOf(person.unionId)).toEqual([]);
    expect(await nocobase.userByPhone(`+86${person.mobile}`)).toEqual([]);
    expect(await nocobase.userByPhone(person.mobile)).toEqual([]);
    expect(proxy.calls.filter((call) => call.startsWith('POST'))).toEqual([]);
  }

  describe('for an employee', () => {
    it('is used in full, and nothing of what the person wrote about themselves is', async () => {
      const victim = await nocobase.addUser({ nickname: 'Victim', phone: '13610000001', email: 'victim@example.com' });
      const person = newPerson({ orgEmail: 'zhang.san@corp.example.com' });
      testCase.sandbox.failures.set('currentUser', {
        status: 200,
        body: {
          unionId: person.unionId,
          nick: 'Victim',
          mobile: '13610000001',
          stateCode: '86',
          email: 'victim@example.com',
        },
      });
      const userId = await userOf(await testCase.signIn(person.id));

      expect(userId).not.toBe(victim);
      const [user] = await nocobase.list('users', { id: userId }, 'id,nickname,phone,email');
      expect(user).toMatchObject({ nickname: '张三（人事）', email: 'zhang.san@corp.example.com' });
      expect(String(user!['phone'])).toMatch(new RegExp(`${person.mobile}$`));
      expect(await nocobase.list('usersAuthenticators', { userId: victim }, 'uuid')).toEqual([]);
      expect(await nocobase.bindingsOf(person.unionId)).toEqual([expect.objectContaining({ userId })]);
    });

    it('links the account with the record’s number, even if the profile’s number may not be read', async () => {
      const person = newPerson();
      const userId = await nocobase.addUser({ nickname: 'Known', phone: person.mobile });
      testCase.sandbox.world.app('dingsandboxapp').permissions['Contact.User.mobile'] = false;
      expect(await userOf(await testCase.signIn(person.id))).toBe(userId);
    });

    it("costs four calls to DingTalk and two to NocoBase, plus one for the application's access token", async () => {
      const own = await start({});
      const [first, second] = [newPerson(), newPerson()];
      testCase.sandbox.requests.length = 0;
      await own.signIn(first.id);
      expect(asked()).toEqual(['userAccessToken', 'currentUser', 'appAccessToken', 'getByUnionId', 'getUser']);

      for (const { id } of [first, second, first]) {
        testCase.sandbox.requests.length = 0;
        proxy.calls.length = 0;
        expect(outcomeOf(await own.signIn(id))).toEqual(IN);
        expect(asked()).toEqual(['userAccessToken', 'currentUser', 'getByUnionId', 'getUser']);
      }
      await own.gateway.close();
      expect(proxy.calls).toEqual(['GET usersAuthenticators:list', 'POST issuedTokens:create']);
    });

    it('is read with one access token by many who arrive at the same moment', async () => {
      const own = await start({});
      testCase.sandbox.failures.set('appAccessToken', { delayMs: 200 });
      testCase.sandbox.requests.length = 0;
      const people = Array.from({ length: 12 }, () => newPerson());
      const answers = await Promise.all(people.map(async ({ id }) => own.signIn(id)));
      await own.gateway.close();
      expect(answers.map(outcomeOf)).toEqual(people.map(() => IN));
      expect(asked().filter((operation) => operation === 'appAccessToken')).toHaveLength(1);
    });
  });

  describe('refuses', () => {
    it('a person who is not in the organization, without further details', async () => {
      testCase.sandbox.world.app('dingsandboxapp').letOutsidersThrough = true;
      const person = newPerson(null);
      const own = await start({ DINGTALK_CORP_ID: '', DINGTALK_ALLOW_ANY_ORGANIZATION: 'true' });
      const answer = await own.signIn(person.id);
      await own.gateway.close();
      await expectRefused(answer, STRANGER, person);
      expect(asked()).toContain('getByUnionId');
      expect(answer.text).not.toMatch(/60121|找不到/);
    });

    it('an external contact', async () => {
      testCase.sandbox.world.app('dingsandboxapp').letOutsidersThrough = true;
      const person = newPerson({ contactType: 1 });
      const own = await start({ DINGTALK_CORP_ID: '', DINGTALK_ALLOW_ANY_ORGANIZATION: 'true' });
      const answer = await own.signIn(person.id);
      await own.gateway.close();
      await expectRefused(answer, STRANGER, person);
      expect(asked()).toContain('getByUnionId');
      expect(asked()).not.toContain('getUser');
    });

    it('a person whose account is not active', async () => {
      const person = newPerson({ active: false });
      await expectRefused(await testCase.signIn(person.id), STRANGER, person);
    });

    it('a person who has left since the last time, even though NocoBase still knows them', async () => {
      const person = newPerson();
      const userId = await userOf(await testCase.signIn(person.id));
      const app = testCase.sandbox.world.app('dingsandboxapp');
      const answers: Answer[] = [];
      const membership = testCase.sandbox.world.membership(person.id, CORP_ID)!;
      membership.active = false;
      answers.push(await testCase.signIn(person.id));
      app.letOutsidersThrough = true;
      const own = await start({ DINGTALK_CORP_ID: '', DINGTALK_ALLOW_ANY_ORGANIZATION: 'true' });
      testCase.sandbox.world.person(person.id).memberships.length = 0;
      answers.push(await own.signIn(person.id));
      await own.gateway.close();
      expect(answers.map(outcomeOf)).toEqual([STRANGER, STRANGER]);
      expect(answers.map(({ text }) => SESSION_TOKEN.test(text))).toEqual([false, false]);
      expect(await nocobase.bindingsOf(person.unionId)).toEqual([expect.objectContaining({ userId })]);
    });

    it('a record of another person', async () => {
      const [person, other] = [newPerson(), newPerson()];
      const { world } = testCase.sandbox;
      testCase.sandbox.failures.set(
        'getByUnionId',
        said({ errcode: 0, errmsg: 'ok', result: { contact_type: 0, userid: world.userIdOf(other.id, CORP_ID) } }),
      );
      await expectRefused(await testCase.signIn(person.id), STRANGER, person);
      expect(await nocobase.bindingsOf(other.unionId)).toEqual([]);
    });
  });

  describe('if an operator must act,', () => {
    it('names the contact scope for a person outside of it', async () => {
      const person = newPerson({ visible: false });
      const answer = await testCase.signIn(person.id);
      await expectRefused(answer, MISCONFIGURED, person);
      expect(answer.text).toContain('contact scope');
    });

    it('names the permission to read members', async () => {
      testCase.sandbox.world.app('dingsandboxapp').permissions.qyapi_get_member = false;
      const person = newPerson();
      const answer = await testCase.signIn(person.id);
      await expectRefused(answer, MISCONFIGURED, person);
      expect(answer.text).toContain('qyapi_get_member');
      expect(answer.text).not.toContain('open-dev.dingtalk.com');
    });

    it('names the permission to read their mobile numbers, and not that of the profile', async () => {
      testCase.sandbox.world.app('dingsandboxapp').permissions.fieldMobile = false;
      const person = newPerson();
      const answer = await testCase.signIn(person.id);
      await expectRefused(answer, [403, 'phone_missing'], person);
      expect(answer.text).toContain('fieldMobile');
      expect(answer.text).not.toContain('Contact.User.mobile');
    });

    it.each(['getByUnionId', 'getUser'] as const)('names the allowlist of addresses on %s', async (operation) => {
      testCase.sandbox.failures.set(operation, 'ip-not-whitelisted');
      const person = newPerson();
      const answer = await testCase.signIn(person.id);
      await expectRefused(answer, MISCONFIGURED, person);
      expect(answer.text).toMatch(/egress IP/);
      expect(answer.text).not.toContain('request ip=');
    });

    it("names the secret if it is wrong for the application's token as well", async () => {
      testCase.sandbox.failures.set('appAccessToken', {
        status: 400,
        body: { code: 'invalidClientIdOrSecret', requestid: 'x', message: '无效的clientId或者clientSecret' },
      });
      const own = await start({});
      const person = newPerson();
      const answer = await own.signIn(person.id);
      await own.gateway.close();
      await expectRefused(answer, MISCONFIGURED, person);
      expect(answer.text).toContain('DINGTALK_CLIENT_SECRET');
      expect(asked().filter((operation) => operation === 'appAccessToken')).toHaveLength(1);
    });

    it('names the secret if it is wrong, without using a code up or showing it', async () => {
      const own = await start({ DINGTALK_CLIENT_SECRET: 'canary-wrong-secret' });
      const person = newPerson();
      const answer = await own.signIn(person.id);
      await own.gateway.close();
      await expectRefused(answer, MISCONFIGURED, person);
      expect(answer.text).toContain('DINGTALK_CLIENT_SECRET');
      expect(asked()).toEqual(['userAccessToken']);
      expect(answer.text + JSON.stringify(own.gateway.log)).not.toContain('canary-wrong-secret');
    });
  });

  describe("if DingTalk has forgotten the application's access token,", () => {
    it.each(['getByUnionId', 'getUser'] as const)(
      'recovers on %s, and the person does not notice',
      async (operation) => {
        await userOf(await testCase.signIn(newPerson().id));
        testCase.sandbox.requests.length = 0;
        testCase.sandbox.failures.set(operation, 'invalid-token', { times: 1 });
        await userOf(await testCase.signIn(newPerson().id));
        expect(asked().filter((name) => name === operation)).toHaveLength(2);
        expect(asked().filter((name) => name === 'appAccessToken')).toHaveLength(1);
      },
    );

    it('recovers when it is really gone', async () => {
      const own = await start({}, null);
      const { sandbox } = own;
      const first = await own.signIn('li-lei');
      sandbox.clock.advance(3 * 3_600_000);
      sandbox.requests.length = 0;
      const second = await own.signIn('li-lei');
      await own.close();
      expect([first, second].map(outcomeOf)).toEqual([IN, IN]);
      expect(asked(sandbox)).toEqual([
        'userAccessToken',
        'currentUser',
        'getByUnionId',
        'appAccessToken',
        'getByUnionId',
        'getUser',
      ]);
    });

    it.each([
      ['42001, expired', { errcode: 42001, errmsg: 'expired' }],
      ['40014 without an envelope', { errcode: 40014, errmsg: '不合法的access_token' }],
      ['88 with the code in the message only', { errcode: 88, errmsg: 'ding talk error[subcode=40014,submsg=x]' }],
      ['88 with the code as a number', { errcode: 88, sub_code: 40014, errmsg: 'x' }],
    ])('recovers after %s', async (_name, body) => {
      testCase.sandbox.failures.set('getByUnionId', said(body), { times: 1 });
      await userOf(await testCase.signIn(newPerson().id));
    });

    it('gives up after the second refusal', async () => {
      testCase.sandbox.failures.set('getByUnionId', 'invalid-token');
      const person = newPerson();
      await expectRefused(await testCase.signIn(person.id), BROKEN, person);
      expect(asked().filter((operation) => operation === 'getByUnionId')).toHaveLength(2);
      testCase.sandbox.failures.clear();
      await userOf(await testCase.signIn(person.id));
    });
  });

  describe.each(['getByUnionId', 'getUser'] as const)('if %s', (operation) => {
    it.each<[string, Failure]>([
      ['is busy', 'busy'],
      ['is called too often', 'qps'],
    ])('%s, asks people to try again later', async (_name, failure) => {
      testCase.sandbox.failures.set(operation, failure);
      const person = newPerson();
      const answer = await testCase.signIn(person.id);
      await expectRefused(answer, BUSY, person);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    });

    it('times out inside DingTalk, asks people to try again later', async () => {
      testCase.sandbox.failures.set(operation, 'timeout-504');
      expect(outcomeOf(await testCase.signIn(newPerson().id))).toEqual(BUSY);
    });

    it('is busy once, is retried', async () => {
      testCase.sandbox.failures.set(operation, 'busy', { times: 1 });
      expect(outcomeOf(await testCase.signIn(newPerson().id))).toEqual(IN);
    });

    it('breaks the connection once, is retried', async () => {
      testCase.sandbox.failures.set(operation, 'drop', { times: 1 });
      await userOf(await testCase.signIn(newPerson().id));
      expect(asked().filter((name) => name === operation)).toHaveLength(2);
      expect(asked().filter((name) => name === 'userAccessToken')).toHaveLength(1);
    });

    it.each<[string, Failure]>([
      ['is a page', 'html-ban'],
      ['is another JSON', 'ban-json'],
      ['leads elsewhere', 'redirect'],
      ['is cut off', 'truncated-json'],
      ['inflates', 'gzip-bomb'],
      ['is huge', 'huge-body'],
      ['is no JSON by its type', 'wrong-content-type'],
      ['says 0 as a string', 'string-code'],
      ['says 0 and gives no result', said({ errcode: 0, errmsg: 'ok' })],
      ['says 0 and gives null', said({ errcode: 0, errmsg: 'ok', result: null })],
      ['says 0 and gives a list', said({ errcode: 0, errmsg: 'ok', result: [] })],
      ['says 0 and gives nobody', said({ errcode: 0, errmsg: 'ok', result: {} })],
      [
        'says 0 and gives strings for flags',
        said({
          errcode: 0,
          result: { contact_type: '0', userid: 'x', unionid: 'x', name: 'x', active: 'true', mobile: '13600000000' },
        }),
      ],
      ['says nothing of success', said({ result: { contact_type: 0, userid: 'x' } })],
      ['is a code nobody knows', said({ errcode: 4242, errmsg: '<script>' })],
    ])('%s, refuses', async (_name, failure) => {
      testCase.sandbox.failures.set(operation, failure);
      const person = newPerson();
      const answer = await testCase.signIn(person.id);
      await expectRefused(answer, BROKEN, person);
      expect(answer.text).not.toMatch(/4242|<script>(?!\s*\()/);
    });

    it('pollutes prototypes, lets in nobody but the member', async () => {
      testCase.sandbox.failures.set(operation, 'proto-keys');
      const answer = await testCase.signIn(newPerson().id);
      expect([IN, BROKEN]).toContainEqual(outcomeOf(answer));
      expect(Object.prototype).not.toHaveProperty('polluted');
      expect(({} as Record<string, unknown>)['contact_type']).toBeUndefined();
    });
  });

  it.each<[string, Failure, Outcome]>([
    ['is throttled', 'qps', BUSY],
    ['is refused to this address', 'ip-not-whitelisted', MISCONFIGURED],
    ['is a page', 'html-ban', BROKEN],
    ['is empty', { status: 200, body: { accessToken: '', expireIn: 7200 } }, BROKEN],
    ['is for ever', { status: 200, body: { accessToken: 'x', expireIn: 'Infinity' } }, BROKEN],
    ['breaks off each time', 'drop', BUSY],
  ])("refuses if the application's access token %s, and tries again the next time", async (_n, failure, outcome) => {
    const own = await start({});
    testCase.sandbox.failures.set('appAccessToken', failure);
    const person = newPerson();
    await expectRefused(await own.signIn(person.id), outcome, person);
    testCase.sandbox.failures.clear();
    await userOf(await own.signIn(person.id));
    await own.gateway.close();
  });

  it('leaves no access token, secret or name in the log', async () => {
    // Nest has one logger for the process: that of the gateway started last.
    const own = await start({});
    for (const failure of ['invalid-token', 'ip-not-whitelisted', 'busy', 'drop'] as const) {
      testCase.sandbox.failures.set('getUser', failure, { times: 1 });
      await own.signIn(newPerson().id);
    }
    await own.gateway.close();
    const text = JSON.stringify(own.gateway.log);
    expect(text).toContain('sign_in');
    expect(text).not.toMatch(/access_token|app-token|apptoken|张三|sandbox-secret/i);
  });
});
