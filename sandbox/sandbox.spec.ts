import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_CORP_ID, OTHER_CORP_ID, startSandbox } from './index.js';
import { CALLBACK, startSpecClient, type SpecClient } from './spec-support.js';

const MINUTE = 60_000;
const CODE_NOT_FOUND = {
  status: 400,
  body: { code: 'invalidParameter.authCode.notFound', message: '不合法的临时授权码' },
};

let client: SpecClient;
beforeAll(async () => {
  client = await startSpecClient();
});
beforeEach(() => client.reset());
afterAll(() => client.sandbox.close());

const demoApp = () => client.sandbox.world.app(DEMO_CLIENT_ID);
const open = (url: string, language = 'zh-CN') =>
  fetch(url, { redirect: 'manual', headers: { 'accept-language': language } });

describe('authorization request', () => {
  it.each([
    ['unknown_client', { client_id: 'nobody' }],
    ['unknown_client', { client_id: undefined }],
    ['redirect_uri_mismatch', { redirect_uri: `${CALLBACK}/` }],
    ['redirect_uri_mismatch', { redirect_uri: undefined }],
    ['redirect_uri_mismatch', { redirect_uri: 'https://evil.example/callback' }],
    ['unsupported_response_type', { response_type: 'token' }],
    ['invalid_scope', { scope: 'openid email' }],
    ['invalid_scope', { scope: undefined }],
    ['missing_prompt', { prompt: undefined }],
  ])('shows %s and never redirects: %j', async (problem, changes) => {
    for (const method of ['GET', 'POST']) {
      const response = await fetch(client.authorizationUrl(changes), {
        method,
        redirect: 'manual',
        ...(method === 'POST' && { body: new URLSearchParams({ person: 'li-lei' }) }),
      });
      expect(response.status).toBe(400);
      expect(response.headers.get('location')).toBeNull();
      expect(await response.text()).toContain(`data-error="${problem}"`);
    }
  });

  it('refuses a parameter that appears twice', async () => {
    const response = await open(`${client.authorizationUrl()}&client_id=${DEMO_CLIENT_ID}`);
    expect(await response.text()).toContain('data-error="duplicate_parameter"');
  });

  it('compares only origins if the application is configured that way', async () => {
    demoApp().redirectMatch = 'origin';
    const location = await client.sandbox.approve(
      client.authorizationUrl({ redirect_uri: 'http://localhost:3000/elsewhere' }),
      'li-lei',
    );
    expect(location).toMatch(/^http:\/\/localhost:3000\/elsewhere\?code=/);
    const foreign = client.authorizationUrl({ redirect_uri: 'http://localhost:3001/elsewhere' });
    await expect(client.sandbox.approve(foreign, 'li-lei')).rejects.toThrow('redirect_uri_mismatch');
  });

  it("answers with the same code and authCode, the exact state, and the redirect URL's own query", async () => {
    const url = client.authorizationUrl({ redirect_uri: `${CALLBACK}?tenant=a%20b` });
    const location = await client.sandbox.approve(url, 'li-lei');
    expect(location.startsWith(`${CALLBACK}?tenant=a%20b&code=`)).toBe(true);
    const parameters = new URL(location).searchParams;
    expect([...parameters.keys()]).toEqual(['tenant', 'code', 'authCode', 'state']);
    expect(parameters.get('code')).toMatch(/^[0-9a-f]{32}$/);
    expect(parameters.get('authCode')).toBe(parameters.get('code'));
    expect(parameters.get('state')).toBe('st ate+&=');
  });

  it('returns no state if none was sent', async () => {
    const location = await client.sandbox.approve(client.authorizationUrl({ state: undefined }), 'li-lei');
    expect(new URL(location).searchParams.has('state')).toBe(false);
  });

  it('answers a denial with the configured error and the state, and no code', async () => {
    const denied = await client.sandbox.deny(client.authorizationUrl());
    expect(Object.fromEntries(new URL(denied).searchParams)).toEqual({ error: 'access_denied', state: 'st ate+&=' });
    client.sandbox.world.denialError = 'user_cancel';
    expect(await client.sandbox.deny(client.authorizationUrl())).toContain('?error=user_cancel&');
  });

  it('ignores PKCE: a challenge needs no verifier', async () => {
    const code = await client.signIn('li-lei', { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' });
    expect((await client.exchange(code)).status).toBe(200);
  });
});

describe('consent page', () => {
  it('names itself a sandbox in both languages and follows Accept-Language', async () => {
    const chinese = await (await open(client.authorizationUrl(), 'zh-CN,zh;q=0.9,en;q=0.8')).text();
    const english = await (await open(client.authorizationUrl(), 'de, en-US;q=0.7, zh;q=0.3')).text();
    for (const page of [chinese, english]) {
      expect(page).toContain('DingTalk sandbox');
      expect(page).toContain('钉钉沙箱');
    }
    expect(chinese).toContain('拒绝授权');
    expect(english).toContain('Choose a test person');
  });

  it('offers every person and a denial as form buttons, without any script', async () => {
    const response = await open(client.authorizationUrl());
    const page = await response.text();
    for (const id of client.sandbox.world.people.keys()) expect(page).toContain(`data-person="${id}"`);
    expect(page).toContain('data-deny');
    expect(page).not.toContain('<script');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('escapes names, the query and everything else it prints', async () => {
    client.sandbox.world.addPerson({ id: '"><img src=x>', name: '<script>alert(1)</script>' });
    const page = await (await open(client.authorizationUrl({ state: '"><b>x</b>' }))).text();
    expect(page).not.toMatch(/<script|<img|<b>/);
    expect(page).toContain('&#60;script&#62;');
  });

  it('refuses an unknown person', async () => {
    await expect(client.sandbox.approve(client.authorizationUrl(), 'nobody')).rejects.toThrow('unknown_person');
  });

  it.each(['zhou-tao', 'wu-fang'])('refuses %s, who is no employee, without a redirect', async (personId) => {
    await expect(client.sandbox.approve(client.authorizationUrl(), personId)).rejects.toThrow('not_a_member');
    demoApp().letOutsidersThrough = true;
    expect(await client.sandbox.approve(client.authorizationUrl(), personId)).toContain('code=');
  });

  it('lets anyone sign in to an application that is not internal', async () => {
    demoApp().internal = false;
    expect(await client.sandbox.approve(client.authorizationUrl(), 'zhou-tao')).toContain('code=');
  });
});

describe('organization of the sign-in', () => {
  const scope = 'openid corpid';
  const corpIdOf = async (code: string) => (await client.exchange(code)).body['corpId'];

  it('is returned only for the scope openid corpid', async () => {
    expect(await corpIdOf(await client.signIn('li-lei', { scope }))).toBe(DEMO_CORP_ID);
    expect(await corpIdOf(await client.signIn('li-lei'))).toBeUndefined();
  });

  it('is selected by a person who has several', async () => {
    const picker = await fetch(client.authorizationUrl({ scope }), {
      method: 'POST',
      body: new URLSearchParams({ person: 'han-meimei' }),
      redirect: 'manual',
    });
    const page = await picker.text();
    expect(picker.status).toBe(200);
    expect(page).toContain(`data-corp="${DEMO_CORP_ID}"`);
    expect(page).toContain(`data-corp="${OTHER_CORP_ID}"`);
    expect(await corpIdOf(await client.signIn('han-meimei', { scope }, OTHER_CORP_ID))).toBe(OTHER_CORP_ID);
    expect(await corpIdOf(await client.signIn('han-meimei', { scope }, DEMO_CORP_ID))).toBe(DEMO_CORP_ID);
  });

  it('is preselected by corpId only if the person belongs there', async () => {
    const answer = (personId: string, corpId: string, corp?: string) =>
      fetch(client.authorizationUrl({ scope, corpId }), {
        method: 'POST',
        body: new URLSearchParams({ person: personId, ...(corp !== undefined && { corp }) }),
        redirect: 'manual',
      });
    const honoured = await answer('han-meimei', OTHER_CORP_ID);
    const code = new URL(honoured.headers.get('location') ?? '').searchParams.get('code') ?? '';
    expect(await corpIdOf(code)).toBe(OTHER_CORP_ID);
    expect((await answer('han-meimei', 'dingstranger')).status).toBe(200);
    expect((await answer('han-meimei', 'dingstranger', 'dingstranger')).status).toBe(200);
    expect(await corpIdOf(await client.signIn('li-lei', { scope, corpId: OTHER_CORP_ID }))).toBe(DEMO_CORP_ID);
  });

  it('is absent for an admitted outsider', async () => {
    demoApp().letOutsidersThrough = true;
    expect(await corpIdOf(await client.signIn('zhou-tao', { scope }))).toBeUndefined();
  });

  it('is limited to managed organizations by org_type=management', async () => {
    expect(await corpIdOf(await client.signIn('li-lei', { scope, org_type: 'management' }))).toBe(DEMO_CORP_ID);
    await expect(client.signIn('mary', { scope, org_type: 'management' })).rejects.toThrow('no_organization');
  });
});

describe('userAccessToken', () => {
  it('answers with expireIn and two tokens, and nothing that OAuth would add', async () => {
    const { status, body } = await client.exchange(await client.signIn('li-lei'));
    expect(status).toBe(200);
    expect(Object.keys(body).toSorted()).toEqual(['accessToken', 'expireIn', 'refreshToken']);
    expect(body['expireIn']).toBe(7200);
  });

  it('accepts a code once, even if it is sent twice at the same time', async () => {
    const code = await client.signIn('li-lei');
    const statuses = (await Promise.all([client.exchange(code), client.exchange(code)])).map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 400]);
    expect(await client.exchange(code)).toMatchObject(CODE_NOT_FOUND);
  });

  it('accepts a code for five minutes', async () => {
    const [early, late] = [await client.signIn('li-lei'), await client.signIn('li-lei')];
    client.sandbox.clock.advance(5 * MINUTE - 5000);
    expect((await client.exchange(early)).status).toBe(200);
    client.sandbox.clock.advance(5001);
    expect(await client.exchange(late)).toMatchObject(CODE_NOT_FOUND);
  });

  it('accepts a code from the application that it was issued for, and from no other', async () => {
    client.sandbox.world.addApp({ clientId: 'other', clientSecret: 'other-secret', corpId: DEMO_CORP_ID });
    const code = await client.signIn('li-lei');
    expect(await client.exchange(code, { clientId: 'other', clientSecret: 'other-secret' })).toMatchObject(
      CODE_NOT_FOUND,
    );
    expect(await client.exchange('unknown')).toMatchObject(CODE_NOT_FOUND);
    expect((await client.exchange(code)).status).toBe(200);
  });

  it('checks the credentials before the code', async () => {
    const code = await client.signIn('li-lei');
    const refused = { status: 400, body: { code: 'invalidClientIdOrSecret' } };
    expect(await client.exchange(code, { clientSecret: 'wrong' })).toMatchObject(refused);
    expect(await client.exchange('unknown', { clientId: 'wrong' })).toMatchObject(refused);
    expect((await client.exchange(code)).status).toBe(200);
  });

  it.each(['clientId', 'clientSecret', 'grantType', 'code'])('requires %s in camelCase', async (field) => {
    const { status, body } = await client.exchange('x', { [field]: undefined, client_id: DEMO_CLIENT_ID });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: `Missing${field}`, message: `${field} is mandatory for this action.` });
  });

  it('does not read forms', async () => {
    const body = new URLSearchParams({ clientId: DEMO_CLIENT_ID, clientSecret: DEMO_CLIENT_SECRET });
    expect(await client.request('/api/v1.0/oauth2/userAccessToken', { method: 'POST', body })).toMatchObject({
      status: 400,
      body: { code: 'Missingbody', message: 'body is mandatory for this action.' },
    });
  });

  it('rotates the refresh token and keeps the organization', async () => {
    const first = await client.exchange(await client.signIn('li-lei', { scope: 'openid corpid' }));
    const { refreshToken } = first.body;
    const refresh = { grantType: 'refresh_token', refreshToken, code: undefined };
    const second = await client.exchange('', refresh);
    expect(second.body).toMatchObject({ expireIn: 7200, corpId: DEMO_CORP_ID });
    expect(second.body['refreshToken']).not.toBe(refreshToken);
    expect((await client.me(String(second.body['accessToken']))).status).toBe(200);
    expect(await client.exchange('', refresh)).toMatchObject(CODE_NOT_FOUND);
  });

  it('does not accept an in-app code', async () => {
    expect(await client.exchange(client.sandbox.world.issueInAppCode('li-lei', DEMO_CORP_ID))).toMatchObject(
      CODE_NOT_FOUND,
    );
  });
});

describe('users/me', () => {
  it('returns the person who signed in', async () => {
    const { world } = client.sandbox;
    expect((await client.me(await client.userToken('li-lei'))).body).toEqual({
      nick: '李雷',
      unionId: world.unionIdOf('li-lei', DEMO_CLIENT_ID),
      openId: world.openIdOf('li-lei', DEMO_CLIENT_ID),
      avatarUrl: 'https://static.example.com/avatar/li-lei.png',
      mobile: '13800000001',
      stateCode: '86',
      email: 'li.lei@example.com',
      visitor: false,
    });
  });

  it('leaves out what is not set', async () => {
    const { body } = await client.me(await client.userToken('zhao-min'));
    expect(Object.keys(body).toSorted()).toEqual(['nick', 'openId', 'unionId', 'visitor']);
    expect((await client.me(await client.userToken('mary'))).body).toMatchObject({
      mobile: '2025550143',
      stateCode: '1',
    });
  });

  it('reads the token from its own header only', async () => {
    const token = await client.userToken('li-lei');
    const missing = { status: 400, body: { code: 'AuthenticationFailed.MissingParameter' } };
    expect(await client.get('/api/v1.0/contact/users/me')).toMatchObject(missing);
    expect(await client.get('/api/v1.0/contact/users/me', { authorization: `Bearer ${token}` })).toMatchObject(missing);
    expect(await client.get(`/api/v1.0/contact/users/me?access_token=${token}`)).toMatchObject(missing);
  });

  it('refuses unknown, expired and app tokens with HTTP 400', async () => {
    const refused = { status: 400, body: { code: 'InvalidAuthentication', message: '不合法的access_token' } };
    const token = await client.userToken('li-lei');
    expect(await client.me('unknown')).toMatchObject(refused);
    expect(await client.me(await client.appToken())).toMatchObject(refused);
    client.sandbox.clock.advance(119 * MINUTE);
    expect((await client.me(token)).status).toBe(200);
    client.sandbox.clock.advance(2 * MINUTE);
    expect(await client.me(token)).toMatchObject(refused);
  });

  it('names the missing permission', async () => {
    const token = await client.userToken('li-lei');
    demoApp().permissions['Contact.User.Read'] = false;
    const { status, body } = await client.me(token);
    expect(status).toBe(403);
    expect(body).toMatchObject({
      code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
      requestid: expect.stringMatching(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/),
      accessdenieddetail: { requiredScopes: ['Contact.User.Read'] },
    });
  });

  it('hides or masks the mobile number', async () => {
    const token = await client.userToken('li-lei');
    demoApp().maskMobile = true;
    expect((await client.me(token)).body).toMatchObject({ mobile: '138****0001', stateCode: '86' });
    demoApp().permissions['Contact.User.mobile'] = false;
    const { status, body } = await client.me(token);
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('mobile');
    expect(body).not.toHaveProperty('stateCode');
  });

  it('knows other people by unionId only if they own the token', async () => {
    const headers = { 'x-acs-dingtalk-access-token': await client.userToken('li-lei') };
    const user = (personId: string) => {
      const unionId = client.sandbox.world.unionIdOf(personId, DEMO_CLIENT_ID);
      return client.get(`/api/v1.0/contact/users/${unionId}`, headers);
    };
    expect((await user('li-lei')).status).toBe(200);
    expect(await user('mary')).toMatchObject({ status: 404, body: { code: 'invalidParameter.user.notFound' } });
  });

  it('lists what was granted', async () => {
    const headers = { 'x-acs-dingtalk-access-token': await client.userToken('li-lei') };
    demoApp().permissions['Contact.User.mobile'] = false;
    expect((await client.get('/api/v1.0/oauth2/authRules/user', headers)).body).toEqual({
      result: [{ resource: 'rpc_auth', authItems: ['Contact.User.Read'] }],
    });
  });
});

describe('identifiers', () => {
  it('are stable, scoped as DingTalk scopes them, and never look alike', async () => {
    const { world } = client.sandbox;
    world.addApp({ clientId: 'sibling', clientSecret: 's', corpId: DEMO_CORP_ID });
    world.addApp({ clientId: 'stranger', clientSecret: 's', corpId: OTHER_CORP_ID });
    const unionId = world.unionIdOf('han-meimei', DEMO_CLIENT_ID);
    expect(world.unionIdOf('han-meimei', 'sibling')).toBe(unionId);
    expect(world.unionIdOf('han-meimei', 'stranger')).not.toBe(unionId);
    expect(world.openIdOf('han-meimei', 'sibling')).not.toBe(world.openIdOf('han-meimei', DEMO_CLIENT_ID));
    expect(world.userIdOf('han-meimei', OTHER_CORP_ID)).not.toBe(world.userIdOf('han-meimei', DEMO_CORP_ID));
    expect(unionId).toMatch(/^\w{22}iEiE$/);
    expect(world.openIdOf('han-meimei', DEMO_CLIENT_ID)).toMatch(/^oP\w{14}iE$/);
    expect(world.userIdOf('han-meimei', DEMO_CORP_ID)).toMatch(/^\d{18}$/);
  });

  it('follow the seed', async () => {
    const [same, other] = await Promise.all([startSandbox(), startSandbox({ seed: 'other' })]);
    const ours = client.sandbox.world.unionIdOf('li-lei', DEMO_CLIENT_ID);
    expect(same.world.unionIdOf('li-lei', DEMO_CLIENT_ID)).toBe(ours);
    expect(other.world.unionIdOf('li-lei', DEMO_CLIENT_ID)).not.toBe(ours);
    await Promise.all([same.close(), other.close()]);
  });
});

describe('app tokens', () => {
  const corpToken = (corpId: string, changes: object = {}) =>
    client.post(`/api/v1.0/oauth2/${corpId}/token`, {
      client_id: DEMO_CLIENT_ID,
      client_secret: DEMO_CLIENT_SECRET,
      grant_type: 'client_credentials',
      ...changes,
    });
  const getToken = (query: string) => client.get(`/oapi/gettoken${query}`);
  const credentials = `?appkey=${DEMO_CLIENT_ID}&appsecret=${DEMO_CLIENT_SECRET}`;

  it('are the same at all three endpoints while valid, and renewed by a request', async () => {
    const token = await client.appToken();
    expect((await corpToken(DEMO_CORP_ID)).body).toEqual({ access_token: token, expires_in: 7200 });
    client.sandbox.clock.advance(119 * MINUTE);
    expect((await getToken(credentials)).body).toEqual({
      errcode: 0,
      access_token: token,
      errmsg: 'ok',
      expires_in: 7200,
    });
    client.sandbox.clock.advance(119 * MINUTE);
    expect(await client.appToken()).toBe(token);
    client.sandbox.clock.advance(121 * MINUTE);
    expect(await client.appToken()).not.toBe(token);
  });

  it("are refused with each endpoint's own error", async () => {
    const wrong = { appKey: DEMO_CLIENT_ID, appSecret: 'wrong' };
    expect(await client.post('/api/v1.0/oauth2/accessToken', wrong)).toMatchObject({
      status: 400,
      body: { code: 'invalidClientIdOrSecret', message: '无效的clientId或者clientSecret' },
    });
    expect(await client.post('/api/v1.0/oauth2/accessToken', {})).toMatchObject({ body: { code: 'MissingappKey' } });
    expect(await getToken(`?appkey=${DEMO_CLIENT_ID}&appsecret=wrong`)).toEqual({
      status: 200,
      body: { errcode: 40096, errmsg: '不合法的appKey或appSecret' },
    });
    expect(await getToken('')).toMatchObject({ status: 200, body: { errcode: 40035 } });
    expect(await corpToken('nowhere')).toMatchObject({ status: 500, body: { code: 'unknownError' } });
    expect(await corpToken(OTHER_CORP_ID)).toMatchObject({ status: 401, body: { code: 'unauthorized.client' } });
    expect(await corpToken(DEMO_CORP_ID, { client_secret: 'x' })).toMatchObject({
      status: 400,
      body: { code: 'invalid.client' },
    });
    expect(await corpToken(DEMO_CORP_ID, { grant_type: 'x' })).toMatchObject({
      body: { code: 'unsupported.grant.type' },
    });
  });
});

describe('legacy API', () => {
  it('finds an employee and an external contact by unionId, and nobody else', async () => {
    const token = await client.appToken();
    const { world } = client.sandbox;
    const find = (personId: string) =>
      client.topapi('user/getbyunionid', token, { unionid: world.unionIdOf(personId, DEMO_CLIENT_ID) });
    expect(await find('li-lei')).toEqual({
      status: 200,
      body: {
        errcode: 0,
        errmsg: 'ok',
        result: { contact_type: 0, userid: world.userIdOf('li-lei', DEMO_CORP_ID) },
        request_id: expect.stringMatching(/^[0-9a-z]{12}$/),
      },
    });
    expect((await find('wu-fang')).body).toMatchObject({ result: { contact_type: 1 } });
    expect(await find('zhou-tao')).toMatchObject({ status: 200, body: { errcode: 60121, errmsg: '找不到该用户' } });
    expect(await client.topapi('user/getbyunionid', token, {})).toMatchObject({ body: { errcode: 400002 } });
  });

  it('describes a member with real types and leaves empty keys out', async () => {
    const token = await client.appToken();
    const record = async (personId: string) => {
      const userid = client.sandbox.world.userIdOf(personId, DEMO_CORP_ID) ?? '';
      return (await client.topapi('v2/user/get', token, { userid })).body;
    };
    expect(await record('li-lei')).toMatchObject({
      errcode: 0,
      result: { name: '李雷', mobile: '13800000001', state_code: '86', active: true, admin: true, dept_id_list: [1] },
    });
    expect(await record('sun-yang')).toMatchObject({ result: { active: false } });
    const { result } = await record('zhao-min');
    for (const key of ['mobile', 'state_code', 'email', 'avatar', 'org_email']) expect(result).not.toHaveProperty(key);
    expect(await record('wu-fang')).toMatchObject({ errcode: 60121 });
    client.sandbox.world.person('mary').memberships[0]!.visible = false;
    expect(await record('mary')).toMatchObject({ errcode: 50002 });
  });

  it('hides fields without their permission', async () => {
    Object.assign(demoApp().permissions, { fieldMobile: false, fieldEmail: false });
    const userid = client.sandbox.world.userIdOf('li-lei', DEMO_CORP_ID) ?? '';
    const { result } = (await client.topapi('v2/user/get', await client.appToken(), { userid })).body;
    for (const key of ['mobile', 'state_code', 'email']) expect(result).not.toHaveProperty(key);
    expect(result).toMatchObject({ org_email: 'li.lei@corp.example.com' });
  });

  it('redeems an in-app code once, within five minutes, in its own organization', async () => {
    const token = await client.appToken();
    const { world, clock } = client.sandbox;
    const redeem = (code: string) => client.topapi('v2/user/getuserinfo', token, { code });
    const unknown = { status: 200, body: { errcode: 40078, errmsg: '不存在的临时授权码' } };
    const code = world.issueInAppCode('li-lei', DEMO_CORP_ID);
    expect((await redeem(code)).body).toMatchObject({
      errcode: 0,
      result: {
        userid: world.userIdOf('li-lei', DEMO_CORP_ID),
        unionid: world.unionIdOf('li-lei', DEMO_CLIENT_ID),
        name: '李雷',
        sys: true,
        sys_level: 1,
      },
    });
    expect(await redeem(code)).toMatchObject(unknown);
    expect(await redeem(world.issueInAppCode('han-meimei', OTHER_CORP_ID))).toMatchObject(unknown);
    expect(await redeem(await client.signIn('li-lei'))).toMatchObject(unknown);
    const late = world.issueInAppCode('li-lei', DEMO_CORP_ID);
    clock.advance(5 * MINUTE + 1);
    expect(await redeem(late)).toMatchObject(unknown);
    expect(await client.topapi('v2/user/getuserinfo', token, {})).toMatchObject({ body: { errcode: 41026 } });
    world.person('mary').memberships[0]!.visible = false;
    expect(await redeem(world.issueInAppCode('mary', DEMO_CORP_ID))).toMatchObject({ body: { errcode: 40079 } });
    expect(() => world.issueInAppCode('zhou-tao', DEMO_CORP_ID)).toThrow('membership');
  });

  it('accepts JSON as well as forms, and the token from either place', async () => {
    const unionid = client.sandbox.world.unionIdOf('li-lei', DEMO_CLIENT_ID);
    const token = await client.appToken();
    const path = '/oapi/topapi/user/getbyunionid';
    expect(await client.post(`${path}?access_token=${token}`, { unionid })).toMatchObject({ body: { errcode: 0 } });
    const body = new URLSearchParams({ unionid, access_token: token });
    expect(await client.request(path, { method: 'POST', body })).toMatchObject({ body: { errcode: 0 } });
  });

  it('wraps gateway errors in errcode 88', async () => {
    expect(await client.topapi('v2/user/get', 'wrong', {})).toMatchObject({
      status: 200,
      body: {
        errcode: 88,
        sub_code: '40014',
        errmsg: 'ding talk error[subcode=40014,submsg=不合法的access_token]',
        request_id: expect.any(String),
      },
    });
    const header = { 'x-acs-dingtalk-access-token': await client.appToken() };
    expect(await client.request('/oapi/topapi/v2/user/get', { method: 'POST', headers: header })).toMatchObject({
      body: { errcode: 88, sub_code: '40000', sub_msg: 'access_token is blank' },
    });
    expect(await client.topapi('v2/user/get', await client.userToken('li-lei'), {})).toMatchObject({
      body: { errcode: 88, sub_code: '40014' },
    });
    const token = await client.appToken();
    demoApp().permissions['qyapi_get_member'] = false;
    for (const method of ['v2/user/get', 'user/getbyunionid']) {
      const { body } = await client.topapi(method, token, {});
      expect(body).toMatchObject({ errcode: 88, sub_code: '60011' });
      expect(body['errmsg']).toContain('{requiredScopes=[qyapi_get_member]}');
    }
  });

  it('answers without an envelope outside topapi', async () => {
    expect(await client.get('/oapi/auth/scopes?access_token=wrong')).toEqual({
      status: 200,
      body: { errcode: 40014, errmsg: '不合法的access_token' },
    });
    expect(await client.get(`/oapi/auth/scopes?access_token=${await client.appToken()}`)).toMatchObject({
      body: { errcode: 0, auth_org_scopes: { authed_dept: [1] } },
    });
  });
});

describe('unknown addresses', () => {
  it("are answered with each generation's own error", async () => {
    const noAction = { status: 404, body: { code: 'InvalidAction.NotFound' } };
    expect(await client.post('/api/v1.0/oauth2/token', {})).toMatchObject(noAction);
    expect(await client.get('/api/v1.0/oauth2/userAccessToken')).toMatchObject(noAction);
    expect(await client.topapi('v2/user/nothing', '', {})).toMatchObject({
      status: 200,
      body: { errcode: 22, sub_msg: '不合法ApiName，ApiName = dingtalk.oapi.v2.user.nothing' },
    });
    expect(await client.get('/api/elsewhere')).toEqual({
      status: 200,
      body: { errcode: 404, errmsg: '请求的URI地址不存在' },
    });
    expect((await open(`${client.sandbox.loginUrl}/.well-known/openid-configuration`)).status).toBe(404);
  });
});
