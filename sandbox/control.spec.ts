import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_CORP_ID } from './index.js';
import { startSpecClient, type SpecClient } from './spec-support.js';

let client: SpecClient;
beforeAll(async () => {
  client = await startSpecClient();
});
beforeEach(() => client.reset());
afterAll(() => client.sandbox.close());

const control = (name: string, body: unknown) => client.post(`/__sandbox__/${name}`, body);

describe('control API', () => {
  it('shows the world without secrets', async () => {
    const { status, body } = await client.get('/__sandbox__/state');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      denialError: 'access_denied',
      apps: [{ clientId: DEMO_CLIENT_ID }],
      organizations: [{ corpId: 'dingcorp1' }, { corpId: 'dingcorp2' }],
    });
    expect(JSON.stringify(body)).not.toContain(DEMO_CLIENT_SECRET);
  });

  it('adds organizations, people and applications that can then be used to sign in', async () => {
    await control('organizations', { corpId: 'dingnew', name: '新公司' });
    await control('people', { id: 'new-person', name: '新人', memberships: [{ corpId: 'dingnew' }] });
    const added = await control('apps', {
      clientId: 'newapp',
      clientSecret: 'new-secret',
      corpId: 'dingnew',
      redirectUris: ['https://new.example/callback'],
    });
    expect(added).toMatchObject({ status: 200, body: { clientId: 'newapp', internal: true } });
    expect(added.body).not.toHaveProperty('clientSecret');
    const code = await client.signIn('new-person', {
      client_id: 'newapp',
      redirect_uri: 'https://new.example/callback',
    });
    const { body } = await client.exchange(code, { clientId: 'newapp', clientSecret: 'new-secret' });
    expect((await client.me(String(body['accessToken']))).body).toMatchObject({ nick: '新人' });
  });

  it('changes an application without losing its other settings', async () => {
    const uri = 'https://demo.example/callback';
    const change = {
      clientId: DEMO_CLIENT_ID,
      redirectUris: [uri],
      permissions: { fieldMobile: false },
      maskMobile: true,
    };
    expect((await control('apps/change', change)).status).toBe(200);
    const app = client.sandbox.world.app(DEMO_CLIENT_ID);
    expect(app).toMatchObject({ clientSecret: DEMO_CLIENT_SECRET, maskMobile: true, letOutsidersThrough: false });
    expect(app.permissions).toMatchObject({ fieldMobile: false, fieldEmail: true });
    expect(app.redirectUris).toHaveLength(3);
    expect(await client.signIn('li-lei', { redirect_uri: uri })).toMatch(/^[0-9a-f]{32}$/);
  });

  it('switches failures on and off', async () => {
    const on = await control('failures', { operation: 'authScopes', failure: 'busy', times: 3 });
    expect(on.body).toEqual({ failures: [{ operation: 'authScopes', failure: 'busy', left: 3 }] });
    expect((await client.get('/oapi/auth/scopes')).body['errcode']).toBe(-1);
    await control('failures', { operation: 'authScopes', failure: null });
    expect((await client.get('/oapi/auth/scopes')).body['errcode']).toBe(40014);
    const custom = { operation: 'authScopes', failure: { status: 503, body: { down: true } } };
    expect((await control('failures', custom)).status).toBe(200);
    expect(await client.get('/oapi/auth/scopes')).toEqual({ status: 503, body: { down: true } });
  });

  it('moves the clock, sets the error of a denial, and issues in-app codes', async () => {
    const token = await client.userToken('li-lei');
    await control('clock', { advanceMs: 7_201_000 });
    expect((await client.me(token)).body).toMatchObject({ code: 'InvalidAuthentication' });
    await control('denial', { error: 'cancelled' });
    expect(await client.sandbox.deny(client.authorizationUrl())).toContain('error=cancelled');
    const { body } = await control('in-app-codes', { personId: 'mary', corpId: DEMO_CORP_ID });
    const code = String(body['code']);
    expect(await client.topapi('v2/user/getuserinfo', await client.appToken(), { code })).toMatchObject({
      body: { errcode: 0, result: { name: '玛丽' } },
    });
  });

  it('shows the request log and resets everything', async () => {
    await client.get('/oapi/auth/scopes');
    expect((await client.get('/__sandbox__/requests')).body).toMatchObject({
      requests: [{ operation: 'authScopes', path: '/oapi/auth/scopes', status: 200, code: '40014', failure: null }],
    });
    const code = await client.signIn('li-lei');
    client.sandbox.failures.set('authScopes', 'busy');
    client.sandbox.world.addPerson({ id: 'extra', name: 'Extra' });
    expect((await control('reset', {})).status).toBe(200);
    expect(client.sandbox.requests).toEqual([]);
    expect(client.sandbox.failures.list()).toEqual([]);
    expect(client.sandbox.world.people.has('extra')).toBe(false);
    expect(client.sandbox.world.app(DEMO_CLIENT_ID).redirectUris).toEqual([]);
    expect((await client.exchange(code)).status).toBe(400);
  });

  it.each([
    ['people', { id: 'x' }, 'name'],
    ['people', { id: 'x', name: 'x', memberships: [{ corpId: 'nowhere' }] }, 'organization "nowhere"'],
    ['people', { id: 'x', name: 'x', surprise: 1 }, 'surprise'],
    ['apps', { clientId: 'x', clientSecret: 'x', corpId: 'nowhere' }, 'organization "nowhere"'],
    ['apps/change', { clientId: DEMO_CLIENT_ID, redirectUris: ['javascript:alert(1)'] }, 'redirectUris.0'],
    ['apps/change', { clientId: 'nobody' }, 'app "nobody"'],
    ['apps/change', { clientId: DEMO_CLIENT_ID, permissions: { everything: true } }, 'permissions'],
    ['failures', { operation: 'nothing', failure: 'busy' }, 'operation'],
    ['failures', { operation: 'getUser', failure: 'unheard-of' }, 'failure'],
    ['clock', { advanceMs: -1 }, 'advanceMs'],
    ['in-app-codes', { personId: 'zhou-tao', corpId: DEMO_CORP_ID }, 'membership'],
  ])('refuses invalid input to %s: %j', async (name, input, hint) => {
    const { status, body } = await control(name, input);
    expect(status).toBe(400);
    expect(body['error']).toContain(hint);
  });

  it("accepts commands only as application/json, so that another site's page cannot send them", async () => {
    const reply = await client.request('/__sandbox__/reset', { method: 'POST', body: '{}' });
    expect(reply).toMatchObject({ status: 400, body: { error: expect.stringContaining('application/json') } });
  });

  it('refuses unknown commands', async () => {
    expect((await control('constructor', {})).status).toBe(404);
    expect((await client.get('/__sandbox__/reset')).status).toBe(404);
  });
});
