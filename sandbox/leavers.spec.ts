import { DEMO_CLIENT_ID, DEMO_CORP_ID, GONE_CODES, LEAVE_REASONS } from './index.js';
import { startSpecClient, type Reply, type SpecClient } from './spec-support.js';

let client: SpecClient;
beforeAll(async () => {
  client = await startSpecClient();
});
beforeEach(() => client.reset());
afterAll(() => client.sandbox.close());

const control = (name: string, body: unknown) => client.post(`/__sandbox__/${name}`, body);
const useridOf = (person: string): string => client.sandbox.world.userIdOf(person, DEMO_CORP_ID) ?? '';
const unionIdOf = (person: string): string => client.sandbox.world.unionIdOf(person, DEMO_CLIENT_ID);
const ask = async (userid: string) => (await client.topapi('v2/user/get', await client.appToken(), { userid })).body;

describe('a person who has left', () => {
  it.each(GONE_CODES)(
    'is unknown by userid (%d) and by unionId, while a person out of scope is 50002',
    async (code) => {
      const userid = useridOf('mary');
      await control('gone-code', { code });
      await control('people/leave', { personId: 'mary', corpId: DEMO_CORP_ID, reason: 'leave' });
      expect(await ask(userid)).toMatchObject({ errcode: code });
      const answer = await client.topapi('user/getbyunionid', await client.appToken(), { unionid: unionIdOf('mary') });
      expect(answer.body).toMatchObject({ errcode: 60121 });
      client.sandbox.world.membership('li-lei', DEMO_CORP_ID)!.visible = false;
      expect(await ask(useridOf('li-lei'))).toMatchObject({ errcode: 50002 });
    },
  );

  it('returns with another userid, the same unionId, and the previous attributes', async () => {
    const before = useridOf('mary');
    await control('people/leave', { personId: 'mary' });
    const { body } = await control('people/join', { personId: 'mary' });
    expect(body).toMatchObject({ corpId: DEMO_CORP_ID, jobNumber: '0002' });
    expect(body['userId']).not.toBe(before);
    expect(await ask(before)).toMatchObject({ errcode: 60121 });
    expect(await ask(useridOf('mary'))).toMatchObject({ errcode: 0, result: { unionid: unionIdOf('mary') } });
  });

  it('leaves a userid that can be given to another person', async () => {
    const userId = useridOf('mary');
    const left = unionIdOf('mary');
    await control('people/leave', { personId: 'mary' });
    await control('people', { id: 'newcomer', name: '新人' });
    await control('people/join', { personId: 'newcomer', corpId: DEMO_CORP_ID, userId });
    const { result } = await ask(userId);
    expect(result).toMatchObject({ userid: userId, unionid: unionIdOf('newcomer') });
    expect(unionIdOf('newcomer')).not.toBe(left);
  });

  it('is reported, unless they leave silently', () => {
    const told: unknown[] = [];
    client.sandbox.world.staff.onChange((change) => told.push(change));
    const { userId } = client.sandbox.world.staff.leave('mary').membership;
    client.sandbox.world.staff.leave('li-lei', { event: false });
    expect(told).toEqual([{ type: 'user_leave_org', corpId: DEMO_CORP_ID, userIds: [userId] }]);
    expect(() => client.sandbox.world.staff.leave('mary')).toThrow('membership');
    expect(() => client.sandbox.world.staff.join('zhou-tao')).toThrow('organization');
  });

  it('has another unionId, and the same userid, after an account migration', async () => {
    const before = unionIdOf('mary');
    await control('people/migrate', { personId: 'mary' });
    expect(unionIdOf('mary')).not.toBe(before);
    expect(await ask(useridOf('mary'))).toMatchObject({ result: { unionid: unionIdOf('mary') } });
    const answer = await client.topapi('user/getbyunionid', await client.appToken(), { unionid: before });
    expect(answer.body).toMatchObject({ errcode: 60121 });
  });
});

describe('empLeaveRecords', () => {
  const window = (days: number): Record<string, string> => {
    const text = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
    const end = client.sandbox.clock.now() + 1000;
    return { startTime: text(end - days * 24 * 3_600_000), endTime: text(end), nextToken: '0', maxResults: '50' };
  };
  const read = async (query: Record<string, string>): Promise<Reply> => {
    const parameters = new URLSearchParams(query).toString();
    return client.get(`/api/v1.0/contact/empLeaveRecords?${parameters}`, {
      'x-acs-dingtalk-access-token': await client.appToken(),
    });
  };
  const leaveAll = (count: number): void => {
    const { world } = client.sandbox;
    for (let number = 0; number < count; number += 1) {
      const reason = LEAVE_REASONS[number % LEAVE_REASONS.length];
      world.addPerson({ id: `p${number}`, name: `P${number}`, memberships: [{ corpId: DEMO_CORP_ID }] });
      world.staff.leave(`p${number}`, { reason, event: false });
    }
  };

  it('returns all reasons, page by page', async () => {
    leaveAll(120);
    const seen: Record<string, unknown>[] = [];
    const sizes: number[] = [];
    for (let token: string | undefined = '0'; token !== undefined;) {
      const { body } = await read({ ...window(1), nextToken: token });
      const records = body['records'] as Record<string, unknown>[];
      seen.push(...records);
      sizes.push(records.length);
      token = body['nextToken'] as string | undefined;
    }
    expect(sizes).toEqual([50, 50, 20]);
    expect(new Set(seen.map(({ userId }) => userId)).size).toBe(120);
    expect(new Set(seen.map(({ leaveReason }) => leaveReason))).toEqual(new Set(LEAVE_REASONS));
    expect(seen[0]).toMatchObject({ name: 'P0', leaveTime: expect.stringMatching(/^\d{4}-.*:\d\dZ$/) });
  });

  it("returns only its own organization's, and the requested period", async () => {
    client.sandbox.world.staff.leave('han-meimei', { corpId: 'dingcorp2' });
    client.sandbox.world.staff.leave('mary');
    expect((await read(window(1))).body['records']).toMatchObject([{ name: '玛丽', mobile: '2025550143' }]);
    client.sandbox.clock.advance(3 * 24 * 3_600_000);
    expect((await read(window(1))).body['records']).toEqual([]);
  });

  it.each([
    ['more than 365 days', { startTime: '2020-01-01T00:00:00Z' }, 'invalidParameter.endTime'],
    ['a page of more than 50', { maxResults: '51' }, 'invalidParameter.maxResults'],
    ['a token it did not give', { nextToken: 'FFFF' }, 'invalidParameter.nextToken'],
    ['no time', { startTime: '' }, 'invalidParameter.startTime'],
  ])('refuses %s', async (_what, change, code) => {
    expect(await read({ ...window(1), ...change })).toMatchObject({ status: 400, body: { code } });
  });

  it('needs its permission and a token in the header', async () => {
    await control('apps/change', { clientId: DEMO_CLIENT_ID, permissions: { 'Contact.Common.Read': false } });
    expect(await read(window(1))).toMatchObject({
      status: 403,
      body: { accessdenieddetail: { requiredScopes: ['Contact.Common.Read'] } },
    });
    expect(await client.get('/api/v1.0/contact/empLeaveRecords')).toMatchObject({ status: 400 });
  });
});

describe('lookups and lists', () => {
  const administrators = async () =>
    (await client.topapi('user/listadmin', await client.appToken(), {})).body['result'];
  const list = async (fields: object = {}) =>
    (
      await client.post(`/oapi/topapi/v2/user/list?access_token=${await client.appToken()}`, {
        dept_id: 1,
        cursor: 0,
        size: 100,
        ...fields,
      })
    ).body;
  const narrow = { clientId: DEMO_CLIENT_ID, scope: { departments: [2], userIds: [] } };

  it('list administrators, whatever the scope', async () => {
    expect(await administrators()).toEqual([{ userid: useridOf('li-lei'), sys_level: 1 }]);
    await control('apps/change', narrow);
    expect(await administrators()).toHaveLength(1);
  });

  it('follow the contact scope, which may be reduced between two calls, as auth/scopes reports', async () => {
    const scopes = async () => (await client.get(`/oapi/auth/scopes?access_token=${await client.appToken()}`)).body;
    client.sandbox.world.membership('mary', DEMO_CORP_ID)!.deptIds = [2];
    await control('later', { calls: 1, operation: 'getUser', command: 'apps/change', body: narrow });
    expect(await ask(useridOf('li-lei'))).toMatchObject({ errcode: 0 });
    expect(await scopes()).toMatchObject({ auth_org_scopes: { authed_dept: [1] } });
    expect(await ask(useridOf('li-lei'))).toMatchObject({ errcode: 50002 });
    expect(await ask(useridOf('mary'))).toMatchObject({ errcode: 0 });
    expect(await scopes()).toMatchObject({ auth_org_scopes: { authed_dept: [2], authed_user: [] } });
    expect(await list()).toMatchObject({ errcode: 50004 });
    const single = { departments: [2], userIds: [useridOf('li-lei')] };
    await control('apps/change', { ...narrow, scope: single });
    expect(await ask(useridOf('li-lei'))).toMatchObject({ errcode: 0 });
  });

  it('hide restricted people from listings, but not from a query by userid', async () => {
    client.sandbox.world.membership('mary', DEMO_CORP_ID)!.restricted = true;
    const names = async (fields?: object) =>
      ((await list(fields))['result'] as { list: { name: string }[] }).list.map(({ name }) => name);
    expect(await names()).not.toContain('玛丽');
    expect(await names({ contain_access_limit: true })).toContain('玛丽');
    expect(await ask(useridOf('mary'))).toMatchObject({ errcode: 0 });
  });

  it('list a department page by page', async () => {
    const first = await list({ size: 3 });
    expect(first).toMatchObject({ result: { has_more: true, next_cursor: 3 } });
    const last = (await list({ size: 3, cursor: 3 }))['result'];
    expect(last).toMatchObject({ has_more: false });
    expect(last).not.toHaveProperty('next_cursor');
    expect(await list({ size: 101 })).toMatchObject({ errcode: 400002 });
    expect(await list({ dept_id: 99 })).toMatchObject({ errcode: 60003 });
  });

  it('find one of 100,000 people by their ids, without searching the others', async () => {
    await control('people/crowd', { corpId: DEMO_CORP_ID, count: 100_000 });
    const [userid, unionid] = [useridOf('crowd-99999'), unionIdOf('crowd-99999')];
    const everybody = jest.spyOn(client.sandbox.world.people, 'values');
    expect(await ask(userid)).toMatchObject({ result: { name: 'crowd 99999', unionid } });
    const answer = await client.topapi('user/getbyunionid', await client.appToken(), { unionid });
    expect(answer.body).toMatchObject({ result: { userid } });
    expect(everybody).not.toHaveBeenCalled();
    everybody.mockRestore();
  });

  it('find people whose ids a test has changed', async () => {
    client.sandbox.world.membership('mary', DEMO_CORP_ID)!.userId = 'changed';
    expect(await ask('changed')).toMatchObject({ errcode: 0, result: { name: '玛丽' } });
  });
});

it.each([
  ['people/leave', { personId: 'nobody' }, 'person "nobody"'],
  ['people/leave', { personId: 'mary', reason: 'bored' }, 'reason'],
  ['people/join', { personId: 'mary', corpId: 'nowhere' }, 'organization "nowhere"'],
  ['gone-code', { code: 50002 }, 'code'],
  ['later', { calls: 1, command: 'nothing', body: {} }, 'command "nothing"'],
])('refuses invalid input to %s: %j', async (name, input, hint) => {
  const { status, body } = await control(name, input);
  expect(status).toBe(400);
  expect(body['error']).toContain(hint);
});
