import { type Transport, type TransportRequest, UpstreamHttpClient } from '../upstream/index.js';
import { unclearOf } from '../leaver-watch/unclear-of.js';
import { VirtualClock } from '../../../test/support/virtual-clock.js';
import { unshared } from './app-token-store.js';
import { DingTalkDirectory } from './directory.js';
import type { DingTalkOptions } from './dingtalk-options.js';
import { Pace } from './pace.js';

const OPTIONS: DingTalkOptions = {
  authenticator: 'dingtalk',
  clientId: 'client',
  clientSecret: 'no-secret',
  identity: 'profile',
  corpIds: [],
  callbackUrl: 'https://gateway.example.com/callback',
  loginUrl: 'https://login.dingtalk.example',
  apiUrl: 'https://api.dingtalk.example',
  oapiUrl: 'https://oapi.dingtalk.example',
  timeoutMs: 1000,
};

interface Answer {
  readonly status?: number;
  readonly body: unknown;
}

/** A directory over a network with scripted responses, by path; every access token is new. */
function setUp(answer: (path: string, request: TransportRequest, count: number) => Answer) {
  const asked: { readonly path: string; readonly query: URLSearchParams; readonly data: unknown }[] = [];
  let tokens = 0;
  const transport: Transport = {
    request: async (request) => {
      const { pathname: path, searchParams: query } = new URL(request.url);
      if (path === '/v1.0/oauth2/accessToken') return json({ body: { accessToken: `t${++tokens}`, expireIn: 7200 } });
      asked.push({ path, query, data: request.data === undefined ? undefined : JSON.parse(request.data) });
      return json(answer(path, request, asked.length));
    },
  };
  const http = new UpstreamHttpClient(transport);
  const directory = new DingTalkDirectory({ http, tokens: unshared }, OPTIONS, new Pace(new VirtualClock()));
  return { directory, asked };
}

function json({ status = 200, body }: Answer) {
  return { status, headers: { 'content-type': 'application/json' }, data: JSON.stringify(body) };
}

const topapi = (body: object) => setUp(() => ({ body: { errmsg: '', request_id: 'abc123', ...body } }));

describe('A question about a person', () => {
  it('returns both ids, and no name or number', async () => {
    const result = { userid: 'E1', unionid: 'u1', name: '林晓', mobile: '13900001111' };
    const { directory, asked } = topapi({ errcode: 0, result });
    expect(await directory.ask('now', (questions) => questions.member('E1'))).toEqual({
      code: 0,
      requestId: 'abc123',
      userid: 'E1',
      unionId: 'u1',
    });
    expect(asked).toMatchObject([{ path: '/topapi/v2/user/get', data: { userid: 'E1' } }]);
  });

  it.each([
    [{ errcode: 60121 }, 60121],
    [{ errcode: 33012 }, 33012],
    [{ errcode: 88, sub_code: '60121' }, 60121],
  ])('returns the code for a person who is gone: %j', async (body, code) => {
    const { directory } = topapi(body);
    const gone = { code, requestId: 'abc123' };
    expect(await directory.ask('now', (questions) => questions.member('E1'))).toEqual(gone);
    expect(await directory.ask('now', (questions) => questions.employee('u1'))).toEqual(gone);
  });

  it.each([
    [{ errcode: 50002 }, 'out_of_scope'],
    [{ errcode: 88, sub_code: '60011' }, 'no_permission'],
    [{ errcode: 60011 }, 'no_permission'],
    [{ errcode: 88, errmsg: 'ding talk error[subcode=60020,submsg=x]' }, 'address_refused'],
    [{ errcode: 40089 }, 'credentials_refused'],
    [{ errcode: 400002 }, 'no_answer'],
    [{ errcode: 60003 }, 'no_answer'],
    [{ errcode: 0 }, 'no_answer'],
    [{ errcode: 0, result: {} }, 'no_answer'],
    [{ errcode: 0, result: { userid: 'E1' } }, 'no_answer'],
    [{ errcode: 0, result: { userid: 'x'.repeat(129), unionid: 'u1' } }, 'no_answer'],
    [{ errcode: '60121' }, 'no_answer'],
    [{}, 'no_answer'],
  ])('does not answer with %j: %s', async (body, why) => {
    const { directory } = topapi(body);
    const error: unknown = await directory.ask('now', (questions) => questions.member('E1')).catch((e: unknown) => e);
    expect(unclearOf(error).why).toBe(why);
  });

  it('names the permission, and the request id', async () => {
    const { directory } = topapi({ errcode: 60011 });
    const error: unknown = await directory.ask('now', (questions) => questions.member('E1')).catch((e: unknown) => e);
    expect(unclearOf(error).detail).toBe('DingTalk: qyapi_get_member (DingTalk: 60011, request abc123)');
  });

  it('distinguishes an employee from an external contact', async () => {
    for (const [contact_type, isEmployee] of [
      [0, true],
      [1, false],
    ] as const) {
      const { directory } = topapi({ errcode: 0, result: { contact_type, userid: 'E1' } });
      expect(await directory.ask('now', (questions) => questions.employee('u1'))).toMatchObject({
        code: 0,
        isEmployee,
      });
    }
  });

  it('is retried as a whole, with one token, if DingTalk no longer accepts the first', async () => {
    const { directory, asked } = setUp((_path, _request, count) =>
      count === 2
        ? { body: { errcode: 88, sub_code: '40014' } }
        : { body: { errcode: 0, result: { userid: 'E1', unionid: 'u1' } } },
    );
    await directory.ask('now', async (questions) => [await questions.member('E1'), await questions.member('E2')]);
    expect(asked.map(({ query }) => query.get('access_token'))).toEqual(['t1', 't1', 't2', 't2']);
  });

  it('returns main administrators first', async () => {
    const result = [
      { userid: 'sub', sys_level: 2 },
      { userid: 'main', sys_level: 1 },
    ];
    const { directory } = topapi({ errcode: 0, result });
    expect(await directory.ask('now', (questions) => questions.administrators())).toEqual(['main', 'sub']);
  });
});

describe('The leave records', () => {
  const between = [Date.UTC(2026, 8, 29), Date.UTC(2026, 8, 30)] as const;

  it('are read page by page, without names and numbers', async () => {
    const record = {
      userId: 'E1',
      name: '林晓',
      stateCode: '86',
      mobile: '13900001111',
      leaveTime: '2026-09-29T10:02:11Z',
    };
    const { directory, asked } = setUp((_path, _request, count) => ({
      body: count === 1 ? { nextToken: 'more', records: [{ ...record, leaveReason: 'delete' }] } : { records: [] },
    }));
    expect(await directory.leaveRecords(between)).toEqual({
      next: 'more',
      records: [{ userid: 'E1', leftAt: Date.UTC(2026, 8, 29, 10, 2, 11), reason: 'delete' }],
    });
    expect(await directory.leaveRecords(between, 'more')).toEqual({ next: undefined, records: [] });
    expect(asked.map(({ query }) => Object.fromEntries(query))).toEqual(
      ['0', 'more'].map((nextToken) => ({
        startTime: '2026-09-29T00:00:00Z',
        endTime: '2026-09-30T00:00:00Z',
        nextToken,
        maxResults: '50',
      })),
    );
  });

  it('may lack optional data, but not the person', async () => {
    const { directory } = setUp(() => ({
      body: { nextToken: '', records: [{ userId: 'E1', leaveTime: 'soon', leaveReason: '<b>' }] },
    }));
    const records = [{ userid: 'E1', leftAt: undefined, reason: 'unknown' }];
    expect(await directory.leaveRecords(between)).toEqual({ next: undefined, records });
    const bad = setUp(() => ({ body: { records: [{ name: 'nobody' }] } }));
    await expect(bad.directory.leaveRecords(between)).rejects.toThrow('unexpected body');
  });

  it('name the missing permission', async () => {
    const code = 'Forbidden.AccessDenied.AccessTokenPermissionDenied';
    const { directory } = setUp(() => ({ status: 403, body: { code } }));
    const error: unknown = await directory.leaveRecords(between).catch((e: unknown) => e);
    expect(unclearOf(error)).toMatchObject({
      why: 'no_permission',
      detail: expect.stringContaining('Contact.Common.Read') as string,
    });
  });

  it('are requested again with a new token', async () => {
    const { directory, asked } = setUp((_path, _request, count) =>
      count === 1 ? { status: 400, body: { code: 'InvalidAuthentication' } } : { body: { records: [] } },
    );
    expect(await directory.leaveRecords(between)).toMatchObject({ records: [] });
    expect(asked).toHaveLength(2);
  });
});

it('The scope fingerprint is the same for the same scope, in any order', async () => {
  const scope = (authed_dept: number[], authed_user: string[]) =>
    topapi({ errcode: 0, auth_org_scopes: { authed_dept, authed_user } }).directory.scopeFingerprint();
  const one = await scope([1, 2], ['a', 'b']);
  expect(await scope([2, 1], ['b', 'a'])).toBe(one);
  expect(await scope([1], ['a', 'b'])).not.toBe(one);
  expect(await scope([1, 2], ['a'])).not.toBe(one);
});

describe('The pace', () => {
  it('allows no more than fifteen calls to one API within any second', async () => {
    const clock = new VirtualClock();
    const pace = new Pace(clock);
    const times: number[] = [];
    const call = async (): Promise<void> => {
      await pace.turn('user/get', 'night');
      times.push(clock.now());
    };
    await Promise.all(Array.from({ length: 100 }, call));
    for (const at of times) {
      expect(times.filter((other) => other >= at && other < at + 1000).length).toBeLessThanOrEqual(15);
    }
    expect(times.at(-1)! - times[0]!).toBeLessThan(7000);
  });

  it('lets urgent calls go first, and separates APIs', async () => {
    const clock = new VirtualClock();
    const pace = new Pace(clock);
    const order: string[] = [];
    const call = async (api: string, urgency: 'now' | 'night'): Promise<void> => {
      await pace.turn(api, urgency);
      order.push(`${api} ${urgency}`);
    };
    await Promise.all([
      call('a', 'night'),
      call('a', 'night'),
      call('a', 'night'),
      call('a', 'now'),
      call('b', 'night'),
    ]);
    expect(order).toEqual(['a night', 'b night', 'a now', 'a night', 'a night']);
  });
});

describe('The pace', () => {
  it('does not wait for hours if the clock was set back', async () => {
    const times: number[] = [];
    let now = Date.UTC(2026, 8, 30, 12);
    const wait = async (milliseconds: number): Promise<void> => {
      times.push(milliseconds);
      now += milliseconds;
    };
    const pace = new Pace({ now: () => now, wait });
    await pace.turn('api', 'now');
    now -= 3_600_000;
    await pace.turn('api', 'now');
    await pace.turn('api', 'now');
    expect(times).toHaveLength(2);
    expect(Math.max(...times)).toBeLessThan(100);
  });
});
