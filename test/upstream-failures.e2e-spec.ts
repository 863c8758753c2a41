import type { Failure, Operation } from '../sandbox/index.js';
import { type Answer, Browser } from './support/browser.js';
import { carriedOut } from './support/carried-out.js';
import { freePort } from './support/free-port.js';
import { answering, NocoBaseProxy, type ProxyFault } from './support/nocobase-proxy.js';
import { TestNocoBase } from './support/nocobase.js';
import { readiness } from './support/readiness.js';
import { handedOver, SignInCase } from './support/sign-in-case.js';
import { SESSION_TOKEN } from './support/session-token.js';

const FIND_BINDING = 'usersAuthenticators:list';
const FIND_USERS = 'users:list';
const REGISTER = 'authenticators/dingtalk/users:create';
const ISSUE = 'issuedTokens:create';
/** A registration's calls to NocoBase, in this order. */
const ACTIONS = [FIND_BINDING, FIND_USERS, REGISTER, ISSUE];
const CALLS = [`GET ${FIND_BINDING}`, `GET ${FIND_USERS}`, `POST ${REGISTER}`, `POST ${ISSUE}`];

const IMPATIENCE_MS = 700;
/** How often a read may be sent for one sign-in. */
const MAX_READS = 3;

let lastNumber = 13_700_000_000;
const newMobile = (): string => String((lastNumber += 1));
let lastPerson = 0;

type Outcome = [status: number, errorCode: string | undefined];
const outcomeOf = (answer: Answer): Outcome => [answer.status, answer.errorCode];

const BROKEN: Outcome = [502, 'upstream_failed'];
const AWAY: Outcome = [503, 'temporarily_unavailable'];
const LATE: Outcome = [504, 'temporarily_unavailable'];
const MISCONFIGURED: Outcome = [500, 'misconfigured'];

const json = (body: unknown, status = 200): ProxyFault => answering(status, JSON.stringify(body));
const never: ProxyFault = (request) => void request.resume();
const dropped: ProxyFault = (request) => void request.socket.destroy();
const reset: ProxyFault = (request) => void request.socket.resetAndDestroy();

describe('If an upstream fails', () => {
  let nocobase: TestNocoBase;
  let proxy: NocoBaseProxy;
  /** Registers new people. */
  let open: SignInCase;
  /** Does not register new people. */
  let closed: SignInCase;
  /** Registers new people, with a short timeout. */
  let impatient: SignInCase;

  beforeAll(async () => {
    nocobase = await TestNocoBase.launch();
    proxy = await NocoBaseProxy.before(nocobase.url);
    open = await start({});
    closed = await start({ DINGTALK_AUTO_SIGN_UP: 'false' });
    const limit = String(IMPATIENCE_MS);
    impatient = await start({ DINGTALK_TIMEOUT_MS: limit, NOCOBASE_TIMEOUT_MS: limit });
    // Roles and token policy are cached from here on: a registration makes four calls.
    await Promise.all([open, impatient].map((testCase) => testCase.signIn('li-lei')));
  }, 120_000);

  beforeEach(() => {
    open.sandbox.requests.length = 0;
    proxy.calls.length = 0;
  });

  afterEach(() => {
    open.sandbox.failures.clear();
    proxy.heal();
  });

  afterAll(async () => {
    await Promise.all([impatient?.gateway.close(), closed?.gateway.close()]);
    await Promise.all([open?.close(), proxy?.close(), nocobase?.stop()]);
  });

  /** All gateways here share one DingTalk. */
  async function start(environment: Record<string, string>): Promise<SignInCase> {
    return SignInCase.start(
      {
        ...nocobase.environment,
        NOCOBASE_URL: proxy.url,
        NOCOBASE_PUBLIC_URL: nocobase.url,
        AUTH_RATE_LIMIT_PER_ADDRESS: '0',
        DINGTALK_CORP_ID: 'dingcorp1',
        DINGTALK_AUTO_SIGN_UP: 'true',
        ...environment,
      },
      open === undefined ? {} : { sandbox: open.sandbox },
    );
  }

  function newPerson() {
    const id = `person-${(lastPerson += 1)}`;
    const mobile = newMobile();
    open.addPerson({ id, name: 'Newcomer', mobile, stateCode: '86', memberships: [{ corpId: 'dingcorp1' }] });
    return { id, mobile, unionId: open.sandbox.world.unionIdOf(id, 'dingsandboxapp') };
  }

  const asked = (operation: string): number =>
    open.sandbox.requests.filter((request) => request.operation === operation).length;

  /** Either nothing of a person is stored, or everything: user, role and binding. */
  async function expectNothingHalfMade(person: { mobile: string; unionId: string }): Promise<void> {
    const [users, bindings] = [await nocobase.userByPhone(person.mobile), await nocobase.bindingsOf(person.unionId)];
    expect(bindings).toHaveLength(users.length);
    for (const user of users) expect(user['roles']).toEqual([expect.objectContaining({ name: 'member' })]);
  }

  /** Signs in as a person with exactly one account, which is theirs. */
  async function expectSignedIn(answer: Answer, person: { mobile: string; unionId: string }): Promise<void> {
    expect(outcomeOf(answer)).toEqual([303, undefined]);
    const { token, authenticator } = handedOver(answer.location);
    const { id } = await nocobase.whoIs(token, authenticator);
    expect(await nocobase.userByPhone(person.mobile)).toEqual([expect.objectContaining({ id })]);
    expect(await nocobase.bindingsOf(person.unionId)).toEqual([expect.objectContaining({ userId: id })]);
  }

  function expectNoSession(answer: Answer): void {
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.text).not.toMatch(SESSION_TOKEN);
    expect(answer.browser.cookies.size).toBe(0);
  }

  describe('at DingTalk', () => {
    describe.each<Operation>(['userAccessToken', 'currentUser'])('on %s', (operation) => {
      it.each<[string, Failure]>([
        ['answers late', { delayMs: 2 * IMPATIENCE_MS }],
        ['drips its answer', { slowBodyMs: 3 * IMPATIENCE_MS }],
      ])('gives up on one that %s, and does not retry the code', async (_name, failure) => {
        const person = newPerson();
        impatient.sandbox.failures.set(operation, failure);

        const failed = await impatient.signIn(person.id);

        expect(outcomeOf(failed)).toEqual(LATE);
        expect(failed.headers.get('retry-after')).toMatch(/^\d+$/);
        expect(asked('userAccessToken')).toBe(1);
        expect(proxy.asked).toEqual([]);
        impatient.sandbox.failures.clear();
        await expectSignedIn(await impatient.signIn(person.id), person);
      });
    });

    it.each([
      ['userAccessToken', 'ip-not-whitelisted', 'egress IP'],
      ['currentUser', 'ip-not-whitelisted', 'egress IP'],
      ['currentUser', 'permission-denied', 'Contact.User.Read'],
    ] as const)('%s, %s: names what an operator must check', async (operation, failure, name) => {
      open.sandbox.failures.set(operation, failure);
      expect((await open.signIn('li-lei')).text).toContain(name);
    });

    it('names the variables and not the value if DingTalk refuses the client secret', async () => {
      const wrong = await start({ DINGTALK_CLIENT_SECRET: 'canary-wrong-client-secret' });
      const answer = await wrong.signIn('li-lei');
      await wrong.gateway.close();

      expect(outcomeOf(answer)).toEqual(MISCONFIGURED);
      expect(answer.text).toContain('DINGTALK_CLIENT_ID, DINGTALK_CLIENT_SECRET');
      expect(answer.text + JSON.stringify(wrong.gateway.log)).not.toContain('canary');
      expect(proxy.calls).toEqual(['GET tokenControlConfig:list']);
    });

    it('says that it is unreachable if nothing listens', async () => {
      const lonely = await start({ DINGTALK_API_URL: `http://127.0.0.1:${await freePort()}` });
      expect(outcomeOf(await lonely.signIn('li-lei'))).toEqual(AWAY);
      await lonely.gateway.close();
    });
  });

  describe('at NocoBase', () => {
    describe.each(ACTIONS)('on %s', (action) => {
      type Row = [name: string, fault: ProxyFault, expected: Outcome, setting?: string];
      it.each<Row>([
        ['401', json({ errors: [{ code: 'INVALID_TOKEN' }] }, 401), MISCONFIGURED, 'NOCOBASE_API_TOKEN'],
        ['403', json({ errors: [{ message: 'No permissions' }] }, 403), MISCONFIGURED, action],
        ['403 of a firewall', answering(403, '<h1>no</h1>', 'text/html'), BROKEN],
        ['403 of a firewall that speaks JSON', json({ code: 403, msg: 'blocked' }, 403), BROKEN],
        ['401 of a proxy', answering(401, '<h1>who are you?</h1>', 'text/html'), BROKEN],
        ['500', json({ errors: [{ message: 'boom' }] }, 500), BROKEN],
        ['503', json({ errors: [{ code: 'APP_PREPARING' }] }, 503), AWAY],
        ['502 of a proxy', answering(502, '<h1>Bad Gateway</h1>', 'text/html'), BROKEN],
        ['a redirect', (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end(), BROKEN],
        ['HTML with status 200', answering(200, '<h1>maintenance</h1>', 'text/html'), BROKEN],
        ['truncated JSON', answering(200, '{"data":[{"id":1,"userId":1'), BROKEN],
        ['an empty body', answering(200, ''), BROKEN],
        ['204', answering(204, ''), BROKEN],
        ['an empty object', json({}), BROKEN],
        ['errors with status 200', json({ errors: [{ message: 'boom' }] }), BROKEN],
        ['2 MiB', json({ data: [], padding: 'x'.repeat(2 * 1024 * 1024) }), BROKEN],
        ['a closed connection', dropped, AWAY],
        ['a reset connection', reset, AWAY],
      ])(
        '%s: the right error, nothing incomplete, and a later attempt works',
        async (...[, fault, expected, setting]: Row) => {
          const person = newPerson();
          proxy.failOn(action, fault);

          const failed = await open.signIn(person.id);

          expect(outcomeOf(failed)).toEqual(expected);
          if (setting !== undefined) expect(failed.text).toContain(setting);
          expectNoSession(failed);
          expect([...new Set(proxy.asked)]).toEqual(CALLS.slice(0, ACTIONS.indexOf(action) + 1));
          expect(proxy.calls.filter((call) => call.startsWith('POST')).length).toBeLessThanOrEqual(2);
          expect(proxy.calls.filter((call) => call === `GET ${action}`).length).toBeLessThanOrEqual(MAX_READS);
          await expectNothingHalfMade(person);

          proxy.heal();
          await expectSignedIn(await open.signIn(person.id), person);
          expect(asked('userAccessToken')).toBe(2);
        },
      );

      it('gives up on one that never answers, and a later attempt works', async () => {
        const person = newPerson();
        proxy.failOn(action, never);
        const failed = await impatient.signIn(person.id);
        expect(outcomeOf(failed)).toEqual(LATE);
        expectNoSession(failed);
        await expectNothingHalfMade(person);
        proxy.heal();
        await expectSignedIn(await impatient.signIn(person.id), person);
      });

      it('creates nothing twice if NocoBase did it and the answer was lost', async () => {
        const person = newPerson();
        proxy.failOn(
          action,
          carriedOut(nocobase.url, (_real, response) => response.destroy()),
        );
        expect(outcomeOf(await open.signIn(person.id))).toEqual(AWAY);
        await expectNothingHalfMade(person);
        proxy.heal();
        await expectSignedIn(await open.signIn(person.id), person);
      });
    });

    describe('rejects malformed records', () => {
      const binding = (unionId: string, userId: unknown) => ({ userId, uuid: unionId, authenticator: 'dingtalk' });
      const user = (phone: string, change: object) => ({ id: 7, phone, email: null, roles: [], ...change });
      type Row = [string, string, (person: { mobile: string; unionId: string }) => unknown];

      it.each<Row>([
        [FIND_BINDING, 'an object for a list', () => ({})],
        [FIND_BINDING, 'null for a list', () => null],
        [FIND_BINDING, 'a text as userId', ({ unionId }) => [binding(unionId, '7')]],
        [FIND_BINDING, 'null as userId', ({ unionId }) => [binding(unionId, null)]],
        [FIND_BINDING, 'zero as userId', ({ unionId }) => [binding(unionId, 0)]],
        [FIND_BINDING, 'a fraction as userId', ({ unionId }) => [binding(unionId, 1.5)]],
        [FIND_BINDING, 'no authenticator', ({ unionId }) => [{ userId: 7, uuid: unionId }]],
        [FIND_USERS, 'an object for a list', () => ({})],
        [FIND_USERS, 'null for a list', () => null],
        [FIND_USERS, 'a text as id', ({ mobile }) => [user(mobile, { id: '7' })]],
        [FIND_USERS, 'no roles', ({ mobile }) => [user(mobile, { roles: undefined })]],
        [FIND_USERS, 'null as roles', ({ mobile }) => [user(mobile, { roles: null })]],
        [FIND_USERS, 'roles without names', ({ mobile }) => [user(mobile, { roles: [{}] })]],
        [FIND_USERS, 'a number as phone', ({ mobile }) => [user(mobile, { phone: Number(mobile) })]],
        [REGISTER, 'a list', () => [{ id: 7 }]],
        [REGISTER, 'null', () => null],
        [REGISTER, 'no id', () => ({ roles: [{ name: 'member' }] })],
        [REGISTER, 'a text as id', () => ({ id: '7', roles: [{ name: 'member' }] })],
      ])('%s: %s', async (action, _name, data) => {
        const person = newPerson();
        proxy.failOn(action, json({ data: data(person) }));
        const failed = await open.signIn(person.id);
        expect(outcomeOf(failed)).toEqual(BROKEN);
        expectNoSession(failed);
        expect(proxy.calls).not.toContain(`POST ${ISSUE}`);
      });

      it.each([
        ['no row', null],
        ['a row that is not ours', { jti: '00000000-0000-4000-8000-000000000000' }],
      ])('issuedTokens:create: %s', async (_what, data) => {
        proxy.failOn(ISSUE, json({ data }));
        const failed = await open.signIn('li-lei');
        expect(outcomeOf(failed)).toEqual(BROKEN);
        expectNoSession(failed);
      });

      it.each([
        ['no row', null],
        ['the binding of another user', { userId: 1, uuid: 'ours' }],
        ['the binding of another person', { userId: 'ours', uuid: 'somebody-else' }],
      ])('usersAuthenticators:create: %s', async (_what, data) => {
        const person = newPerson();
        const userId = await nocobase.addUser({ nickname: 'Known', phone: person.mobile });
        const ours = { userId, uuid: open.sandbox.world.unionIdOf(person.id, 'dingsandboxapp') };
        const claimed =
          data &&
          Object.fromEntries(
            Object.entries(ours).map(([key, own]) => [
              key,
              Reflect.get(data, key) === 'ours' ? own : Reflect.get(data, key),
            ]),
          );
        proxy.failOn('usersAuthenticators:create', json({ data: claimed }));
        const failed = await open.signIn(person.id);
        expect(outcomeOf(failed)).toEqual(BROKEN);
        expectNoSession(failed);
        expect(proxy.calls).not.toContain(`POST ${ISSUE}`);
      });
    });

    describe('checks every record again', () => {
      type Person = { mobile: string; unionId: string };

      it.each<[string, (person: Person) => object]>([
        ['somebody else', () => ({ uuid: 'somebody-else' })],
        ['nobody', () => ({ uuid: '' })],
        ['another case', ({ unionId }) => ({ uuid: swapCase(unionId) })],
        ['a blank more', ({ unionId }) => ({ uuid: `${unionId} ` })],
        ['a longer id', ({ unionId }) => ({ uuid: `${unionId}0` })],
        ['another authenticator', ({ unionId }) => ({ uuid: unionId, authenticator: 'other' })],
        ['an authenticator in another case', ({ unionId }) => ({ uuid: unionId, authenticator: 'DingTalk' })],
      ])('a binding of %s is ignored', async (_name, row) => {
        const person = newPerson();
        proxy.failOn(FIND_BINDING, json({ data: [{ userId: 1, authenticator: 'dingtalk', ...row(person) }] }));
        expect(outcomeOf(await closed.signIn(person.id))).toEqual([403, 'user_not_registered']);
        expect(proxy.calls).not.toContain(`POST ${ISSUE}`);
      });

      it.each<[string, (mobile: string) => unknown]>([
        ['of somebody else', () => newMobile()],
        ['that is missing', () => null],
        ['that is empty', () => ''],
        ['with a digit more', (mobile) => `${mobile}0`],
        ['with a digit less', (mobile) => mobile.slice(0, -1)],
        ['of another country', (mobile) => `+1${mobile}`],
      ])('a user with a number %s is not the person', async (_name, phone) => {
        const person = newPerson();
        const row = { id: 7, email: null, roles: [{ name: 'member' }], phone: phone(person.mobile) };
        proxy.failOn(FIND_USERS, json({ data: [row] }));
        expect(outcomeOf(await closed.signIn(person.id))).toEqual([403, 'user_not_registered']);
        expect(proxy.asked).toEqual([`GET ${FIND_BINDING}`, `GET ${FIND_USERS}`]);
      });

      it('two users with the number cause a refusal', async () => {
        const person = newPerson();
        const rows = [7, 8].map((id) => ({ id, phone: person.mobile, roles: [{ name: 'member' }] }));
        proxy.failOn(FIND_USERS, json({ data: rows }));
        expect(outcomeOf(await open.signIn(person.id))).toEqual([409, 'account_conflict']);
      });

      it.each([
        ['the root account', { id: 1, roles: [] }],
        ['an administrator', { id: 7, roles: [{ name: 'member' }, { name: 'admin' }] }],
        ['one by department', { id: 7, roles: [], departments: [{ roles: [{ name: 'admin' }] }] }],
      ])('%s with the number is protected', async (_name, row) => {
        const person = newPerson();
        proxy.failOn(FIND_USERS, json({ data: [{ phone: person.mobile, ...row }] }));
        expect(outcomeOf(await open.signIn(person.id))).toEqual([403, 'account_protected']);
        expect(await nocobase.bindingsOf(person.unionId)).toEqual([]);
      });
    });

    describe('if it answers everything with the root account', () => {
      const ROOT = {
        id: 1,
        userId: 1,
        uuid: 'root',
        authenticator: 'dingtalk',
        phone: null,
        email: 'admin@nocobase.com',
        name: 'member',
        default: true,
        key: 'x',
        config: { tokenExpirationTime: '1d' },
        roles: [{ name: 'root' }, { name: 'admin' }, { name: 'member' }],
      };
      const root: ProxyFault = (request, response) =>
        json({ data: request.method === 'GET' ? [ROOT] : ROOT })(request, response);

      it('signs in nobody who is not registered', async () => {
        proxy.failOn('*', root);
        expect(outcomeOf(await closed.signIn(newPerson().id))).toEqual([403, 'user_not_registered']);
        expect(proxy.asked).toEqual([`GET ${FIND_BINDING}`, `GET ${FIND_USERS}`]);
      });

      it('signs no new person in as root', async () => {
        proxy.failOn('*', root);
        expectNoSession(await open.signIn(newPerson().id));
      });
    });

    it('signs no new person in as the stranger whom NocoBase returns as the new user', async () => {
      const phone = newMobile();
      const id = await nocobase.addUser({ nickname: 'Stranger', phone });
      proxy.failOn(REGISTER, json({ data: { id, phone, username: 'stranger', roles: [{ name: 'member' }] } }));
      expectNoSession(await open.signIn(newPerson().id));
    });

    // The gateway's rights do not allow deleting the user again: an operator must give it a role.
    it('says so if the role of new users was deleted at the last moment, and does not sign them in', async () => {
      await nocobase.call('POST', 'roles:create', { name: 'fleeting', title: 'Fleeting' });
      const testCase = await start({ DINGTALK_DEFAULT_ROLES: 'fleeting' });
      expect((await testCase.signIn(newPerson().id)).status).toBe(303);
      await nocobase.call('POST', 'roles:destroy?filterByTk=fleeting');
      const failed = await testCase.signIn(newPerson().id);
      const next = await testCase.signIn(newPerson().id);
      await testCase.gateway.close();

      expect(outcomeOf(failed)).toEqual(MISCONFIGURED);
      expect(failed.text).toContain('users:create (roles)');
      // The outdated list of roles was dropped: the next new person leaves nothing behind.
      expect(outcomeOf(next)).toEqual(MISCONFIGURED);
      expect(next.text).toContain('DINGTALK_DEFAULT_ROLES');
    });

    // Several sign-ins may be refused with one error object.
    it('tells each of several people only their own return path', async () => {
      const testCase = await start({});
      proxy.failOn('roles:list', (request, response) => {
        setTimeout(() => json({ errors: [] }, 500)(request, response), 300);
      });
      const paths = ['/admin/salaries', '/admin/orders', '/admin/secrets'];
      const answers = await Promise.all(paths.map((redirect) => testCase.signIn(newPerson().id, { redirect })));
      await testCase.gateway.close();

      expect(answers.map(outcomeOf)).toEqual(paths.map(() => BROKEN));
      expect(answers.map(({ text }) => /redirect=([^"]+)"/.exec(text)?.[1])).toEqual(paths.map(encodeURIComponent));
    });

    it('says that it is unreachable if nothing listens', async () => {
      const lonely = await start({ NOCOBASE_URL: `http://127.0.0.1:${await freePort()}` });
      expect(outcomeOf(await lonely.signIn('li-lei'))).toEqual(AWAY);
      await lonely.gateway.close();
    });

    it('starts before NocoBase does, and works as soon as NocoBase is up', async () => {
      proxy.failOn('*', dropped);
      const early = await start({});
      expect(outcomeOf(await early.signIn('li-lei'))).toEqual(AWAY);
      proxy.heal();
      expect((await early.signIn('li-lei')).status).toBe(303);
      await early.gateway.close();
    });

    it('names the variable if NocoBase has no such role', async () => {
      const testCase = await start({ DINGTALK_DEFAULT_ROLES: 'member,nonesuch' });
      const person = newPerson();
      const failed = await testCase.signIn(person.id);
      await testCase.gateway.close();

      expect(outcomeOf(failed)).toEqual(MISCONFIGURED);
      expect(failed.text).toContain('DINGTALK_DEFAULT_ROLES');
      expect(await nocobase.userByPhone(person.mobile)).toEqual([]);
      expect(await nocobase.bindingsOf(person.unionId)).toEqual([]);
    });

    describe("if the authenticator's record is missing", () => {
      let testCase: SignInCase;
      beforeAll(async () => {
        testCase = await start({ NOCOBASE_AUTHENTICATOR: 'missing' });
        testCase.sandbox.world
          .app('dingsandboxapp')
          .redirectUris.push(`${testCase.gateway.url}/auth/dingtalk/missing/callback`);
      });
      afterAll(async () => testCase?.gateway.close());

      it('names the variable to a new person', async () => {
        const person = newPerson();
        const failed = await testCase.signIn(person.id);
        expect(outcomeOf(failed)).toEqual(MISCONFIGURED);
        expect(failed.text).toContain('NOCOBASE_AUTHENTICATOR');
        expect(await nocobase.userByPhone(person.mobile)).toEqual([]);
      });

      // `usersAuthenticators:create` accepts any name, so the person would be bound to an authenticator that does not exist.
      it('names the variable to a person with an account', async () => {
        const person = newPerson();
        await nocobase.addUser({ nickname: 'Known', phone: person.mobile });
        const failed = await testCase.signIn(person.id);
        expect(outcomeOf(failed)).toEqual(MISCONFIGURED);
        expect(failed.text).toContain('NOCOBASE_AUTHENTICATOR');
      });
    });
  });

  describe('readiness', () => {
    const ready = async (status: number, testCase = open): Promise<Answer> =>
      readiness(testCase.gateway.url, (answer) => answer.status === status);

    it.each<[string, ProxyFault, string]>([
      ['is down', dropped, 'temporarily_unavailable'],
      ['is starting', json({ errors: [{ code: 'APP_PREPARING' }] }, 503), 'temporarily_unavailable'],
      ['does not take the key', json({ errors: [{ code: 'INVALID_TOKEN' }] }, 401), 'misconfigured'],
      ['shows a page for maintenance', answering(200, '<h1>soon</h1>', 'text/html'), 'upstream_failed'],
    ])('fails while NocoBase %s, and recovers afterwards', async (_name, fault, reason) => {
      proxy.failOn('*', fault);
      const red = await ready(503);
      proxy.heal();

      expect(red.status).toBe(503);
      expect(JSON.parse(red.text)).toMatchObject({ status: 'error', error: { nocobase: { status: 'down', reason } } });
      expect((await ready(200)).status).toBe(200);
      expect((await new Browser().get(`${open.gateway.url}/health/live`)).status).toBe(200);
    });

    it('fails while NocoBase hangs and never answers', async () => {
      proxy.failOn('*', never);
      expect((await ready(503, impatient)).status).toBe(503);
    });

    it('fails, and people are told, once the key is actually revoked', async () => {
      const { token: session } = await nocobase.call<{ token: string }>('POST', 'auth:signIn', nocobase.root);
      const headers = { authorization: `Bearer ${session}` };
      // NocoBase's keys have no id of their own: two with the same second and lifetime would be the same key.
      const key = { name: 'to-be-revoked', role: { name: 'root' }, expiresIn: '7d' };
      const { token } = await nocobase.call<{ token: string }>('POST', 'apiKeys:create', key, headers);
      const testCase = await start({ NOCOBASE_API_TOKEN: token });
      expect((await ready(200, testCase)).status).toBe(200);

      const keys = await nocobase.call<{ id: number; name: string }[]>('GET', 'apiKeys:list', undefined, headers);
      const { id } = keys.find(({ name }) => name === key.name)!;
      await nocobase.call('POST', `apiKeys:destroy?filterByTk=${id}`, undefined, headers);
      const [red, failed] = [await ready(503, testCase), await testCase.signIn('li-lei')];
      await testCase.gateway.close();

      expect(red.status).toBe(503);
      expect(red.text).toContain('NOCOBASE_API_TOKEN');
      expect(outcomeOf(failed)).toEqual(MISCONFIGURED);
      expect(failed.text).toContain('NOCOBASE_API_TOKEN');
      expect(red.text + failed.text + JSON.stringify(testCase.gateway.log)).not.toContain(token);
    });
  });
});

function swapCase(text: string): string {
  return Array.from(text, (letter) =>
    letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
  ).join('');
}
