import { randomInt } from 'node:crypto';
import { DEMO_CLIENT_ID, DEMO_CORP_ID, type Operation } from '../sandbox/index.js';
import { AloneCase } from './support/alone-case.js';
import { eventually } from './support/eventually.js';

/** A phone number, as another plugin has stored it: it must not be in any log. */
const NUMBER = '13912345678';

interface Answer {
  readonly counts: Readonly<Record<string, number>>;
  readonly lines: readonly { userId: number; nickname: string; outcome: string }[];
  readonly next: number | null;
  readonly stopped: string | null;
}

interface Told {
  readonly status: number;
  readonly text: string;
}

describe('Links that another plugin has created', () => {
  const log: string[] = [];
  /** The identifiers in the old links. */
  const named = new Set<string>();
  let alone: AloneCase;
  let member: string;

  beforeAll(async () => {
    alone = await AloneCase.start({
      commands: true,
      env: { NB_LOG: 'debug', DINGTALK_TIMEOUT_MS: '2500' },
      settings: { autoSignUp: false },
      onProgress: (line) => log.push(line),
    });
    member = await tokenOfMember();
  }, 120_000);

  beforeEach(() => {
    alone.sandbox.reset();
    alone.sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(alone.callbackOf('dingtalk'));
  });

  afterAll(async () => alone?.close());

  async function post(body: object, { authenticator = 'dingtalk', ...headers }: Record<string, string> = {}) {
    const response = await fetch(`${alone.nocobase.url}/api/dingtalk:takeOver?authenticator=${authenticator}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${alone.nocobase.apiKey}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() } satisfies Told;
  }

  async function takeOver(from: string, dryRun = false, after = 0, headers: Record<string, string> = {}) {
    const { status, text } = await post({ from, dryRun, after }, headers);
    expect([status, text]).toEqual([200, text]);
    return (JSON.parse(text) as { data: Answer }).data;
  }

  async function tokenOfMember(): Promise<string> {
    const account = `member-${randomInt(1e9)}`;
    const person = { nickname: 'Member', username: account, password: 'Member-123', roles: ['member'] };
    await alone.nocobase.call('POST', 'users:create', person);
    const signedIn = await fetch(`${alone.nocobase.url}/api/auth:signIn`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account, password: person.password }),
    });
    return ((await signedIn.json()) as { data: { token: string } }).data.token;
  }

  /** A person of the organization, whom no other test has linked. */
  function person(membership: object = {}): string {
    const id = `person-${randomInt(1e9)}`;
    alone.addPerson({ id, name: 'Person', memberships: [{ corpId: DEMO_CORP_ID, ...membership }] });
    return id;
  }

  const unionIdOf = (person: string): string => alone.sandbox.world.unionIdOf(person, DEMO_CLIENT_ID);
  const useridOf = (person: string): string => alone.sandbox.world.membership(person, DEMO_CORP_ID)?.userId ?? '';
  const asked = (...operations: Operation[]): number =>
    alone.sandbox.requests.filter(({ operation }) => operations.some((one) => one === operation)).length;
  const counted = ({ counts }: Answer): object =>
    Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

  /** An authenticator of a plugin that is no longer installed. */
  async function oldPlugin(): Promise<string> {
    const name = `old-${randomInt(1e9)}`;
    const row = { name, authType: 'dingtalk-of-another', title: name, enabled: false, options: {} };
    await alone.nocobase.call('POST', 'authenticators:create', row);
    return name;
  }

  /** A new authenticator of type DingTalk, at which nobody has a link. */
  async function ours(changes: object = {}, row: object = {}): Promise<string> {
    const name = `dingtalk-${randomInt(1e9)}`;
    await alone.add(name, { autoSignUp: false, ...changes }, row);
    return name;
  }

  const user = async (roles: readonly string[] = ['member']): Promise<number> => {
    const username = `user-${randomInt(1e9)}`;
    return (await alone.nocobase.call<{ id: number }>('POST', 'users:create', { nickname: username, username, roles }))
      .id;
  };

  async function link(authenticator: string, userId: number, uuid: string): Promise<void> {
    named.add(uuid);
    await links([{ authenticator, userId, uuid, nickname: 'Old' }]);
  }

  async function links(rows: readonly object[]): Promise<void> {
    await alone.nocobase.call('POST', 'usersAuthenticators:create', rows);
  }

  const linksOf = async (authenticator: string): Promise<Record<string, unknown>[]> =>
    alone.nocobase.list('usersAuthenticators', { authenticator }, 'userId,uuid,nickname,meta');

  it('are taken over after a preview: by unionId and by userid, and those people sign in', async () => {
    const [li, han] = [person(), person()];
    const [old, authenticator] = [await oldPlugin(), await ours()];
    const [lei, mary] = [await user(), await user()];
    await link(old, lei, unionIdOf(li));
    await link(old, mary, useridOf(han));
    const before = await linksOf(old);

    const look = await takeOver(old, true, 0, { authenticator });
    expect([counted(look), look.lines, look.next, look.stopped]).toEqual([{ linked: 2 }, [], null, null]);
    expect(await linksOf(authenticator)).toEqual([]);

    expect(counted(await takeOver(old, false, 0, { authenticator }))).toEqual({ linked: 2 });
    const meta = { dingtalkGateway: { organization: DEMO_CORP_ID } };
    expect(await linksOf(authenticator)).toEqual([
      expect.objectContaining({ userId: lei, uuid: unionIdOf(li), nickname: 'Old', meta }),
      expect.objectContaining({ userId: mary, uuid: unionIdOf(han), nickname: 'Old', meta }),
    ]);
    expect(await linksOf(old)).toEqual(before);
    const { status, userId } = await signedIn(han, authenticator);
    expect([status, userId]).toEqual([200, mary]);

    const askedBefore = asked('getByUnionId', 'getUser');
    expect(counted(await takeOver(old, false, 0, { authenticator }))).toEqual({ already: 2 });
    expect(asked('getByUnionId', 'getUser')).toBe(askedBefore);
  });

  async function signedIn(person: string, authenticator: string): Promise<{ status: number; userId: unknown }> {
    const { status, user: who } = await alone.signIn(person, { authenticator });
    return { status, userId: who?.['id'] };
  }

  it('are taken over by NocoBase if a gateway signs people in, and kept if NocoBase does later', async () => {
    const han = person();
    const [old, lei] = [await oldPlugin(), await user()];
    const authenticator = await ours({ signInBy: 'gateway', gatewayUrl: 'https://sso.example.com' });
    await link(old, lei, useridOf(han));
    expect(counted(await takeOver(old, true, 0, { authenticator }))).toEqual({ linked: 1 });
    expect(await linksOf(authenticator)).toEqual([]);
    expect(counted(await takeOver(old, false, 0, { authenticator }))).toEqual({ linked: 1 });
    expect(await linksOf(authenticator)).toEqual([expect.objectContaining({ userId: lei, uuid: unionIdOf(han) })]);
    await alone.configure(authenticator, { autoSignUp: false });
    expect(await signedIn(han, authenticator)).toMatchObject({ status: 200, userId: lei });
  });

  it('are reported with person and reason if they cannot be taken over', async () => {
    const [li, han, zhao, wu] = [person(), person(), person(), person()];
    const [old, authenticator] = [await oldPlugin(), await ours()];
    const admin = await user(['admin']);
    const [lei, same, left, phone, strange, gone] = [
      await user(),
      await user(),
      await user(),
      await user(),
      await user(),
      9e8 + randomInt(1e7),
    ];
    await link(old, 1, unionIdOf(han));
    await link(old, admin, unionIdOf(zhao));
    // One by the unionId, the other by the userid of one person.
    await link(old, lei, unionIdOf(li));
    await link(old, same, useridOf(li));
    await link(old, left, 'somebody-who-left');
    await link(old, phone, NUMBER);
    await link(old, strange, 'x'.repeat(200));
    await link(old, gone, unionIdOf(wu));

    for (const dryRun of [true, false]) {
      const { lines, next, stopped } = await takeOver(old, dryRun, 0, { authenticator });
      expect([next, stopped]).toEqual([null, null]);
      expect(new Map(lines.map(({ userId, outcome }) => [userId, outcome]))).toEqual(
        new Map([
          [1, 'protected'],
          [admin, 'protected'],
          [lei, 'conflict'],
          [same, 'conflict'],
          [left, 'unknown'],
          [phone, 'number'],
          [strange, 'unknown'],
          [gone, 'gone'],
        ]),
      );
      expect(lines.find(({ userId }) => userId === left)?.nickname).toMatch(/^user-\d+$/);
    }
    expect(await linksOf(authenticator)).toEqual([]);
  });

  it('are in conflict if another person has a link here, or the same user elsewhere', async () => {
    const [li, han, zhao] = [person(), person(), person()];
    const [old, authenticator, other] = [await oldPlugin(), await ours(), await ours()];
    const [holder, lei, mary] = [await user(), await user(), await user()];
    await link(authenticator, holder, unionIdOf(li));
    await link(old, lei, useridOf(li));
    await link(other, mary, unionIdOf(zhao));
    await link(old, mary, useridOf(han));
    const { lines } = await takeOver(old, false, 0, { authenticator });
    expect(lines.map(({ userId, outcome }) => [userId, outcome])).toEqual([
      [lei, 'conflict'],
      [mary, 'conflict'],
    ]);
    expect(await linksOf(authenticator)).toHaveLength(1);
  });

  it('wait while the permission at DingTalk is missing, which is named', async () => {
    const li = person();
    const [old, authenticator] = [await oldPlugin(), await ours({}, { enabled: false })];
    await link(old, await user(), unionIdOf(li));
    alone.sandbox.world.app(DEMO_CLIENT_ID).permissions.qyapi_get_member = false;
    const { stopped, next } = await takeOver(old, false, 0, { authenticator });
    expect([stopped, next]).toEqual([expect.stringContaining('qyapi_get_member'), 0]);
    expect((await takeOver(old, true, 0, { authenticator, 'x-locale': 'zh-CN' })).stopped).toContain('钉钉拒绝了请求');
    expect(await linksOf(authenticator)).toEqual([]);
    // An authenticator that is not enabled yet.
    alone.sandbox.world.app(DEMO_CLIENT_ID).permissions.qyapi_get_member = true;
    expect(counted(await takeOver(old, false, 0, { authenticator }))).toEqual({ linked: 1 });
  });

  it('wait while DingTalk is down, after the last person who was linked', async () => {
    const [li, han] = [person(), person()];
    const [old, authenticator] = [await oldPlugin(), await ours()];
    const [lei, mary] = [await user(), await user()];
    await link(old, lei, unionIdOf(li));
    await link(old, mary, useridOf(han));
    alone.sandbox.failures.set('getUser', 'drop');
    const { stopped, next, counts } = await takeOver(old, false, 0, { authenticator });
    expect([counts['linked'], next, stopped]).toEqual([1, lei, expect.stringContaining('did not respond properly')]);
    alone.sandbox.failures.clear('getUser');
    expect(counted(await takeOver(old, false, lei, { authenticator }))).toEqual({ linked: 1 });
  });

  it('of a person whom DingTalk does not show to the application do not delay the others', async () => {
    const [li, han] = [person(), person({ visible: false })];
    const [old, authenticator] = [await oldPlugin(), await ours()];
    const [hidden, lei] = [await user(), await user()];
    await link(old, hidden, useridOf(han));
    await link(old, lei, useridOf(li));
    const answer = await takeOver(old, false, 0, { authenticator });
    expect([counted(answer), answer.lines[0]?.userId]).toEqual([{ linked: 1, outOfScope: 1 }, hidden]);
  });

  it('are processed in batches, each from where the previous one ended', async () => {
    const [old, authenticator] = [await oldPlugin(), await ours()];
    const first = 8e8 + randomInt(1e7);
    const ids = Array.from({ length: 510 }, (_, at) => first + at);
    // Deleted users: DingTalk need not be queried about them.
    await links(ids.map((userId) => ({ authenticator: old, userId, uuid: `gone-${userId}`, nickname: '' })));
    const one = await takeOver(old, true, 0, { authenticator });
    expect([counted(one), one.next, one.lines.length]).toEqual([{ gone: 500 }, first + 499, 20]);
    const two = await takeOver(old, true, one.next ?? 0, { authenticator });
    expect([counted(two), two.next]).toEqual([{ gone: 10 }, null]);
  });

  it('are taken over by one request at a time, while NocoBase serves others', async () => {
    const li = person();
    const [old, authenticator] = [await oldPlugin(), await ours()];
    await link(old, await user(), unionIdOf(li));
    alone.sandbox.failures.set('getByUnionId', { delayMs: 60_000 });
    const waiting = takeOver(old, false, 0, { authenticator });
    await eventually(() => expect(asked('getByUnionId')).toBeGreaterThan(0));
    const busy = await post({ from: old, dryRun: true }, { authenticator });
    expect([busy.status, busy.text]).toEqual([429, expect.stringContaining('already running')]);
    await expect(alone.nocobase.call('GET', 'authenticators:list')).resolves.toBeDefined();
    expect((await waiting).stopped).toContain('did not respond properly');
  });

  it('are for administrators only, for no link that they follow, and for no other purpose', async () => {
    const li = person();
    const old = await oldPlugin();
    await link(old, await user(), unionIdOf(li));
    const before = alone.requests;
    const body = { from: old, dryRun: false };
    expect((await post(body, { authorization: '' })).status).toBe(401);
    expect((await post(body, { authorization: `Bearer ${member}` })).status).toBe(403);
    await expect(alone.nocobase.call('GET', `dingtalk:takeOver?authenticator=dingtalk&from=${old}`)).rejects.toThrow(
      'HTTP 405',
    );
    expect((await post(body, { authenticator: 'nobody' })).status).toBe(404);
    const empty = await post(body, { authenticator: await ours({ clientId: '', clientSecret: '' }) });
    expect([empty.status, empty.text]).toEqual([400, expect.stringContaining('not fully set up')]);
    for (const odd of [
      { dryRun: true },
      { from: 'dingtalk', dryRun: true },
      { from: 'nobody', dryRun: true },
      { from: { $ne: 'x' }, dryRun: true },
      { from: old },
      { from: old, dryRun: 'no' },
      { from: old, dryRun: true, after: -1 },
      { from: old, dryRun: true, after: { $gt: 0 } },
    ])
      expect([odd, (await post(odd)).status]).toEqual([odd, 400]);
    expect(alone.requests).toBe(before);
  });

  it('have left no name, number or id of a person in the log by then', () => {
    expect(log.filter((line) => line.includes('bindings of another authenticator were taken over'))).not.toEqual([]);
    const ids = [NUMBER, 'somebody-who-left', ...named];
    const ours = log.filter((line) => /dingtalk: /.test(line));
    expect(ours.filter((line) => ids.some((id) => line.includes(id)))).toEqual([]);
  });
});
