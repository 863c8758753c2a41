import { inspect } from 'node:util';
import * as fc from 'fast-check';
import type { ExternalIdentity } from '../core/accounts/index.js';
import type { SignInTransaction } from '../core/sign-in/index.js';
import type { Environment, InvalidEnvironmentError } from '../config/index.js';
import { GatewayError, MisconfiguredError } from '../core/errors/index.js';
import { DEFAULT_RETURN_PATH, type ReturnPath } from '../core/return-path/index.js';
import { UpstreamBusyError, UpstreamHttpError } from '../core/upstream/index.js';
import type { DingTalkApiClient } from '../core/dingtalk/dingtalk-api.client.js';
import { currentUser, errorReference, reference, userAccessToken } from '../core/dingtalk/dingtalk-api.types.js';
import { member } from '../core/dingtalk/index.js';
import { readCallback } from '../core/dingtalk/index.js';
import { readDingTalkSettings } from './dingtalk.config.js';
import { InvalidGrantError, platformError, translate } from '../core/dingtalk/dingtalk.errors.js';
import { type DingTalkOptions, redirectUri, withCallbackUrl } from './dingtalk.options.js';
import { DingTalk } from '../core/dingtalk/index.js';
import type { Departments } from '../core/dingtalk/departments.js';
import type { Members } from '../core/dingtalk/members.js';
import { mobileNumber } from '../core/dingtalk/mobile-number.js';
import { withoutNumber } from '../core/dingtalk/phone-sight.js';

const STATE = 'Aa0_-'.repeat(8) + 'xyz';
const CODE = '0123456789abcdef0123456789abcdef';

describe('DingTalk’s response', () => {
  const codeOf = (query: unknown): unknown => {
    try {
      return readCallback(query);
    } catch (error) {
      expect(error).toBeInstanceOf(GatewayError);
      return (error as GatewayError).code;
    }
  };

  it.each([
    ['code alone', { code: CODE, state: STATE }],
    ['authCode alone', { authCode: CODE, state: STATE }],
    ['both, equal', { code: CODE, authCode: CODE, state: STATE }],
    ['code and an empty authCode', { code: CODE, authCode: '', state: STATE }],
    ['an empty code and authCode', { code: '', authCode: CODE, state: STATE }],
    ['an empty error', { code: CODE, error: '', state: STATE }],
    ['unknown parameters, repeated or not', { code: CODE, state: STATE, x: '1', y: ['1', '2'], __proto__: {} }],
  ])('contains its code with %s', (_what, query) => {
    expect(readCallback(query)).toEqual({ kind: 'code', state: STATE, code: CODE });
  });

  it.each([
    ['two different codes', { code: CODE, authCode: `${CODE}0`, state: STATE }],
    ['no code', { state: STATE }],
    ['an empty code', { code: '', authCode: '', state: STATE }],
    ['the code twice', { code: [CODE, CODE], state: STATE }],
    ['the code once in a list', { code: [CODE], state: STATE }],
    ['authCode twice and a valid code', { code: CODE, authCode: [CODE, CODE], state: STATE }],
    ['the state twice', { code: CODE, state: [STATE, STATE] }],
    ['the error twice', { code: CODE, state: STATE, error: ['a', 'b'] }],
    ['a code that is an object', { code: { $ne: '' }, state: STATE }],
    ['a state that is an object', { code: CODE, state: { toString: () => STATE } }],
    ['a code that is a number', { code: 1, state: STATE }],
    ['a code of 10 kB', { code: 'a'.repeat(10_240), state: STATE }],
    ['a code of 513 characters', { code: 'a'.repeat(513), state: STATE }],
    ['a code with a space', { code: 'a b', state: STATE }],
    ['a code with a line break', { code: `${CODE}\r\nx: y`, state: STATE }],
    ['a code with a trailing line break', { code: `${CODE}\n`, state: STATE }],
    ['a code beyond ASCII', { code: 'код', state: STATE }],
    ['a code with a null', { code: `${CODE}\u0000`, state: STATE }],
  ])('is refused with %s', (_what, query) => {
    expect(codeOf(query)).toBe('invalid_request');
  });

  it.each([
    ['no state', { code: CODE }],
    ['an empty state', { code: CODE, state: '' }],
    ['a short state', { code: CODE, state: STATE.slice(1) }],
    ['a long state', { code: CODE, state: `${STATE}A` }],
    ['a state of 10 kB', { code: CODE, state: 'A'.repeat(10_240) }],
    ['a state with markup', { code: CODE, state: `<b>${STATE.slice(3)}` }],
    ['a state with a trailing line break', { code: CODE, state: `${STATE}\n` }],
    ['a state with characters of the other base64', { code: CODE, state: `+/${STATE.slice(2)}` }],
    ['an error and no state', { error: 'access_denied' }],
    ['nothing', {}],
    ['no query', undefined],
    ['a null query', null],
    ['a text for a query', 'code=x'],
  ])('belongs to none of our sign-ins with %s', (_what, query) => {
    expect(codeOf(query)).toBe('invalid_state');
  });

  it.each([
    ['access_denied', undefined],
    ['<script>alert(1)</script>', undefined],
    ['whatever', CODE],
    ['x'.repeat(10_240), CODE],
  ])('is a refusal with an error, whatever it says, with or without a code (%#)', (error, code) => {
    const callback = readCallback({ error, state: STATE, ...(code ? { code } : {}) });
    expect(callback).toEqual({ kind: 'denied', state: STATE });
  });

  it('is a code, a refusal, or one of two errors, for any query; an error repeats none of it', () => {
    const value = fc.oneof(fc.anything(), fc.string(), fc.constantFrom(STATE, CODE, '', [CODE, CODE]));
    const query = fc.record({ code: value, authCode: value, state: value, error: value }, { requiredKeys: [] });
    fc.assert(
      fc.property(query, (read) => {
        const outcome = codeOf(read);
        if (typeof outcome === 'object') expect(outcome).toMatchObject({ state: STATE });
        else expect(['invalid_request', 'invalid_state']).toContain(outcome);
      }),
      { numRuns: 2000 },
    );
    for (const canary of ['CANARY-code', 'CANARY code']) {
      try {
        readCallback({ code: canary, authCode: CODE, state: STATE });
        throw new Error('not refused');
      } catch (error) {
        expect(inspect(error)).not.toContain('CANARY');
      }
    }
  });
});

describe('DingTalk’s mobile number', () => {
  it.each([
    ['13800000000', '86', '+8613800000000'],
    ['13800000000', '+86', '+8613800000000'],
    [' 138 0000 0000 ', ' 86 ', '+8613800000000'],
    ['138-0000-0000', '86', '+8613800000000'],
    ['4155550123', '1', '+14155550123'],
    ['61234567', '852', '+85261234567'],
    ['7911123456', '44', '+447911123456'],
    ['07911123456', '44', '+447911123456'],
    ['852-91234567', '852', '+85291234567'],
    ['+852-91234567', '+852', '+85291234567'],
    ['86-13800000000', '86', '+8613800000000'],
  ])('%j with state code %j is %s', (mobile, stateCode, expected) => {
    expect(mobileNumber(mobile, stateCode)).toBe(expected);
  });

  it.each([
    ['155****3240', '86'],
    ['13800000000', undefined],
    ['13800000000', null],
    ['13800000000', ''],
    ['13800000000', '+'],
    ['13800000000', 'CN'],
    ['13800000000', '86 1'],
    ['13800000000', '00086'],
    ['13800000000', '999'],
    [undefined, '86'],
    [null, '86'],
    ['', '86'],
    ['   ', '86'],
    ['0', '86'],
    ['138000000001234', '86'],
    ['8613800000000', '86'],
    ['+8613800000000', '86'],
    ['+8613800000000', ''],
    ['+8613800000000', undefined],
    ['13800000000x5', '86'],
    ['13800000000;ext=5', '86'],
    ['１３８００００００００', '86'],
    ['852-91234567', '86'],
    ['852-91234567', undefined],
  ])('%j with state code %j is missing', (mobile, stateCode) => {
    expect(mobileNumber(mobile, stateCode)).toBeUndefined();
  });

  // "8" is no country code; together the digits happen to read as a Chinese mobile number.
  it('is missing if the state code is not the country code of the parsed number', () => {
    expect(mobileNumber('613800000000', '8')).toBeUndefined();
  });
});

describe('the DingTalk service', () => {
  const TRANSACTION: SignInTransaction = {
    state: STATE,
    authenticator: 'dingtalk',
    returnPath: DEFAULT_RETURN_PATH,
    flow: 'browser',
  };
  const OPTIONS: DingTalkOptions = {
    publicUrl: 'https://app.example.com/sso',
    authenticator: 'dingtalk',
    clientId: 'ding abc+&x',
    clientSecret: 'CANARY-secret',
    corpIds: [],
    oapiUrl: 'https://oapi.dingtalk.com',
    identity: 'profile',
    loginUrl: 'https://login.dingtalk.com',
    apiUrl: 'https://api.dingtalk.com',
    timeoutMs: 5000,
  };
  const nobody = {} as Members;
  const NO_DEPARTMENTS = {} as Departments;
  /** Other tests cover the wire client; here it returns what the test says. */
  const service = (options: Partial<DingTalkOptions> = {}, user: object = {}, token: object = {}): DingTalk => {
    const api: Pick<DingTalkApiClient, 'userAccessToken' | 'currentUser'> = {
      userAccessToken: async () => userAccessToken.parse({ accessToken: 'token', ...token }),
      currentUser: async () => currentUser.parse({ unionId: 'union-1', ...user }),
    };
    return new DingTalk(api as DingTalkApiClient, nobody, NO_DEPARTMENTS, withCallbackUrl({ ...OPTIONS, ...options }));
  };

  it.each<[readonly string[], object]>([
    [['ding1'], { exclusiveLogin: 'true', exclusiveCorpId: 'ding1', corpId: 'ding1' }],
    [['ding1', 'ding2'], {}],
    [[], {}],
  ])('requires a dedicated account of the one organization in %j', (corpIds, expected) => {
    const { searchParams } = new URL(service({ corpIds, exclusiveLogin: true }).authorizationUrl(TRANSACTION));
    const { exclusiveLogin, exclusiveCorpId, corpId } = Object.fromEntries(searchParams);
    expect({ exclusiveLogin, exclusiveCorpId, corpId }).toEqual(expected);
    expect(searchParams.get('state')).toBe(STATE);
  });

  it.each<[string, readonly object[], string]>([
    ['nobody has a number', [{}], 'Contact.User.mobile'],
    ['every number is masked', [{ mobile: '138****0000', stateCode: '86' }], 'Contact.User.mobile'],
    ['DingTalk says the country', [{ stateCode: '86' }], withoutNumber('Contact.User.mobile')],
    ['others have one', [{ mobile: '13800000000', stateCode: '86' }, {}], withoutNumber('Contact.User.mobile')],
  ])('distinguishes a missing permission from a person without a number: %s', async (_what, people, expected) => {
    let user: object = {};
    const api: Pick<DingTalkApiClient, 'userAccessToken' | 'currentUser'> = {
      userAccessToken: async () => userAccessToken.parse({ accessToken: 'token' }),
      currentUser: async () => currentUser.parse({ unionId: 'union-1', ...user }),
    };
    const dingtalk = new DingTalk(api as DingTalkApiClient, nobody, NO_DEPARTMENTS, withCallbackUrl(OPTIONS));
    let identity: ExternalIdentity | undefined;
    for (user of people) identity = await dingtalk.identify('code');
    expect(identity?.phone).toBeUndefined();
    expect(identity?.phonePermission).toBe(expected);
  });

  it.each<[string, readonly string[], Record<string, string>]>([
    ['no organization', [], { scope: 'openid' }],
    ['one organization, which it preselects', ['ding1'], { scope: 'openid corpid', corpId: 'ding1' }],
    ['several organizations', ['ding1', 'ding2'], { scope: 'openid corpid' }],
  ])('sends people to DingTalk with exactly the documented parameters, for %s', (_what, corpIds, expected) => {
    const url = new URL(service({ corpIds }).authorizationUrl(TRANSACTION));
    expect(url.origin + url.pathname).toBe('https://login.dingtalk.com/oauth2/auth');
    expect([...url.searchParams.keys()].length).toBe(new Set(url.searchParams.keys()).size);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      redirect_uri: 'https://app.example.com/sso/auth/dingtalk/dingtalk/callback',
      response_type: 'code',
      client_id: 'ding abc+&x',
      prompt: 'consent',
      state: STATE,
      ...expected,
    });
  });

  it('encodes spaces as %20, keeps plus signs, and sends neither secret nor return path', () => {
    const url = service({ corpIds: ['ding1'] }).authorizationUrl({
      ...TRANSACTION,
      returnPath: '/admin/CANARY-path' as ReturnPath,
    });
    expect(url).toContain('scope=openid%20corpid&');
    expect(url).toContain('client_id=ding%20abc%2B%26x&');
    expect(url).not.toMatch(/\+|CANARY/);
  });

  it('uses the configured login address, and names the authenticator in the redirect URL', () => {
    const dingtalk = service({ loginUrl: 'http://127.0.0.1:9/base', authenticator: 'dingtalk-branch' });
    expect(dingtalk.authorizationUrl(TRANSACTION)).toMatch(/^http:\/\/127\.0\.0\.1:9\/base\/oauth2\/auth\?/);
    expect(redirectUri({ ...OPTIONS, authenticator: 'dingtalk-branch' })).toBe(
      'https://app.example.com/sso/auth/dingtalk/dingtalk-branch/callback',
    );
  });

  it('returns a provider-neutral identity', async () => {
    const user = {
      nick: '张三',
      mobile: '13800000000',
      stateCode: '86',
      email: 'z@example.com',
      openId: 'o',
      avatarUrl: 'https://static.example.com/z.png',
    };
    await expect(service({}, user, { corpId: 'ding1', refreshToken: 'r' }).identify(CODE)).resolves.toEqual({
      subject: 'union-1',
      name: '张三',
      phone: '+8613800000000',
      email: 'z@example.com',
      avatarUrl: 'https://static.example.com/z.png',
      organization: 'ding1',
      phonePermission: 'Contact.User.mobile',
    });
  });

  it('takes picture, job number and title from the organization’s record, if that is used', async () => {
    const record = { userid: 'u', unionid: 'union-1', name: '张三', active: true };
    const identified = async (more: object): Promise<object> => {
      const members: Pick<Members, 'memberByUnionId'> = {
        memberByUnionId: async () => member.parse({ ...record, ...more }),
      };
      const api: Pick<DingTalkApiClient, 'userAccessToken' | 'currentUser'> = {
        userAccessToken: async () => ({ accessToken: 'token', corpId: undefined }),
        currentUser: async () => currentUser.parse({ unionId: 'union-1', avatarUrl: 'https://mine.example' }),
      };
      const options: DingTalkOptions = { ...OPTIONS, identity: 'member' };
      return new DingTalk(
        api as DingTalkApiClient,
        members as Members,
        NO_DEPARTMENTS,
        withCallbackUrl(options),
      ).identify(CODE);
    };
    expect(await identified({ avatar: 'https://ours.example', job_number: 'J-1', title: 'Boss' })).toMatchObject({
      avatarUrl: 'https://ours.example',
      jobNumber: 'J-1',
      title: 'Boss',
    });
    for (const odd of [{}, { avatar: null, job_number: null, title: null }, { avatar: 7, job_number: 12, title: {} }]) {
      expect(await identified(odd)).toMatchObject({ avatarUrl: undefined, jobNumber: undefined, title: undefined });
    }
  });

  it('treats absent, null and masked values as missing', async () => {
    for (const user of [
      {},
      { nick: null, mobile: null, stateCode: null, email: null },
      { mobile: '138****0000', stateCode: '86' },
    ]) {
      await expect(service({}, user).identify(CODE)).resolves.toEqual({
        subject: 'union-1',
        name: '',
        phone: undefined,
        email: undefined,
        organization: undefined,
        phonePermission: 'Contact.User.mobile',
      });
    }
  });

  it.each([
    {},
    { unionId: '' },
    { unionId: ' ' },
    { unionId: null },
    { unionId: 7 },
    { unionId: ['u'] },
    { unionId: 'u'.repeat(129) },
  ])('parses no person from %j', (answer) => {
    expect(currentUser.safeParse(answer).success).toBe(false);
  });

  it.each([{}, { accessToken: '' }, { accessToken: null }, { accessToken: 'x', corpId: 7 }, []])(
    'parses no token from %j',
    (answer) => {
      expect(userAccessToken.safeParse(answer).success).toBe(false);
    },
  );

  it.each([undefined, null, '', '  '])('returns a token without an organization if the corpId is %j', (corpId) => {
    expect(userAccessToken.parse({ accessToken: 'x', corpId })).toEqual({ accessToken: 'x', corpId: undefined });
  });
});

describe('DingTalk’s error codes', () => {
  const call = { upstream: 'DingTalk', operation: 'currentUser' } as const;
  const http = (status: number, body: unknown): UpstreamHttpError =>
    new UpstreamHttpError(call, status, body, errorReference(body));

  it.each([
    [400, 'invalidParameter.authCode.notFound'],
    [400, 'invalidCode'],
    [403, 'invalidCode'],
  ])('HTTP %i %s: the authorization code is refused', (status, code) => {
    const error = translate(http(status, { code, message: 'CANARY' }));
    expect(error).toBeInstanceOf(InvalidGrantError);
    expect(error).toMatchObject({ code: 'invalid_grant', status: 401 });
    expect((error as Error).message).not.toContain('CANARY');
  });

  it.each([
    ['invalidClientIdOrSecret', undefined, 'DINGTALK_CLIENT_ID, DINGTALK_CLIENT_SECRET'],
    ['unauthorized.client', undefined, 'DINGTALK_CLIENT_ID, DINGTALK_CLIENT_SECRET'],
    ['Forbidden.AccessDenied.IpNotInWhiteList', undefined, 'DingTalk: server egress IP'],
    ['Forbidden.AccessDenied.AccessTokenPermissionDenied', 'Contact.User.Read', 'DingTalk: Contact.User.Read'],
    ['Forbidden.AccessDenied.AccessTokenPermissionDenied', undefined, 'DingTalk: permissions'],
  ])('%s (permission %p): an operator must check %s', (code, permission, setting) => {
    for (const status of [400, 401, 403]) {
      const error = translate(http(status, { code, message: 'CANARY' }), permission);
      expect(error).toBeInstanceOf(MisconfiguredError);
      expect(error).toMatchObject({ code: 'misconfigured', status: 500, setting });
      expect((error as Error).message).not.toContain('CANARY');
    }
  });

  it.each(['Forbidden.AccessDenied.QpsLimitForApi', 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi'])(
    '%s: a 403 that means slow down',
    (code) => {
      const error = translate(http(403, { code }));
      expect(error).toBeInstanceOf(UpstreamBusyError);
      expect(error).toMatchObject({ code: 'temporarily_unavailable', status: 503, retryAfterSeconds: 2 });
    },
  );

  it.each([
    { code: 'ServiceUnavailable' },
    { code: 'Forbidden.AccessDenied' },
    { code: 'invalidcode' },
    { code: '' },
    { code: 40078 },
    { code: null },
    { errcode: 'invalidCode' },
    { error: { code: 'invalidCode' } },
    ['invalidCode'],
    'invalidCode',
    null,
    undefined,
  ])('an unknown error is passed on unchanged (%j)', (body) => {
    const error = http(400, body);
    expect(translate(error, 'permission')).toBe(error);
  });
});

describe('The log lines about DingTalk’s refusals', () => {
  const call = { upstream: 'DingTalk', operation: 'currentUser' } as const;
  const CODES = [
    'invalidParameter.authCode.notFound',
    'invalidClientIdOrSecret',
    'Forbidden.AccessDenied.IpNotInWhiteList',
    'Forbidden.AccessDenied.AccessTokenPermissionDenied',
    'Forbidden.AccessDenied.QpsLimitForApi',
    'Forbidden.AccessDenied.ApiCountLimitForOrg',
    'InvalidAuthentication',
    'unknownError',
  ];

  it.each(CODES)('contain the code %s and the request id, but never the message', (code) => {
    for (const body of [
      { code, requestid: 'F340FF76-1B2C', message: 'CANARY' },
      { Code: code, RequestId: 'F340FF76-1B2C', Message: 'CANARY' },
    ]) {
      const { detail } = translate(new UpstreamHttpError(call, 400, body, errorReference(body)));
      expect(detail).toContain(code);
      expect(detail).toContain('request F340FF76-1B2C');
      expect(detail).not.toContain('CANARY');
    }
  });

  it.each([60121, 40014, 40029, 40079, 60011, 60020, 50002, 90018, 34016])(
    'contain the code %i of the older API, and the request id',
    (code) => {
      const { detail } = platformError(call, code, 'permission', reference(code, 'e8krly4vyiln'));
      expect(detail).toContain(`${code}, request e8krly4vyiln`);
    },
  );

  it.each(['a code with blanks', 'line\nbreak', '', '<b>', 'x'.repeat(101), {}, [], null, 7.5])(
    'omit a value that is no code (%j)',
    (code) => {
      const said = errorReference({ code, requestid: 'a b', message: 'CANARY' });
      expect(said).toBeUndefined();
      expect(translate(new UpstreamHttpError(call, 400, { code }, said)).detail).toBe('DingTalk currentUser: HTTP 400');
    },
  );
});

describe('the DingTalk settings', () => {
  const GIVEN: Environment = { DINGTALK_CLIENT_ID: 'dingabc', DINGTALK_CLIENT_SECRET: 'CANARY-secret' };
  const problems = (environment: Environment): readonly string[] => {
    try {
      readDingTalkSettings(environment);
      return [];
    } catch (error) {
      expect(inspect(error)).not.toContain('CANARY');
      return (error as InvalidEnvironmentError).problems;
    }
  };

  it('require an application and have defaults for the rest', () => {
    expect(readDingTalkSettings(GIVEN)).toEqual({
      clientId: 'dingabc',
      clientSecret: 'CANARY-secret',
      corpIds: [],
      autoSignUp: false,
      defaultRoles: [],
      fields: [],
      signUpWithoutPhone: false,
      exclusiveLogin: false,
      oapiUrl: 'https://oapi.dingtalk.com',
      identity: 'profile',
      loginUrl: 'https://login.dingtalk.com',
      apiUrl: 'https://api.dingtalk.com',
      timeoutMs: 5000,
      leavers: 'report',
      events: 'off',
    });
    expect(problems({}).map((line) => line.split(' ')[0])).toEqual(['DINGTALK_CLIENT_ID', 'DINGTALK_CLIENT_SECRET']);
  });

  it.each<[Environment, boolean]>([
    [{ DINGTALK_AUTO_SIGN_UP: 'true' }, false],
    [{ DINGTALK_AUTO_SIGN_UP: 'true', DINGTALK_CORP_ID: '' }, false],
    [{ DINGTALK_AUTO_SIGN_UP: 'true', DINGTALK_ALLOW_ANY_ORGANIZATION: 'false' }, false],
    [{ DINGTALK_AUTO_SIGN_UP: 'true', DINGTALK_ALLOW_ANY_ORGANIZATION: 'true' }, true],
    [{ DINGTALK_AUTO_SIGN_UP: 'true', DINGTALK_CORP_ID: 'ding1' }, true],
    [{ DINGTALK_AUTO_SIGN_UP: 'false' }, true],
    [{ DINGTALK_ALLOW_ANY_ORGANIZATION: 'true' }, true],
  ])('never let anyone with a DingTalk account register by accident: %j', (environment, allowed) => {
    const lines = problems({ ...GIVEN, ...environment });
    expect(lines).toHaveLength(allowed ? 0 : 1);
    if (!allowed) expect(lines[0]).toMatch(/^DINGTALK_ALLOW_ANY_ORGANIZATION must be true if DINGTALK_AUTO_SIGN_UP/);
  });

  it.each<[string, string, boolean]>([
    ['DINGTALK_SIGN_UP_WITHOUT_PHONE', '', false],
    ['DINGTALK_SIGN_UP_WITHOUT_PHONE', 'ding1', true],
    ['DINGTALK_SIGN_UP_WITHOUT_PHONE', 'ding1,ding2', true],
    ['DINGTALK_EXCLUSIVE_LOGIN', '', false],
    ['DINGTALK_EXCLUSIVE_LOGIN', 'ding1', true],
    ['DINGTALK_EXCLUSIVE_LOGIN', 'ding1,ding2', false],
  ])('require organizations for %s: %j', (name, corpIds, allowed) => {
    const lines = problems({ ...GIVEN, DINGTALK_CORP_ID: corpIds, [name]: 'true' });
    expect(lines.map((line) => line.split(' ')[0])).toEqual(allowed ? [] : [name]);
    expect(problems({ ...GIVEN, DINGTALK_CORP_ID: corpIds, [name]: 'false' })).toEqual([]);
  });

  it.each([
    'DINGTALK_AUTO_SIGN_UP',
    'DINGTALK_ALLOW_ANY_ORGANIZATION',
    'DINGTALK_SIGN_UP_WITHOUT_PHONE',
    'DINGTALK_EXCLUSIVE_LOGIN',
  ])('accept no other word for true or false in %s', (name) => {
    for (const word of ['TRUE', 'True', '1', '0', 'yes', 'on', 'fal se', 'falsch']) {
      const lines = problems({ ...GIVEN, DINGTALK_CORP_ID: 'ding1', [name]: word });
      expect(lines).toEqual([`${name} must be true or false`]);
    }
  });

  it('parse the field rules, and those for the member record only if that is used', () => {
    const fields = 'nickname=name:overwrite, email=email:fill-empty ,avatarUrl=avatarUrl:never';
    expect(readDingTalkSettings({ ...GIVEN, DINGTALK_FIELDS: fields }).fields).toEqual([
      { field: 'nickname', from: 'name', policy: 'overwrite' },
      { field: 'email', from: 'email', policy: 'fill-empty' },
      { field: 'avatarUrl', from: 'avatarUrl', policy: 'never' },
    ]);
    const members = { ...GIVEN, DINGTALK_FIELDS: 'no=jobNumber:never,jobTitle=title:overwrite' };
    expect(readDingTalkSettings({ ...members, DINGTALK_IDENTITY: 'member' }).fields).toHaveLength(2);
    expect(problems(members)).toEqual([
      "DINGTALK_FIELDS must not use jobNumber, title or departments without DINGTALK_IDENTITY=member: only the organization's record has them",
    ]);
  });

  it('parse lists, addresses and times', () => {
    const environment = {
      ...GIVEN,
      DINGTALK_CORP_ID: ' ding1 , ding2,, ',
      DINGTALK_DEFAULT_ROLES: 'member,guest',
      DINGTALK_AUTO_SIGN_UP: 'true',
      DINGTALK_LOGIN_URL: 'https://login.dingtalk.io/',
      DINGTALK_API_URL: 'http://127.0.0.1:9000/sandbox//',
      DINGTALK_TIMEOUT_MS: '100',
    };
    expect(readDingTalkSettings(environment)).toMatchObject({
      corpIds: ['ding1', 'ding2'],
      defaultRoles: ['member', 'guest'],
      autoSignUp: true,
      oapiUrl: 'https://oapi.dingtalk.com',
      identity: 'profile',
      loginUrl: 'https://login.dingtalk.io',
      apiUrl: 'http://127.0.0.1:9000/sandbox',
      timeoutMs: 100,
    });
  });

  it.each([
    ['DINGTALK_IDENTITY', 'CANARY'],
    ['DINGTALK_LOGIN_URL', 'login.dingtalk.com/CANARY'],
    ['DINGTALK_API_URL', 'ftp://CANARY.dingtalk.com'],
    ['DINGTALK_OAPI_URL', 'https://CANARY@oapi.dingtalk.com'],
    ['DINGTALK_FIELDS', 'CANARY'],
    ['DINGTALK_FIELDS', 'CANARY=name'],
    ['DINGTALK_FIELDS', 'nickname=nick:overwrite'],
    ['DINGTALK_FIELDS', 'nickname=name:CANARY'],
    ['DINGTALK_FIELDS', 'a.CANARY=name:overwrite'],
    ['DINGTALK_FIELDS', 'roles=title:overwrite'],
    ['DINGTALK_FIELDS', 'phone=email:overwrite'],
    ['DINGTALK_FIELDS', 'CANARY=name:never,CANARY=name:never'],
    ['DINGTALK_FIELDS', 'CANARY=title:never'],
    ['DINGTALK_FIELDS', ',,'],
    ['DINGTALK_TIMEOUT_MS', '-1'],
    ['DINGTALK_TIMEOUT_MS', '1e3'],
    ['DINGTALK_TIMEOUT_MS', '0x1000'],
    ['DINGTALK_TIMEOUT_MS', '500.5'],
  ])('refuse %s=%s in one line that names it without its value', (name, value) => {
    const lines = problems({ ...GIVEN, [name]: value });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^${name} `));
    expect(lines[0]).not.toContain(value);
  });
});
