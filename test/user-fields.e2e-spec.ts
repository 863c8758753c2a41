import { NestFactory } from '@nestjs/core';
import { DEMO_CLIENT_ID, type NewMembership, type NewPerson } from '../sandbox/index.js';
import { isNocoBasesOwn, profileField } from '../src/core/accounts/index.js';
import { GATEWAY_RIGHTS, gatewayRights } from '../src/nocobase-client/index.js';
import { provision } from '../src/cli/provision/index.js';
import { UpstreamHttpClient } from '../src/core/upstream/index.js';
import { UpstreamModule } from '../src/upstream/index.js';
import type { Answer } from './support/browser.js';
import { answering, NocoBaseProxy } from './support/nocobase-proxy.js';
import { TestNocoBase } from './support/nocobase.js';
import { handedOver, SignInCase } from './support/sign-in-case.js';
import { eventually } from './support/eventually.js';

const CUSTOM_FIELDS = ['avatarUrl', 'jobNumber', 'jobTitle'];
const MAPPED = [...CUSTOM_FIELDS, 'nickname', 'email', 'phone'];
const UNCHANGED = ['GET usersAuthenticators:list', 'POST issuedTokens:create'];

let lastNumber = 13_500_000_000;
const newMobile = (): string => String((lastNumber += 1));
let lastPerson = 0;

describe('Fields of a NocoBase user follow DingTalk, each by its own policy', () => {
  let nocobase: TestNocoBase;
  let proxy: NocoBaseProxy;
  let apiKey: string;
  /** Never, fill-empty and overwrite side by side; the organization's record is the source. */
  let mixed: SignInCase;
  /** Every field follows, from people's own profiles. */
  let following: SignInCase;
  let builtInFields: string[];
  const started: SignInCase[] = [];

  beforeAll(async () => {
    nocobase = await TestNocoBase.launch();
    proxy = await NocoBaseProxy.before(nocobase.url);
    const upstream = await NestFactory.createApplicationContext(UpstreamModule, { logger: false });
    const root = { url: nocobase.url, ...nocobase.root, name: 'dingtalk-gateway', authenticator: 'dingtalk' };
    const plain = { ...root, dryRun: false, rights: GATEWAY_RIGHTS };
    apiKey = (await provision(upstream.get(UpstreamHttpClient), plain, () => undefined))!;
    await upstream.close();
    const fields = await nocobase.call<{ name: string }[]>('GET', 'collections/users/fields:list?paginate=false');
    builtInFields = fields.map(({ name }) => name);
    for (const name of CUSTOM_FIELDS) {
      await nocobase.call('POST', 'collections/users/fields:create', {
        name,
        type: 'string',
        interface: 'input',
        uiSchema: { type: 'string', title: name, 'x-component': 'Input' },
      });
    }
    await grant(MAPPED, MAPPED);
    mixed = await start({
      DINGTALK_IDENTITY: 'member',
      DINGTALK_FIELDS:
        'nickname=name:overwrite,email=email:fill-empty,phone=phone:never,avatarUrl=avatarUrl:overwrite,jobNumber=jobNumber:overwrite,jobTitle=title:fill-empty',
    });
    following = await start({
      DINGTALK_FIELDS:
        'nickname=name:overwrite,email=email:overwrite,phone=phone:overwrite,avatarUrl=avatarUrl:overwrite',
    });
  }, 120_000);

  beforeEach(() => {
    proxy.calls.length = 0;
    for (const { gateway } of started) gateway.log.length = 0;
  });
  afterEach(() => proxy.heal());

  afterAll(async () => {
    await Promise.all([mixed?.close(), following?.close(), proxy?.close(), nocobase?.stop()]);
  });

  async function start(environment: Record<string, string>): Promise<SignInCase> {
    const testCase = await SignInCase.start({
      ...nocobase.environment,
      NOCOBASE_API_TOKEN: apiKey,
      NOCOBASE_URL: proxy.url,
      NOCOBASE_PUBLIC_URL: nocobase.url,
      DINGTALK_CORP_ID: 'dingcorp1',
      DINGTALK_AUTO_SIGN_UP: 'true',
      AUTH_RATE_LIMIT_PER_ADDRESS: '0',
      ...environment,
    });
    started.push(testCase);
    return testCase;
  }

  /** The rights on `users` that `provision` grants if these fields are mapped. */
  async function grant(stored: readonly string[], updated: readonly string[]): Promise<void> {
    const where = { dataSourceKey: 'main', name: 'users' };
    const query = new URLSearchParams({ filter: JSON.stringify(where) }).toString();
    await nocobase.call('POST', `roles/dingtalk-gateway/dataSourceResources:update?${query}`, {
      ...where,
      usingActionsConfig: true,
      actions: Object.entries(gatewayRights(stored, updated)['users'] ?? {}).map(([name, fields]) => ({
        name,
        fields,
      })),
    });
  }

  function newPerson(testCase: SignInCase, details: Partial<NewPerson> = {}, membership: Partial<NewMembership> = {}) {
    const id = `person-${(lastPerson += 1)}`;
    const mobile = newMobile();
    const { world } = testCase.sandbox;
    world.addPerson({
      id,
      name: '张三',
      mobile,
      stateCode: '86',
      avatarUrl: 'https://static.example.com/1.png',
      ...details,
      memberships: [{ corpId: 'dingcorp1', jobNumber: `J-${id}`, title: 'Engineer', ...membership }],
    });
    return {
      id,
      mobile: world.person(id).mobile ?? '',
      profile: world.person(id),
      record: world.membership(id, 'dingcorp1')!,
    };
  }

  async function userOf(outcome: Answer): Promise<number> {
    expect([outcome.status, outcome.errorCode]).toEqual([303, undefined]);
    const { token, authenticator } = handedOver(outcome.location);
    return (await nocobase.whoIs(token, authenticator)).id;
  }

  async function stored(id: number): Promise<Record<string, unknown>> {
    const fields = ['id', 'username', 'createdAt', ...MAPPED].join(',');
    const [user] = await nocobase.list('users', { id }, fields, 'roles');
    const { createdAt: _, roles, ...others } = user ?? {};
    return { ...others, roles: (roles as { name: string }[]).map(({ name }) => name) };
  }

  /** Nest has one logger per process: the gateway started last logs for all. */
  const warnings = () =>
    started.flatMap(({ gateway }) => gateway.log).filter(({ event }) => event === 'profile_not_updated');

  it('are stored with a new user, custom fields too', async () => {
    const person = newPerson(mixed, { email: 'new@example.com' });
    const id = await userOf(await mixed.signIn(person.id));
    expect(await stored(id)).toMatchObject({
      nickname: '张三',
      phone: person.mobile,
      email: 'new@example.com',
      avatarUrl: 'https://static.example.com/1.png',
      jobNumber: `J-${person.id}`,
      jobTitle: 'Engineer',
      roles: ['member'],
    });
  });

  it('are overwritten, filled in or left alone if a person returns with changes', async () => {
    const person = newPerson(mixed);
    const id = await nocobase.addUser({ nickname: 'Typed by hand', phone: `+86-${person.mobile}` });
    expect(await userOf(await mixed.signIn(person.id))).toBe(id);
    expect(await stored(id)).toMatchObject({ nickname: '张三', email: null, jobTitle: 'Engineer' });

    Object.assign(person.profile, { name: '张三丰', mobile: newMobile(), email: 'first@example.com', avatarUrl: '' });
    Object.assign(person.record, { jobNumber: 'J-new', title: 'Director' });
    expect(await userOf(await mixed.signIn(person.id))).toBe(id);
    // People wait for an update 0.3 s at most; on a busy machine it completes after them.
    await eventually(async () =>
      expect(await stored(id)).toMatchObject({
        nickname: '张三丰',
        phone: `+86-${person.mobile}`,
        email: 'first@example.com',
        avatarUrl: 'https://static.example.com/1.png',
        jobNumber: 'J-new',
        jobTitle: 'Engineer',
      }),
    );
    Object.assign(person.profile, { email: 'second@example.com' });
    await userOf(await mixed.signIn(person.id));
    expect(await stored(id)).toMatchObject({ email: 'first@example.com' });
    expect(warnings()).toEqual([]);
  });

  it('cost one call to compare, one more if they differ, and nothing in between', async () => {
    const person = newPerson(following);
    await nocobase.addUser({ nickname: 'Known', phone: person.mobile });
    await following.signIn(person.id);
    const callsOf = async (): Promise<string[]> => {
      proxy.calls.length = 0;
      await userOf(await following.signIn(person.id));
      return proxy.asked.toSorted();
    };
    expect(await callsOf()).toEqual(UNCHANGED);
    expect(await callsOf()).toEqual(UNCHANGED);
    person.profile.nick = 'Another name';
    expect(await callsOf()).toEqual([...UNCHANGED, 'GET users:list', 'POST users:update'].toSorted());
    expect(await callsOf()).toEqual(UNCHANGED);
    const fresh = await start({ DINGTALK_FIELDS: 'nickname=name:overwrite,phone=phone:overwrite' });
    fresh.sandbox.world.addPerson({ ...person.profile });
    expect(fresh.sandbox.world.unionIdOf(person.id, 'dingsandboxapp')).toBe(
      following.sandbox.world.unionIdOf(person.id, 'dingsandboxapp'),
    );
    proxy.calls.length = 0;
    await userOf(await fresh.signIn(person.id));
    await fresh.close();
    expect(proxy.asked.toSorted()).toEqual([...UNCHANGED, 'GET users:list'].toSorted());
  });

  it('do not change in a protected account, by its id, a role or the role of its department', async () => {
    const department = await nocobase.call<{ id: number }>('POST', 'departments:create', {
      title: 'Heads',
      roles: ['admin'],
    });
    const head = await nocobase.addUser({ nickname: 'Head', phone: newMobile() });
    await nocobase.call('POST', `departments/${department.id}/members:add`, [head]);
    const admin = await nocobase.addUser({ nickname: 'Admin', phone: newMobile(), roles: ['member', 'admin'] });
    for (const userId of [1, head, admin]) {
      const person = newPerson(following, { email: `${userId}@example.com` });
      const uuid = following.sandbox.world.unionIdOf(person.id, 'dingsandboxapp');
      await nocobase.call('POST', 'usersAuthenticators:create', { authenticator: 'dingtalk', userId, uuid });
      const before = await stored(userId);
      expect(await userOf(await following.signIn(person.id))).toBe(userId);
      expect(await stored(userId)).toEqual(before);
    }
    expect(proxy.calls.filter((call) => call.includes('users:update'))).toEqual([]);
  });

  it('are omitted if another user has the email address or the number, and the person gets in', async () => {
    const taken = newMobile();
    await nocobase.addUser({ nickname: 'Owner', email: 'owner@example.com', phone: `86-${taken}` });
    const person = newPerson(following);
    const id = await nocobase.addUser({ nickname: 'Known', phone: person.mobile });
    await following.signIn(person.id);
    Object.assign(person.profile, { nick: 'New name', email: 'owner@example.com', mobile: taken });
    expect(await userOf(await following.signIn(person.id))).toBe(id);

    expect(await stored(id)).toMatchObject({ nickname: 'New name', email: null, phone: person.mobile });
    expect(warnings()).toEqual([expect.objectContaining({ userId: id, skipped: { taken: ['phone', 'email'] } })]);
    expect(JSON.stringify(warnings())).not.toMatch(new RegExp(`owner@|${taken}|New name`));
  });

  it('move with a phone number that nobody else has', async () => {
    const person = newPerson(following);
    const id = await nocobase.addUser({ nickname: 'Known', phone: person.mobile });
    await following.signIn(person.id);
    person.profile.mobile = newMobile();
    await userOf(await following.signIn(person.id));
    expect(await stored(id)).toMatchObject({ phone: person.profile.mobile });
  });

  it.each([
    ['breaks down', answering(500, '{"errors":[{"message":"canary"}]}'), { 'upstream failed': ['nickname'] }],
    [
      'answers for another row',
      answering(200, '{"data":[{"id":1,"nickname":"Later"}]}'),
      { 'upstream failed': ['nickname'] },
    ],
    ['lacks the right', answering(403, '{"errors":[{"message":"No permissions"}]}'), { 'missing right': ['nickname'] }],
  ])('stay unchanged if NocoBase %s on the update, and the person gets in', async (_what, fault, skipped) => {
    const person = newPerson(following);
    await nocobase.addUser({ nickname: 'Known', phone: person.mobile });
    const id = await userOf(await following.signIn(person.id));
    proxy.failOn('users:update', fault);
    person.profile.nick = 'Later';
    expect(await userOf(await following.signIn(person.id))).toBe(id);
    expect(await stored(id)).toMatchObject({ nickname: '张三' });
    expect(warnings()).toEqual([expect.objectContaining({ skipped })]);
  });

  it("delay nobody if NocoBase's update is slow", async () => {
    const person = newPerson(following);
    await nocobase.addUser({ nickname: 'Known', phone: person.mobile });
    await following.signIn(person.id);
    proxy.failOn('users:update', (request) => void request.resume());
    person.profile.nick = 'Later';
    // The update is never answered.
    await userOf(await following.signIn(person.id));
  });

  it('are named if the key may not write them, or NocoBase has none of that name', async () => {
    const person = newPerson(mixed);
    await nocobase.addUser({ nickname: 'Known', phone: person.mobile });
    const id = await userOf(await mixed.signIn(person.id));
    // `view` of the number, `update` of neither; nothing at all of the picture.
    await grant(['jobNumber'], ['nickname', 'jobNumber']);
    const where = { dataSourceKey: 'main', name: 'users' };
    const query = new URLSearchParams({ filter: JSON.stringify(where) }).toString();
    const { users } = gatewayRights([], ['nickname', 'jobNumber']);
    await nocobase.call('POST', `roles/dingtalk-gateway/dataSourceResources:update?${query}`, {
      ...where,
      usingActionsConfig: true,
      actions: Object.entries({ ...users, update: ['nickname'] }).map(([name, fields]) => ({ name, fields })),
    });
    Object.assign(person.profile, { name: '张五', avatarUrl: 'https://static.example.com/2.png' });
    person.record.jobNumber = 'J-later';
    expect(await userOf(await mixed.signIn(person.id))).toBe(id);
    await grant(MAPPED, MAPPED);
    expect(await stored(id)).toMatchObject({
      nickname: '张五',
      jobNumber: `J-${person.id}`,
      avatarUrl: 'https://static.example.com/1.png',
    });
    expect(warnings()).toEqual([
      expect.objectContaining({
        skipped: { 'missing right': ['jobNumber'], 'hidden or missing at NocoBase': ['avatarUrl', 'jobTitle'] },
      }),
    ]);
  });

  it('may be any custom ones, but only nickname, phone and email of those that NocoBase created itself', () => {
    expect(builtInFields.length).toBeGreaterThan(10);
    const allowed = builtInFields.filter((name) => profileField(name) !== undefined);
    expect(allowed.toSorted()).toEqual(['email', 'nickname', 'phone']);
    expect(builtInFields.filter((name) => !isNocoBasesOwn(name)).toSorted()).toEqual(allowed.toSorted());
  });

  it('need no right that NocoBase would refuse, and none beyond the stock rights without them', async () => {
    expect(gatewayRights([])['users']).not.toHaveProperty('update');
    const headers = { authorization: `Bearer ${apiKey}` };
    const change = { roles: ['admin'], password: 'Changed-by-a-test-1', username: 'changed' };
    const id = await nocobase.addUser({ nickname: 'Known', phone: newMobile() });
    const before = await stored(id);
    // 200, and nothing done: NocoBase silently drops what the role's list of fields does not contain.
    await nocobase.call('POST', `users:update?filterByTk=${id}`, change, headers);
    expect(await stored(id)).toEqual(before);
  });

  describe('from the names of departments', () => {
    let byDepartment: SignInCase;
    beforeAll(async () => {
      // Other tests have revoked rights.
      await grant(MAPPED, MAPPED);
      byDepartment = await start({ DINGTALK_IDENTITY: 'member', DINGTALK_FIELDS: 'jobTitle=departments:overwrite' });
    });
    afterAll(async () => byDepartment?.close());
    const asked = (): number =>
      byDepartment.sandbox.requests.filter(({ operation }) => operation === 'getDepartment').length;

    it('are written, with one query per department', async () => {
      const first = newPerson(byDepartment, {}, { deptIds: [2, 3] });
      const second = newPerson(byDepartment, {}, { deptIds: [3] });
      const [a, b] = [
        await userOf(await byDepartment.signIn(first.id)),
        await userOf(await byDepartment.signIn(second.id)),
      ];
      expect([(await stored(a))['jobTitle'], (await stored(b))['jobTitle']]).toEqual(['销售部, 华东区', '华东区']);
      expect(asked()).toBe(2);
      first.record.deptIds = [2];
      await byDepartment.signIn(first.id);
      expect((await stored(a))['jobTitle']).toBe('销售部');
      expect(asked()).toBe(2);
    });

    it.each([
      [
        'the permission is missing',
        () => (byDepartment.sandbox.world.app(DEMO_CLIENT_ID).permissions.qyapi_get_department_list = false),
      ],
      ['DingTalk drops the connection', () => byDepartment.sandbox.failures.set('getDepartment', 'drop')],
    ])('prevent no sign-in if %s', async (_what, breakIt) => {
      breakIt();
      const person = newPerson(byDepartment, {}, { deptIds: [1] });
      const id = await userOf(await byDepartment.signIn(person.id));
      byDepartment.sandbox.failures.clear();
      byDepartment.sandbox.world.app(DEMO_CLIENT_ID).permissions.qyapi_get_department_list = true;
      expect((await stored(id))['jobTitle']).toBeNull();
      expect(started.flatMap(({ gateway }) => gateway.log)).toContainEqual(
        expect.objectContaining({
          context: 'Departments',
          msg: expect.stringContaining('department names could not be read'),
        }),
      );
    });
  });
});
