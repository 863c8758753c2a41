import { decodeJwt, SignJWT } from 'jose';
import { type Answer, Browser } from './support/browser.js';
import { NocoBaseProxy } from './support/nocobase-proxy.js';
import { TestNocoBase } from './support/nocobase.js';
import { handedOver, SignInCase } from './support/sign-in-case.js';

/** Phone numbers are unique in NocoBase: every test has its own people. */
let lastNumber = 13_900_000_000;
const newMobile = (): string => String((lastNumber += 1));
let lastPerson = 0;

describe('A sign-in to NocoBase with DingTalk', () => {
  let nocobase: TestNocoBase;
  let proxy: NocoBaseProxy;
  let closed: SignInCase;
  let open: SignInCase;
  let branch: SignInCase;

  beforeAll(async () => {
    nocobase = await TestNocoBase.launch();
    proxy = await NocoBaseProxy.before(nocobase.url);
    const environment = {
      ...nocobase.environment,
      NOCOBASE_URL: proxy.url,
      NOCOBASE_PUBLIC_URL: nocobase.url,
      DINGTALK_CORP_ID: 'dingcorp1',
    };
    closed = await SignInCase.start(environment);
    // A hundred people at once on a busy machine: the outcome matters here, not the duration.
    const patient = { DINGTALK_TIMEOUT_MS: '60000', NOCOBASE_TIMEOUT_MS: '60000' };
    open = await SignInCase.start({ ...environment, ...patient, DINGTALK_AUTO_SIGN_UP: 'true' });
    const row = { name: 'dingtalk-branch', authType: 'DingTalk', title: 'Branch', enabled: false };
    await nocobase.call('POST', 'authenticators:create', row);
    branch = await signInCaseAt('dingtalk-branch');
  }, 120_000);

  afterAll(async () => {
    await Promise.all([branch?.close(), closed?.close(), open?.close(), proxy?.close(), nocobase?.stop()]);
  });

  /** Another authenticator for the same NocoBase, by an application of another developer organization if that is requested. */
  async function signInCaseAt(name: string, change: Record<string, string> = {}): Promise<SignInCase> {
    const environment = { ...nocobase.environment, DINGTALK_CORP_ID: 'dingcorp1', NOCOBASE_AUTHENTICATOR: name };
    const started = await SignInCase.start({ ...environment, ...change });
    const app = started.sandbox.world.app('dingsandboxapp');
    app.redirectUris.push(`${started.gateway.url}/auth/dingtalk/${name}/callback`);
    return started;
  }

  /** A person with this number at another sandbox; another id means another unionId. @returns the unionId */
  function withNumber(at: SignInCase, id: string, mobile: string, corpId = 'dingcorp1'): string {
    at.addPerson({ id, name: '新同事', mobile, stateCode: '86', memberships: [{ corpId }] });
    return at.sandbox.world.unionIdOf(id, 'dingsandboxapp');
  }

  /** A person at DingTalk who is otherwise unknown. */
  function newPerson(
    testCase: SignInCase,
    details: { mobile?: string; name?: string; email?: string; stateCode?: string } = {},
  ) {
    const id = `person-${(lastPerson += 1)}`;
    const mobile = details.mobile ?? newMobile();
    testCase.addPerson({
      id,
      name: details.name ?? '新同事',
      mobile,
      stateCode: details.stateCode ?? '86',
      ...(details.email ? { email: details.email } : {}),
      memberships: [{ corpId: 'dingcorp1' }],
    });
    return { id, mobile, unionId: testCase.sandbox.world.unionIdOf(id, 'dingsandboxapp') };
  }

  async function signedInUser(outcome: Answer): Promise<number> {
    expect(outcome.status).toBe(303);
    const { token, authenticator } = handedOver(outcome.location);
    return (await nocobase.whoIs(token, authenticator)).id;
  }

  it('lands on the requested page, as the user with their phone number', async () => {
    const person = newPerson(closed);
    const userId = await nocobase.addUser({ nickname: 'Known', phone: person.mobile });

    const outcome = await closed.signIn(person.id, { redirect: '/admin/orders?page=2&sort=a%20b#row-7' });

    expect(await signedInUser(outcome)).toBe(userId);
    const { url, authenticator } = handedOver(outcome.location);
    expect(url.origin).toBe(nocobase.url);
    expect(url.pathname).toBe('/admin/orders');
    expect([url.searchParams.get('page'), url.searchParams.get('sort'), url.hash]).toEqual(['2', 'a b', '#row-7']);
    expect(authenticator).toBe('dingtalk');
    expect(outcome.headers.get('cache-control')).toBe('no-store');
    expect(outcome.headers.get('referrer-policy')).toBe('no-referrer');
    expect(await nocobase.bindingsOf(person.unionId)).toEqual([expect.objectContaining({ userId })]);
  });

  it.each([
    ['+8613', (mobile: string) => `+86${mobile}`],
    ['8613', (mobile: string) => `86${mobile}`],
    ['86-13', (mobile: string) => `86-${mobile}`],
    ['13', (mobile: string) => mobile],
  ])('finds the user whose number is stored as %s…', async (_format, stored) => {
    const person = newPerson(closed);
    const userId = await nocobase.addUser({ nickname: 'Known', phone: stored(person.mobile) });
    expect(await signedInUser(await closed.signIn(person.id))).toBe(userId);
  });

  it('makes two calls to NocoBase and two to DingTalk for a returning person', async () => {
    const person = newPerson(closed);
    await nocobase.addUser({ nickname: 'Known', phone: person.mobile });
    await closed.signIn(person.id);
    proxy.calls.length = 0;
    closed.sandbox.requests.length = 0;

    await closed.signIn(person.id);

    expect(proxy.asked).toEqual(['GET usersAuthenticators:list', 'POST issuedTokens:create']);
    const atDingTalk = closed.sandbox.requests.map(({ operation }) => operation);
    expect(atDingTalk.filter((operation) => !['authorize', 'consent'].includes(operation))).toEqual([
      'userAccessToken',
      'currentUser',
    ]);
  });

  it('makes four calls to NocoBase to register a person, and at most five to link one', async () => {
    await open.signIn(newPerson(open).id);
    const [registered, linked] = [newPerson(open), newPerson(open)];
    await nocobase.addUser({ nickname: 'Known', phone: linked.mobile });

    proxy.calls.length = 0;
    await open.signIn(registered.id);
    expect(proxy.calls).toHaveLength(4);

    proxy.calls.length = 0;
    await open.signIn(linked.id);
    expect(proxy.calls.length).toBeLessThanOrEqual(5);
  });

  it('issues what NocoBase itself would issue: a record, and a token that it renews after expiry', async () => {
    const person = newPerson(closed);
    const userId = await nocobase.addUser({ nickname: 'Known', phone: person.mobile });
    const { token } = handedOver((await closed.signIn(person.id)).location);
    const claims = decodeJwt(token);

    expect(claims).toEqual({
      userId,
      temp: true,
      signInTime: expect.any(Number),
      iat: expect.any(Number),
      exp: claims.iat! + 86_400,
      jti: expect.any(String),
    });
    const fields = 'id,jti,userId,signInTime,issuedTime,authenticator';
    expect(await nocobase.list('issuedTokens', { id: claims.jti }, fields)).toEqual([
      expect.objectContaining({
        id: claims.jti,
        jti: claims.jti,
        userId,
        signInTime: claims['signInTime'],
        authenticator: 'dingtalk',
      }),
    ]);

    // The same session as it will be in two hours, its token ten seconds past its expiry.
    const now = Math.floor(Date.now() / 1000);
    const expired = await new SignJWT({ ...claims, iat: now - 7200, exp: now - 10 })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(Buffer.from(nocobase.jwtSecret));
    const answer = await fetch(`${nocobase.url}/api/auth:check`, { headers: { authorization: `Bearer ${expired}` } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-new-token')).toMatch(/^eyJ/);
  });

  it('gives a binding precedence over a phone number that has changed', async () => {
    const person = newPerson(closed);
    const userId = await nocobase.addUser({ nickname: 'Known', phone: person.mobile });
    await closed.signIn(person.id);
    const changed = newMobile();
    await nocobase.addUser({ nickname: 'Somebody else', phone: changed });
    closed.sandbox.world.person(person.id).mobile = changed;

    expect(await signedInUser(await closed.signIn(person.id))).toBe(userId);
  });

  it('never gives a bound account to the next owner of its phone number', async () => {
    const former = newPerson(closed);
    await nocobase.addUser({ nickname: 'Known', phone: former.mobile });
    await closed.signIn(former.id);
    const next = newPerson(closed, { mobile: former.mobile });

    const outcome = await closed.signIn(next.id);

    expect([outcome.status, outcome.errorCode]).toEqual([409, 'account_conflict']);
    expect(await nocobase.bindingsOf(next.unionId)).toEqual([]);
  });

  describe('if one NocoBase has two authenticators,', () => {
    const bindings = async (userId: number) =>
      (await nocobase.list('usersAuthenticators', { userId }, 'authenticator,uuid')).map(
        ({ authenticator, uuid }) => `${String(authenticator)} ${String(uuid)}`,
      );

    it('never gives a bound account to the next owner of its phone number by the other one', async () => {
      const former = newPerson(closed);
      const userId = await nocobase.addUser({ nickname: 'Known', phone: former.mobile });
      await closed.signIn(former.id);
      withNumber(branch, 'next-owner', former.mobile);

      const outcome = await branch.signIn('next-owner');

      expect([outcome.status, outcome.errorCode]).toEqual([409, 'account_conflict']);
      expect(await bindings(userId)).toEqual([`dingtalk ${former.unionId}`]);
    });

    it('nor after the first was renamed, whether its binding has our mark or is an older one', async () => {
      const row = { name: 'old', authType: 'DingTalk', title: 'Old', enabled: false };
      const { id } = await nocobase.call<{ id: number }>('POST', 'authenticators:create', row);
      const old = await signInCaseAt('old');
      const [marked, unmarked] = [newMobile(), newMobile()];
      const users = [
        await nocobase.addUser({ nickname: 'Marked', phone: marked }),
        await nocobase.addUser({ nickname: 'Unmarked', phone: unmarked }),
      ];
      withNumber(old, 'before-renaming', marked);
      expect(await signedInUser(await old.signIn('before-renaming'))).toBe(users[0]);
      await old.close();
      const older = { authenticator: 'old', userId: users[1], uuid: 'union-of-0.1.0' };
      await nocobase.call('POST', 'usersAuthenticators:create', older);
      // NocoBase accepts no update that leaves an authenticator disabled.
      const renamed = { ...row, name: 'renamed', enabled: true };
      await nocobase.call('POST', `authenticators:update?filterByTk=${id}`, renamed);

      for (const [who, mobile] of [
        ['after-renaming', marked],
        ['after-0.1.0', unmarked],
      ] as const) {
        withNumber(branch, who, mobile);
        const outcome = await branch.signIn(who);
        expect([outcome.status, outcome.errorCode]).toEqual([409, 'account_conflict']);
      }
    });

    it('treats the same unionId as the same person, whatever their number is now', async () => {
      const { id, mobile, unionId } = newPerson(closed);
      const userId = await nocobase.addUser({ nickname: 'Known', phone: mobile });
      await closed.signIn(id);
      const other = await SignInCase.start(
        {
          ...nocobase.environment,
          NOCOBASE_URL: proxy.url,
          DINGTALK_CORP_ID: 'dingcorp1',
          NOCOBASE_AUTHENTICATOR: 'dingtalk-branch',
        },
        { sandbox: closed.sandbox },
      );
      closed.sandbox.world
        .app('dingsandboxapp')
        .redirectUris.push(`${other.gateway.url}/auth/dingtalk/dingtalk-branch/callback`);
      closed.sandbox.world.person(id).mobile = newMobile();
      proxy.calls.length = 0;

      expect(await signedInUser(await other.signIn(id))).toBe(userId);
      await other.gateway.close();

      expect(proxy.asked).toEqual([
        'GET usersAuthenticators:list',
        'GET users:list',
        'GET usersAuthenticators:list',
        // Once in the life of a gateway.
        'GET authenticators:list',
        'POST usersAuthenticators:create',
        'POST issuedTokens:create',
      ]);
      expect(await bindings(userId)).toEqual([`dingtalk ${unionId}`, `dingtalk-branch ${unionId}`]);
    });

    it('does not link a protected account by the same unionId either', async () => {
      const { id, unionId } = newPerson(closed);
      const userId = await nocobase.addUser({ nickname: 'Powerful', roles: ['admin'] });
      const values = { authenticator: 'dingtalk-branch', userId, uuid: unionId, meta: { dingtalkGateway: {} } };
      await nocobase.call('POST', 'usersAuthenticators:create', values);

      const outcome = await closed.signIn(id);

      expect([outcome.status, outcome.errorCode]).toEqual([403, 'account_protected']);
    });

    it('links one user from two organizations only if the administrator allows it, and never twice from one', async () => {
      const { id, mobile, unionId } = newPerson(closed);
      const userId = await nocobase.addUser({ nickname: 'Works in two', phone: mobile });
      await closed.signIn(id);
      const several = { DINGTALK_CORP_ID: 'dingcorp1,dingcorp2', NOCOBASE_SEVERAL_BINDINGS: 'true' };
      const generous = await signInCaseAt('dingtalk-branch', several);
      const strict = await signInCaseAt('dingtalk-branch', { DINGTALK_CORP_ID: 'dingcorp1,dingcorp2' });
      const own = withNumber(generous, 'their-own-organization', mobile);
      for (const at of [generous, strict]) {
        at.sandbox.world.app('dingsandboxapp').letOutsidersThrough = true;
        withNumber(at, 'another-organization', mobile, 'dingcorp2');
      }

      const refused = [
        await generous.signIn('their-own-organization'),
        await strict.signIn('another-organization', { corpId: 'dingcorp2' }),
      ];
      expect(refused.map(({ errorCode }) => errorCode)).toEqual(['account_conflict', 'account_conflict']);
      expect(own).not.toBe(unionId);
      expect(await signedInUser(await generous.signIn('another-organization', { corpId: 'dingcorp2' }))).toBe(userId);
      expect(await bindings(userId)).toHaveLength(2);
      await Promise.all([generous.close(), strict.close()]);
    });
  });

  describe('if nobody is matched by a field (NOCOBASE_MATCH=none),', () => {
    let unmatched: SignInCase;

    beforeAll(async () => {
      const environment = { ...nocobase.environment, DINGTALK_CORP_ID: 'dingcorp1', NOCOBASE_MATCH: 'none' };
      unmatched = await SignInCase.start({ ...environment, DINGTALK_AUTO_SIGN_UP: 'true' });
    });
    afterAll(async () => unmatched?.close());

    it('registers a person whose number another user has, without the number, and leaves that account alone', async () => {
      const person = newPerson(unmatched);
      const owner = await nocobase.addUser({ nickname: 'Has the number', phone: `+86${person.mobile}` });

      const userId = await signedInUser(await unmatched.signIn(person.id));

      expect(userId).not.toBe(owner);
      const [user] = await nocobase.list('users', { id: userId }, 'id,phone');
      expect(user?.['phone'] ?? null).toBeNull();
      expect(await nocobase.userByPhone(`+86${person.mobile}`)).toEqual([
        expect.objectContaining({ id: owner, nickname: 'Has the number' }),
      ]);
      expect(await signedInUser(await unmatched.signIn(person.id))).toBe(userId);
    });

    it('registers a person with an unused number, and one without a number', async () => {
      const person = newPerson(unmatched);
      const userId = await signedInUser(await unmatched.signIn(person.id));

      expect(await nocobase.userByPhone(person.mobile)).toEqual([expect.objectContaining({ id: userId })]);
      const app = unmatched.sandbox.world.app('dingsandboxapp');
      app.maskMobile = true;
      expect(await signedInUser(await unmatched.signIn(newPerson(unmatched).id))).toBeGreaterThan(userId);
      app.maskMobile = false;
    });

    it('lets in only bound people if sign-up is off', async () => {
      const bound = newPerson(closed);
      const id = await nocobase.addUser({ nickname: 'Bound', username: `bound-${lastNumber}` });
      const values = { authenticator: 'dingtalk', userId: id, uuid: bound.unionId };
      await nocobase.call('POST', 'usersAuthenticators:create', values);
      const environment = { ...nocobase.environment, NOCOBASE_MATCH: 'none', DINGTALK_CORP_ID: 'dingcorp1' };
      const strict = await SignInCase.start(environment, { sandbox: closed.sandbox });
      const stranger = newPerson(closed);
      await nocobase.addUser({ nickname: 'Has the number', phone: stranger.mobile });

      expect(await signedInUser(await strict.signIn(bound.id))).toBe(id);
      const outcome = await strict.signIn(stranger.id);
      expect([outcome.status, outcome.errorCode]).toEqual([403, 'user_not_registered']);
      await strict.gateway.close();
    });
  });

  it('logs one line for an account that was linked by number, without the number, and none otherwise', async () => {
    // Everything that this process logs goes to the gateway that was started last.
    const logged = await SignInCase.start({ ...nocobase.environment, DINGTALK_CORP_ID: 'dingcorp1' });
    const person = newPerson(logged);
    const userId = await nocobase.addUser({ nickname: 'Known', phone: person.mobile });
    await logged.signIn(person.id);
    await logged.signIn(person.id);
    await logged.signIn(newPerson(logged).id);
    await logged.close();

    const written = logged.gateway.log.filter(({ event }) => event === 'account_linked');
    expect(written).toEqual([
      expect.objectContaining({
        event: 'account_linked',
        by: 'phone',
        authenticator: 'dingtalk',
        userId,
        usedBefore: 'unknown',
        sessionsEnded: false,
      }),
    ]);
    expect(JSON.stringify(written)).not.toContain(person.mobile);
    expect(JSON.stringify(written)).not.toContain(person.unionId);
  });

  it('refuses a number that two users have', async () => {
    const person = newPerson(closed);
    await nocobase.addUser({ nickname: 'One', phone: person.mobile });
    await nocobase.addUser({ nickname: 'Two', phone: `+86${person.mobile}` });

    const outcome = await closed.signIn(person.id);

    expect([outcome.status, outcome.errorCode]).toEqual([409, 'account_conflict']);
  });

  it('never links an account with a protected role by phone number', async () => {
    const person = newPerson(closed);
    await nocobase.addUser({ nickname: 'Powerful', phone: person.mobile, roles: ['member', 'admin'] });

    const outcome = await closed.signIn(person.id);

    expect([outcome.status, outcome.errorCode]).toEqual([403, 'account_protected']);
    expect(await nocobase.bindingsOf(person.unionId)).toEqual([]);
  });

  it('never links the root account by phone number, whatever its roles', async () => {
    const person = newPerson(closed);
    await nocobase.call('POST', 'users:update?filterByTk=1', { phone: person.mobile });

    const outcome = await closed.signIn(person.id);

    expect([outcome.status, outcome.errorCode]).toEqual([403, 'account_protected']);
    expect(await nocobase.bindingsOf(person.unionId)).toEqual([]);
  });

  it('says so if nobody has the number and sign-up is off', async () => {
    const person = newPerson(closed);
    const outcome = await closed.signIn(person.id);
    expect([outcome.status, outcome.errorCode]).toEqual([403, 'user_not_registered']);
    expect(await nocobase.userByPhone(person.mobile)).toEqual([]);
  });

  it('registers people if sign-up is on, with the default role, and recognizes them the next time', async () => {
    const person = newPerson(open, { name: '王 <b>小明</b> 😀', email: 'xiaoming@example.com' });

    const userId = await signedInUser(await open.signIn(person.id));

    expect(await nocobase.userByPhone(person.mobile)).toEqual([
      expect.objectContaining({
        id: userId,
        nickname: '王 <b>小明</b> 😀',
        email: 'xiaoming@example.com',
        username: expect.stringMatching(/^[^@.<>"'/]{1,50}$/),
        roles: [expect.objectContaining({ name: 'member' })],
      }),
    ]);
    expect(await signedInUser(await open.signIn(person.id))).toBe(userId);
  });

  it('omits the email address if another user has it', async () => {
    await nocobase.addUser({ nickname: 'First', email: 'taken@example.com' });
    const person = newPerson(open, { email: 'taken@example.com' });

    await signedInUser(await open.signIn(person.id));

    const [user] = await nocobase.userByPhone(person.mobile);
    expect(user?.['email'] ?? null).toBeNull();
  });

  it('creates one user and one binding for 100 simultaneous first sign-ins of one person', async () => {
    const person = newPerson(open);
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => open.signIn(person.id)));

    const ids = await Promise.all(outcomes.map((outcome) => signedInUser(outcome)));

    expect(new Set(ids).size).toBe(1);
    expect(await nocobase.userByPhone(person.mobile)).toHaveLength(1);
    expect(await nocobase.bindingsOf(person.unionId)).toHaveLength(1);
  }, 60_000);

  it('creates one user for simultaneous first sign-ins at two gateways that share nothing', async () => {
    const other = await SignInCase.start(
      {
        ...nocobase.environment,
        DINGTALK_CORP_ID: 'dingcorp1',
        DINGTALK_AUTO_SIGN_UP: 'true',
      },
      { sandbox: open.sandbox },
    );
    const person = newPerson(open);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? open : other).signIn(person.id)),
    );
    await other.gateway.close();

    const ids = await Promise.all(outcomes.map((outcome) => signedInUser(outcome)));

    expect(new Set(ids).size).toBe(1);
    expect(await nocobase.userByPhone(person.mobile)).toHaveLength(1);
    expect(await nocobase.bindingsOf(person.unionId)).toHaveLength(1);
  }, 60_000);

  it.each([
    ['zhao-min', 'gives no mobile number', {}],
    ['masked', 'gives a masked number', { maskMobile: true }],
  ])('names the permission to grant for %s if DingTalk %s', async (who, _what, change) => {
    const app = open.sandbox.world.app('dingsandboxapp');
    const personId = who === 'masked' ? newPerson(open).id : who;
    Object.assign(app, change);
    const outcome = await open.signIn(personId);
    app.maskMobile = false;

    expect([outcome.status, outcome.errorCode]).toEqual([403, 'phone_missing']);
    expect(outcome.text).toContain('Contact.User.mobile');
  });

  it('names the permission to grant if the application may not read phone numbers', async () => {
    const { permissions } = open.sandbox.world.app('dingsandboxapp');
    permissions['Contact.User.mobile'] = false;
    const outcome = await open.signIn(newPerson(open).id);
    permissions['Contact.User.mobile'] = true;

    expect([outcome.status, outcome.errorCode]).toEqual([403, 'phone_missing']);
    expect(outcome.text).toContain('Contact.User.mobile');
  });

  it('names the permission to grant if the application may not read profiles', async () => {
    const { permissions } = open.sandbox.world.app('dingsandboxapp');
    permissions['Contact.User.Read'] = false;
    const outcome = await open.signIn(newPerson(open).id);
    permissions['Contact.User.Read'] = true;

    expect([outcome.status, outcome.errorCode]).toEqual([500, 'misconfigured']);
    expect(outcome.text).toContain('Contact.User.Read');
  });

  it('refuses a member of another organization, although DingTalk admitted them', async () => {
    const app = open.sandbox.world.app('dingsandboxapp');
    app.letOutsidersThrough = true;
    open.addPerson({
      id: 'outsider',
      name: 'Outsider',
      mobile: newMobile(),
      stateCode: '86',
      memberships: [{ corpId: 'dingcorp2' }],
    });
    const outcome = await open.signIn('outsider', { corpId: 'dingcorp2' });
    app.letOutsidersThrough = false;

    expect([outcome.status, outcome.errorCode]).toEqual([403, 'organization_not_allowed']);
    expect(await nocobase.bindingsOf(open.sandbox.world.unionIdOf('outsider', 'dingsandboxapp'))).toEqual([]);
  });

  it('shows a page, keeps the return path and starts afresh if the person declines', async () => {
    const browser = new Browser();
    const callback = await open.sandbox.deny(await open.startSignIn(browser, '/admin/orders'));
    const outcome = await browser.get(callback);

    expect([outcome.status, outcome.errorCode]).toEqual([403, 'access_denied']);
    expect(outcome.text).toContain(`${open.gateway.url}/auth/dingtalk?redirect=%2Fadmin%2Forders`);
    expect(outcome.text).toContain(`${nocobase.url}/signin`);
    expect(browser.cookies.size).toBe(0);
  });

  it('asks DingTalk for the allowed organization, and preselects it', async () => {
    const url = new URL(await closed.startSignIn(new Browser()));
    expect(Object.fromEntries(url.searchParams)).toEqual({
      redirect_uri: `${closed.gateway.url}/auth/dingtalk/dingtalk/callback`,
      response_type: 'code',
      client_id: 'dingsandboxapp',
      scope: 'openid corpid',
      prompt: 'consent',
      state: expect.stringMatching(/^[\w-]{43}$/),
      corpId: 'dingcorp1',
    });
  });

  it('answers errors as JSON to clients that ask for it, in the language that they ask for', async () => {
    const url = `${closed.gateway.url}/auth/dingtalk/dingtalk/callback?code=x`;
    const answer = await new Browser('zh-CN').get(url, { accept: 'application/json' });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({
      error: 'invalid_state',
      message: expect.stringContaining('本次登录已失效'),
      requestId: answer.headers.get('x-request-id'),
    });
  });

  it('has no page for an authenticator that is not configured', async () => {
    for (const path of ['/auth/dingtalk/other', '/auth/dingtalk/other/callback?code=x&state=y']) {
      const answer = await new Browser().get(closed.gateway.url + path);
      expect([answer.status, answer.errorCode]).toEqual([404, 'not_found']);
    }
  });

  it('shows a sign-in page in Chinese and English that keeps the wanted page', async () => {
    const english = await new Browser('en-GB').get(`${closed.gateway.url}/?redirect=/admin/x`);
    const chinese = await new Browser('zh-CN,zh;q=0.9').get(`${closed.gateway.url}/`);
    expect(english.text).toContain('Sign in with DingTalk');
    expect(english.text).toContain('/auth/dingtalk?redirect=%2Fadmin%2Fx');
    expect(chinese.text).toContain('使用钉钉登录');
    expect(chinese.text).toContain('lang="zh-CN"');
  });

  it('needs a gateway that is live, and ready while NocoBase accepts its key', async () => {
    const live = await new Browser().get(`${closed.gateway.url}/health/live`);
    const ready = await new Browser().get(`${closed.gateway.url}/health/ready`);
    expect([live.status, ready.status]).toEqual([200, 200]);
    expect(JSON.parse(ready.text)).toMatchObject({ status: 'ok' });
  });
});
