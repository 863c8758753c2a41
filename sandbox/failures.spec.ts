import { eventually } from '../test/support/eventually.js';
import { DEMO_CLIENT_ID, DEMO_CORP_ID, type Failure } from './index.js';
import { startSpecClient, type Reply, type SpecClient } from './spec-support.js';

const CODE_NOT_FOUND = { status: 400, body: { code: 'invalidParameter.authCode.notFound' } };

let client: SpecClient;
beforeAll(async () => {
  client = await startSpecClient();
});
beforeEach(() => client.reset());
afterAll(() => client.sandbox.close());

const lastRequest = () => client.sandbox.requests.at(-1);
const scopes = () => client.get('/oapi/auth/scopes?access_token=x');

/** Makes users/me fail and returns the raw response. */
async function spoiledMe(failure: Failure): Promise<Response> {
  const token = await client.userToken('li-lei');
  client.sandbox.failures.set('currentUser', failure);
  const headers = { 'x-acs-dingtalk-access-token': token };
  return fetch(`${client.sandbox.apiUrl}/v1.0/contact/users/me`, { headers, redirect: 'manual' });
}

describe('failures that each API generation reports differently', () => {
  const v1 = (): Promise<Reply> => client.me('x');
  const topapi = (): Promise<Reply> => client.topapi('v2/user/get', 'x', {});

  it.each<[Failure, object, object, object]>([
    [
      'qps',
      { status: 403, body: { code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi' } },
      { errcode: 88, sub_code: '90018', errmsg: expect.stringContaining('subcode=90018') },
      { errcode: 90018 },
    ],
    [
      'ip-not-whitelisted',
      {
        status: 403,
        body: {
          code: 'Forbidden.AccessDenied.IpNotInWhiteList',
          message: expect.stringMatching(/访问ip不在白名单之中.*request ip=/),
        },
      },
      { errcode: 88, errmsg: expect.stringContaining(`subcode=60020,submsg=访问ip不在白名单之中,request ip=`) },
      { errcode: 60020, errmsg: expect.stringContaining(`appKey(${DEMO_CLIENT_ID})`) },
    ],
    [
      'permission-denied',
      { status: 403, body: { accessdenieddetail: { requiredScopes: ['Contact.User.Read'] } } },
      { errcode: 88, sub_code: '60011' },
      { errcode: 60011 },
    ],
    [
      'invalid-token',
      { status: 400, body: { code: 'InvalidAuthentication' } },
      { errcode: 88, sub_code: '40014' },
      { errcode: 40014 },
    ],
    ['timeout-504', { status: 504 }, { errcode: 88, sub_code: '' }, { errcode: 15 }],
    ['busy', { status: 500, body: { code: 'unknownError' } }, { errcode: -1 }, { errcode: -1 }],
  ])('%s', async (failure, expectedV1, expectedTopapi, expectedOapi) => {
    for (const operation of ['currentUser', 'getUser', 'authScopes'] as const) {
      client.sandbox.failures.set(operation, failure);
    }
    expect(await v1()).toMatchObject(expectedV1);
    expect(await topapi()).toMatchObject({ status: 200, body: expectedTopapi });
    expect(await scopes()).toMatchObject({ status: 200, body: expectedOapi });
  });

  it('shows a page to the browser', async () => {
    client.sandbox.failures.set('authorize', 'busy');
    const response = await fetch(client.authorizationUrl());
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('data-error="busy"');
  });
});

describe('bans, which are not API errors', () => {
  it('come as HTML with status 200', async () => {
    const response = await spoiledMe('html-ban');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(await response.text()).toContain('<!doctype html>');
  });

  it('come as JSON without any code', async () => {
    expect(await (await spoiledMe('ban-json')).json()).toMatchObject({
      status: 1111,
      wait: 5,
      source: 'x5',
      punish: 'deny',
    });
  });
});

describe('corrupted answers', () => {
  it('cuts the body in half', async () => {
    const text = await (await spoiledMe('truncated-json')).text();
    expect(text).toMatch(/^\{"nick"/);
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  });

  it('mislabels the body', async () => {
    const response = await spoiledMe('wrong-content-type');
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(await response.json()).toMatchObject({ nick: '李雷' });
  });

  it('adds __proto__ as an own key beside the real ones', async () => {
    const body = (await (await spoiledMe('proto-keys')).json()) as object;
    expect(Object.hasOwn(body, '__proto__')).toBe(true);
    expect(Object.hasOwn(body, 'constructor')).toBe(true);
    expect(body).toMatchObject({ nick: '李雷' });
  });

  it('prints numbers and booleans as strings', async () => {
    client.sandbox.failures.set('getByUnionId', 'string-code');
    const unionid = client.sandbox.world.unionIdOf('li-lei', DEMO_CLIENT_ID);
    const reply = await client.topapi('user/getbyunionid', await client.appToken(), { unionid });
    expect(reply.body).toMatchObject({ errcode: '0', result: { contact_type: '0' } });
  });

  it('sends megabytes', async () => {
    const text = await (await spoiledMe('huge-body')).text();
    expect(text.length).toBeGreaterThan(8_000_000);
    expect(JSON.parse(text)).toMatchObject({ nick: '李雷' });
  });

  it('sends a small body that inflates to more than 50 MiB', async () => {
    const response = await spoiledMe('gzip-bomb');
    expect(Number(response.headers.get('content-length'))).toBeLessThan(200_000);
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(50 * 1024 * 1024);
  });
});

describe('broken connections', () => {
  it('drops the connection after the code was used up', async () => {
    const code = await client.signIn('li-lei');
    client.sandbox.failures.set('userAccessToken', 'drop-after-burn', { times: 1 });
    await expect(client.exchange(code)).rejects.toThrow('fetch failed');
    expect(await client.exchange(code)).toMatchObject(CODE_NOT_FOUND);
  });

  it('drops the connection before anything is done', async () => {
    const code = await client.signIn('li-lei');
    client.sandbox.failures.set('userAccessToken', 'drop', { times: 1 });
    await expect(client.exchange(code)).rejects.toThrow('fetch failed');
    expect(lastRequest()).toMatchObject({ operation: 'userAccessToken', status: 0, code: 'dropped', failure: 'drop' });
    expect((await client.exchange(code)).status).toBe(200);
  });
});

describe('slow answers', () => {
  it('arrive late, and the code is used up although the client gave up', async () => {
    const code = await client.signIn('li-lei');
    client.sandbox.failures.set('userAccessToken', { delayMs: 60_000 }, { times: 1 });
    const patience = new AbortController();
    const impatient = client.request('/api/v1.0/oauth2/userAccessToken', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        clientId: DEMO_CLIENT_ID,
        clientSecret: client.sandbox.world.app(DEMO_CLIENT_ID).clientSecret,
        grantType: 'authorization_code',
        code,
      }),
      signal: patience.signal,
    });
    await eventually(() => expect(lastRequest()).toMatchObject({ status: null, failure: 'delay' }));
    patience.abort();
    await expect(impatient).rejects.toThrow('aborted');
    expect(lastRequest()).toMatchObject({ status: null, failure: 'delay' });
    expect(await client.exchange(code)).toMatchObject(CODE_NOT_FOUND);
  });

  it('arrive no earlier than requested', async () => {
    client.sandbox.failures.set('authScopes', { delayMs: 150 });
    const start = performance.now();
    await scopes();
    expect(performance.now() - start).toBeGreaterThan(140);
  });

  it('send the header at once and the body in small pieces', async () => {
    // The header is there, and the body would take an hour.
    const endless = await spoiledMe({ slowBodyMs: 3_600_000 });
    expect(endless.status).toBe(200);
    await endless.body?.cancel();

    const token = await client.userToken('li-lei');
    client.sandbox.failures.set('currentUser', { slowBodyMs: 400 });
    const headers = { 'x-acs-dingtalk-access-token': token };
    const start = performance.now();
    const response = await fetch(`${client.sandbox.apiUrl}/v1.0/contact/users/me`, { headers });
    expect(await response.json()).toMatchObject({ nick: '李雷' });
    expect(performance.now() - start).toBeGreaterThan(350);
  });
});

describe('foreign answers', () => {
  it('redirect to an address that records being visited', async () => {
    const response = await spoiledMe('redirect');
    expect(response.status).toBe(302);
    expect(client.sandbox.requests.map(({ operation }) => operation)).not.toContain('redirectTarget');
    await fetch(new URL(response.headers.get('location') ?? '', client.sandbox.url));
    expect(lastRequest()).toMatchObject({ operation: 'redirectTarget', status: 200 });
  });

  it('can be arbitrary', async () => {
    const response = await spoiledMe({ status: 418, body: 'short and stout', contentType: 'text/plain' });
    expect([response.status, await response.text()]).toEqual([418, 'short and stout']);
    expect(response.headers.get('content-type')).toBe('text/plain');
    client.sandbox.failures.set('authScopes', { status: 200, body: null as unknown });
    expect((await scopes()).body).toBeNull();
  });
});

describe('switching', () => {
  it('fails as often as requested, or until cleared, and only for the given operation', async () => {
    client.sandbox.failures.set('authScopes', 'busy', { times: 2 });
    client.sandbox.failures.set('getUser', 'busy');
    const codes = [await scopes(), await scopes(), await scopes()].map(({ body }) => body['errcode']);
    expect(codes).toEqual([-1, -1, 40014]);
    expect((await client.topapi('v2/user/get', 'x', {})).body['errcode']).toBe(-1);
    client.sandbox.failures.clear('getUser');
    expect((await client.topapi('v2/user/get', 'x', {})).body['errcode']).toBe(88);
  });

  it('closes without waiting for slow answers', async () => {
    const other = await startSpecClient();
    other.sandbox.failures.set('authScopes', { delayMs: 60_000 });
    const outcome = other.get('/oapi/auth/scopes?access_token=x').catch((error: unknown) => error);
    while (other.sandbox.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await other.sandbox.close();
    expect(await outcome).toMatchObject({ message: 'fetch failed' });
  });
});

describe('request log', () => {
  it('contains operation, outcome and time, and no secret, code or token', async () => {
    const since = Date.now();
    const code = await client.signIn('li-lei');
    const { accessToken, refreshToken } = (await client.exchange(code)).body;
    await client.me(String(accessToken));
    const appToken = await client.appToken();
    const inAppCode = client.sandbox.world.issueInAppCode('li-lei', DEMO_CORP_ID);
    await client.topapi('v2/user/getuserinfo', appToken, { code: inAppCode });
    await client.topapi('v2/user/getuserinfo', appToken, { code: inAppCode });
    expect(
      client.sandbox.requests.map(({ operation, method, status, code: outcome }) => [
        operation,
        method,
        status,
        outcome,
      ]),
    ).toEqual([
      ['authorize', 'GET', 200, 'ok'],
      ['consent', 'POST', 302, 'ok'],
      ['userAccessToken', 'POST', 200, 'ok'],
      ['currentUser', 'GET', 200, 'ok'],
      ['appAccessToken', 'POST', 200, 'ok'],
      ['getUserInfo', 'POST', 200, 'ok'],
      ['getUserInfo', 'POST', 200, '40078'],
    ]);
    const log = JSON.stringify(client.sandbox.requests);
    const { clientSecret } = client.sandbox.world.app(DEMO_CLIENT_ID);
    for (const secret of [code, accessToken, refreshToken, appToken, inAppCode, clientSecret]) {
      expect(log).not.toContain(String(secret));
    }
    expect(lastRequest()?.at).toBeGreaterThanOrEqual(since);
    expect(lastRequest()?.at).toBeLessThanOrEqual(Date.now());
  });
});
