import { DEMO_CLIENT_ID, DEMO_CORP_ID, OTHER_CORP_ID, type Sandbox, startSandbox } from '../index.js';
import type { NativeAnswer } from './bridge.js';
import { NativeClient } from './native.js';
import type { Platform } from './user-agent.js';

const NEWER = 'runtime.permission.requestAuthCodeV2';
const OLDER = 'runtime.permission.requestAuthCode';
const URL_OF_APP = 'https://app.example.com/auth/in-app';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
beforeEach(() => {
  sandbox.reset();
  sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push('https://app.example.com/callback');
});
afterAll(() => sandbox.close());

const client = (platform: Platform = 'ios', version?: string): NativeClient =>
  new NativeClient(sandbox, platform, version, { person: 'li-lei', corpId: DEMO_CORP_ID });
const ask = (native: NativeClient, api: string, changes: object = {}, url = URL_OF_APP): Promise<NativeAnswer> =>
  native.answer({ api, params: { corpId: DEMO_CORP_ID, clientId: DEMO_CLIENT_ID, ...changes }, url });

describe('the DingTalk app', () => {
  it('returns a code for the person who is signed in, valid for getuserinfo', async () => {
    const native = client();
    native.person = 'mary';
    expect(await ask(native, NEWER)).toEqual({ ok: true, result: { code: native.codes[0] } });
    const token = await fetch(`${sandbox.apiUrl}/v1.0/oauth2/accessToken`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ appKey: DEMO_CLIENT_ID, appSecret: 'sandbox-secret-not-real' }),
    });
    const { accessToken } = (await token.json()) as { accessToken: string };
    const info = await fetch(`${sandbox.oapiUrl}/topapi/v2/user/getuserinfo?access_token=${accessToken}`, {
      method: 'POST',
      body: new URLSearchParams({ code: String(native.codes[0]) }),
    });
    expect(await info.json()).toMatchObject({ errcode: 0, result: { name: '玛丽' } });
  });

  it.each<[Platform, string, string, boolean]>([
    ['ios', '7.0.45', NEWER, true],
    ['ios', '7.0.9', NEWER, false],
    ['android', '7.0.44', NEWER, false],
    ['pc', '7.0.49', NEWER, false],
    ['pc', '7.0.49', OLDER, true],
    ['android', '2.3.9', OLDER, false],
    ['ios', '7.8.1', 'biz.util.open', false],
  ])('on %s, version %s, supports %s: %s', async (platform, version, api, known) => {
    const native = client(platform, version);
    expect(await ask(native, api)).toMatchObject(known ? { ok: true } : { ok: false, errorCode: '1' });
    expect(native.calls).toHaveLength(known ? 1 : 0);
  });

  it.each([
    ['another organization', '2', { corpId: OTHER_CORP_ID }, URL_OF_APP],
    ['an unknown application', '3', { clientId: 'nobody' }, URL_OF_APP],
    ['a page of another domain', '3', {}, 'https://other.example.com/in-app'],
  ])('returns no code for %s', async (_what, errorCode, changes, url) => {
    const native = client();
    expect(await ask(native, NEWER, changes, url)).toMatchObject({ ok: false, errorCode });
    expect(native.codes).toEqual([]);
  });

  it('returns no code for a person who left the organization', async () => {
    const native = client();
    native.person = 'zhou-tao';
    expect(await ask(native, OLDER)).toMatchObject({ ok: false });
  });
});
