import { ASSERTION_HEADER } from '../src/core/plugin-protocol/index.js';
import { AloneCase } from './support/alone-case.js';
import { StandInGateway } from './support/stand-in-gateway.js';

interface Person {
  readonly bindingId: string;
  readonly userId: number;
  readonly unionId: string;
  readonly userid?: string;
  readonly seenAt: number;
  readonly hasLeft: boolean;
  readonly lock: string;
}

describe('The book of leavers, used by a gateway with a real NocoBase', () => {
  let alone: AloneCase;
  let gateway: StandInGateway;
  let other: StandInGateway;
  let made = 0;
  /** How far NocoBase's clock is ahead. */
  let ahead = 0;
  const now = (): number => Date.now() + ahead;

  beforeAll(async () => {
    [gateway, other] = await Promise.all([StandInGateway.launch(), StandInGateway.launch()]);
    alone = await AloneCase.start({ settings: { leavers: 'off' }, commands: true });
    const byGateway = { signInBy: 'gateway', gatewayUrl: gateway.url, leavers: 'lock' };
    await alone.add('ours', byGateway);
    await alone.add('second', { ...byGateway, corpIds: ['dingcorp2'] });
    await alone.add('small', { ...byGateway, corpIds: ['dingcorp3'] });
    await alone.add('twin', byGateway);
    await alone.add('reporting', { ...byGateway, leavers: 'report' });
    await alone.add('theirs', { ...byGateway, gatewayUrl: other.url });
  }, 180_000);

  afterAll(async () => {
    await alone?.close();
    await Promise.all([gateway?.stop(), other?.stop()]);
  });

  async function ask(
    call: object,
    by: StandInGateway | undefined = gateway,
  ): Promise<{ status: number; data?: unknown }> {
    const { nocobase } = alone;
    const iat = Math.floor(now() / 1000);
    const assertion = await by.assertion({ aud: nocobase.url, iat, exp: iat + 60 });
    const response = await fetch(`${nocobase.api}/dingtalk:book`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [ASSERTION_HEADER]: assertion },
      body: JSON.stringify(call),
    });
    const { data } = (await response.json()) as { data?: unknown };
    return { status: response.status, data };
  }

  async function book<T>(call: string, rest: object = {}, authenticator = 'ours'): Promise<T> {
    const { status, data } = await ask({ authenticator, call, ...rest });
    expect(status).toBe(200);
    return data as T;
  }

  async function bind(
    userId: number,
    authenticator = 'ours',
    uuid = `union-${authenticator}-${userId}`,
  ): Promise<Person> {
    await alone.nocobase.call('POST', 'usersAuthenticators:create', { authenticator, userId, uuid, nickname: '' });
    const [person] = await book<Person[]>('byUser', { userId }, authenticator);
    return person!;
  }

  async function somebody(authenticator = 'ours'): Promise<Person> {
    made += 1;
    return bind(await alone.nocobase.addUser({ nickname: `Somebody ${made}` }), authenticator);
  }

  const evidence = (askedAt = now()): object => ({
    code: 60121,
    userid: 'E1',
    askedAt,
    witness: { userid: 'E2', askedAt },
  });
  const left = async (person: Person, authenticator = 'ours', askedAt?: number): Promise<string> =>
    book('left', { person, evidence: evidence(askedAt), origin: 'night' }, authenticator);
  const here = async (
    { bindingId, unionId }: Pick<Person, 'bindingId' | 'unionId'>,
    userid = 'E1',
    authenticator = 'ours',
    seenAt = now(),
  ): Promise<object[]> =>
    book('here', { seen: [{ bindingId, unionId, userid, corpId: 'dingcorp1', seenAt }] }, authenticator);
  const byHand = async (action: 'lock' | 'unlock', { userId }: Person): Promise<unknown> =>
    alone.nocobase.call('POST', `dingtalkLeavers:${action}`, { userId });
  const lockOf = async ({ userId }: Person): Promise<string> => (await book<Person[]>('byUser', { userId }))[0]!.lock;
  const held = async (authenticator: string): Promise<number> => {
    const { authenticators } = await alone.nocobase.call<{ authenticators: { name: string; paused: number }[] }>(
      'GET',
      'dingtalkLeavers:status',
    );
    return authenticators.find(({ name }) => name === authenticator)!.paused;
  };
  const outcomes = async (some: readonly Person[], authenticator: string): Promise<string[]> => {
    const all: string[] = [];
    for (const person of some) all.push(await left(person, authenticator));
    return all;
  };

  it('accepts only the gateway of an authenticator, and only calls that match the protocol', async () => {
    const { nocobase } = alone;
    expect(await ask({ authenticator: 'ours', call: 'count' })).toEqual({ status: 200, data: 0 });
    expect(await ask({ authenticator: 'theirs', call: 'count' })).toMatchObject({ status: 404 });
    expect(await ask({ authenticator: 'ours', call: 'count' }, other)).toMatchObject({ status: 404 });
    expect(await ask({ authenticator: 'dingtalk', call: 'count' })).toMatchObject({ status: 404 });
    expect(await ask({ authenticator: 'ours', call: 'count', more: 1 })).toMatchObject({ status: 400 });
    expect(await ask({ authenticator: 'ours', call: 'people', size: 501 })).toMatchObject({ status: 400 });
    const unsigned = await fetch(`${nocobase.api}/dingtalk:book`, { method: 'POST' });
    expect(unsigned.status).toBe(401);
  });

  it('returns the bound people, page by page, and what was reported about them', async () => {
    const people = [await somebody(), await somebody(), await somebody()];
    const first = await book<Person[]>('people', { size: 2 });
    const last = await book<Person[]>('people', { after: first[1]!.bindingId, size: 2 });
    expect([...first, ...last]).toEqual(people);
    expect(await here(people[0]!, 'E-Li')).toEqual([]);
    expect(await book('byUserid', { userid: 'E-Li' })).toMatchObject([
      { ...people[0], userid: 'E-Li', seenAt: expect.any(Number) },
    ]);
    expect(await book('byUserid', { userid: 'e-li' })).toEqual([]);
    expect(await book('byUnionId', { unionId: people[1]!.unionId })).toEqual([people[1]]);
    expect(await book('witnesses', { except: people[1]!.unionId, count: 3 })).toMatchObject([{ userid: 'E-Li' }]);
    expect(await book('witnesses', { except: people[0]!.unionId, count: 3 })).toEqual([]);
    expect(await book('count')).toBe(3);
  });

  it('notes a hint once, grants a lease to one holder, and keeps marks', async () => {
    const hint = { id: 'event-1', kind: 'left', origin: 'event', userid: 'E1', at: 1 };
    const [one, two] = await Promise.all([
      book<object[]>('note', { hints: [hint] }),
      book<object[]>('note', { hints: [hint] }),
    ]);
    expect([...one, ...two]).toEqual([hint]);
    expect(await book('waiting', { limit: 10 })).toEqual([hint]);
    await book('done', { ids: ['event-1'] });
    expect(await book('waiting', { limit: 10 })).toEqual([]);
    expect(await book('note', { hints: [hint] })).toEqual([]);
    const lease = async (holder: string): Promise<boolean> => book('lease', { name: 'night', forMs: 60_000, holder });
    expect([await lease('a'), await lease('b'), await lease('a')]).toEqual([true, false, true]);
    expect(await book('mark', { name: 'records' })).toBeNull();
    await book('setMark', { name: 'records', value: '17' });
    expect(await book('mark', { name: 'records' })).toBe('17');
    expect(await book('mark', { name: 'records' }, 'second')).toBeNull();
  });

  it('unlocks a person who is back with the same unionId, and does not treat an older report as newer', async () => {
    const person = await somebody();
    const asked = Date.now();
    expect(await left(person)).toBe('locked');
    expect(await left(person)).toBe('already_locked');
    expect(await here({ ...person, unionId: 'union-of-another' })).toEqual([]);
    expect(await book('byUser', { userId: person.userId })).toMatchObject([{ lock: 'ours', hasLeft: true }]);
    expect(await here(person)).toEqual([{ userId: person.userId, unionId: person.unionId }]);
    expect(await left(person, 'ours', asked)).toBe('gone');
    expect(await book('byUser', { userId: person.userId })).toMatchObject([{ lock: 'none', hasLeft: false }]);
  });

  it('does not unlock a person whom another authenticator showed before DingTalk said that they left', async () => {
    const person = await somebody();
    const there = await bind(person.userId, 'twin', person.unionId);
    const earlier = Date.now() - 10_000;
    expect(await left(person)).toBe('locked');
    expect(await here(there, 'E1', 'twin', earlier)).toEqual([]);
    expect(await lockOf(person)).toBe('ours');
    expect(await here(there, 'E1', 'twin')).toEqual([{ userId: person.userId, unionId: person.unionId }]);
    expect(await lockOf(person)).toBe('none');
  });

  it("keeps an administrator's decision to unlock, also for a lock made by hand, until DingTalk shows the person again", async () => {
    const person = await somebody();
    await byHand('lock', person);
    expect(await left(person)).toBe('already_locked');
    await byHand('unlock', person);
    // Each night's report is later than the one before.
    expect([await left(person), await left(person)]).toEqual(['reported', 'reported']);
    await here(person);
    expect(await left(person)).toBe('locked');
  });

  it('locks for a departure after a lock that was made and undone by hand', async () => {
    const person = await somebody();
    await here(person);
    await byHand('lock', person);
    await byHand('unlock', person);
    expect(await left(person)).toBe('locked');
  });

  it('nor does the departure of a person who was linked to the user before excuse the next', async () => {
    const person = await somebody();
    await byHand('lock', person);
    expect(await left(person)).toBe('already_locked');
    const filter = JSON.stringify({ authenticator: 'ours', userId: person.userId });
    await alone.nocobase.call('POST', `usersAuthenticators:destroy?filter=${filter}`);
    const next = await bind(person.userId, 'ours', 'union-of-the-next');
    await byHand('unlock', next);
    expect(await left(next)).toBe('locked');
  });

  it("treats no report as one of the future, whatever a gateway's clock", async () => {
    const person = await somebody();
    const ahead = Date.now() + 30_000;
    const seen = { bindingId: person.bindingId, unionId: person.unionId, userid: 'E1', seenAt: ahead };
    await book('here', { seen: [seen] });
    expect(await left(person, 'ours', Date.now() + 20_000)).toBe('locked');
    const [held] = await book<Person[]>('byUser', { userId: person.userId });
    expect(held!.seenAt).toBeLessThan(ahead);
    // A gateway with a correct clock reports that they are back.
    expect(await here(person)).toEqual([{ userId: person.userId, unionId: person.unionId }]);
  });

  it('skips bindings without a unionId, which would hide all others on their page', async () => {
    const before = await book<Person[]>('people', { size: 500 });
    for (const uuid of ['', 'x'.repeat(200)]) {
      const userId = await alone.nocobase.addUser({ nickname: 'Odd' });
      await alone.nocobase.call('POST', 'usersAuthenticators:create', { authenticator: 'ours', userId, uuid });
      expect(await book('byUser', { userId })).toEqual([]);
    }
    const person = await somebody();
    const after = before.at(-1)!.bindingId;
    expect(await book<Person[]>('people', { size: 500 })).toEqual([...before, person]);
    // A page with nothing else is not the end.
    expect(await book<Person[]>('people', { after, size: 2 })).toEqual([person]);
  });

  it('forgets the people of the old organization if the application changes', async () => {
    const person = await somebody('reporting');
    const seen = { bindingId: person.bindingId, unionId: person.unionId, userid: 'E9', seenAt: Date.now() };
    await book('here', { seen: [seen] }, 'reporting');
    const known = async (): Promise<unknown> => book('byUser', { userId: person.userId }, 'reporting');
    expect(await known()).toMatchObject([{ userid: 'E9' }]);
    const changes = { signInBy: 'gateway', gatewayUrl: gateway.url, leavers: 'lock' };
    await alone.configure('reporting', changes);
    expect(await known()).toMatchObject([{ userid: 'E9' }]);
    await alone.configure('reporting', { ...changes, clientId: 'dinganother', leavers: 'report' });
    expect(await known()).toEqual([person]);
    expect(await book('witnesses', { except: 'nobody', count: 3 }, 'reporting')).toEqual([]);
  });

  it('shows the problems of features in use, and not those of disabled ones', async () => {
    const trouble = (what: string): object => ({ trouble: { what, why: 'no_answer' } });
    await book('state', { state: trouble('stream'), holder: 'a' });
    await book('state', { state: trouble('records'), holder: 'a' });
    const shown = async (): Promise<unknown> => {
      const { authenticators } = await alone.nocobase.call<{
        authenticators: { name: string; troubles: { what: string }[] }[];
      }>('GET', 'dingtalkLeavers:status');
      return authenticators.find(({ name }) => name === 'ours')?.troubles.map(({ what }) => what);
    };
    expect(await shown()).toEqual(['records']);
    const changes = { signInBy: 'gateway', gatewayUrl: gateway.url, leavers: 'lock' };
    await alone.configure('ours', { ...changes, events: 'stream' });
    expect(await shown()).toEqual(expect.arrayContaining(['stream', 'records']));
    // One replica is connected, so the trouble of another does not matter.
    await book('state', { state: { stream: 'connected' }, holder: 'a' });
    await book('state', { state: { stream: 'disconnected' }, holder: 'b' });
    expect(await shown()).toEqual(['records']);
    await alone.configure('ours', changes);
    await book('state', { state: { trouble: { what: 'records', why: 'none' } }, holder: 'a' });
    expect(await shown()).toEqual([]);
  });

  it('locks nobody without evidence, whatever a gateway says', async () => {
    const person = await somebody();
    const call = { authenticator: 'ours', call: 'left', person, origin: 'night' };
    const alone = { code: 60121, userid: 'E1', askedAt: Date.now() };
    expect(await ask({ ...call, evidence: alone })).toMatchObject({ status: 400 });
    expect(await ask({ ...call, evidence: { ...evidence(), code: 50002 } })).toMatchObject({ status: 400 });
    expect(await book('byUser', { userId: person.userId })).toMatchObject([{ lock: 'none', hasLeft: false }]);
  });

  it('locks a person bound by two organizations when the last of them reports it', async () => {
    const person = await somebody();
    const there = await bind(person.userId, 'second');
    expect(await left(person)).toBe('elsewhere');
    expect(await left(there, 'second')).toBe('locked');
    expect(await left(person)).toBe('already_locked');
  });

  it('never locks the first user, or a user with a protected role, even through a department', async () => {
    expect(await left(await bind(1))).toBe('protected');
    const manager = await somebody();
    await alone.nocobase.call('POST', 'departments:create', {
      title: 'Board',
      members: [manager.userId],
      roles: ['admin'],
    });
    expect(await left(manager)).toBe('protected');
    expect(await left(await somebody('reporting'), 'reporting')).toBe('reported');
  });

  it('pauses if too many leave within an hour, until an administrator lets it go on; refuses more than half', async () => {
    const people: Person[] = [];
    for (let number = 0; number < 24; number += 1) people.push(await somebody('second'));
    // One was locked above, and the second binding of that test counts.
    expect(await outcomes(people.slice(0, 9), 'second')).toEqual(Array<string>(9).fill('locked'));
    expect(await outcomes(people.slice(9, 13), 'second')).toEqual(['paused', 'paused', 'refused', 'refused']);
    expect(await alone.nocobase.call('GET', 'dingtalkLeavers:status')).toMatchObject({
      authenticators: expect.arrayContaining([expect.objectContaining({ name: 'second', paused: 4, bound: 25 })]),
    });
    // A user whom an administrator has locked by hand needs no further decision.
    await byHand('lock', people[9]!);
    expect(await held('second')).toBe(3);
    expect(await alone.nocobase.call('POST', 'dingtalkLeavers:goOn', { authenticator: 'second' })).toEqual({
      count: 3,
    });
    expect(await book<object[]>('waiting', { limit: 10 }, 'second')).toEqual(
      expect.arrayContaining(
        people.slice(10, 13).map(({ userId }) => expect.objectContaining({ kind: 'ask', userId }) as unknown),
      ),
    );
    expect(await outcomes(people.slice(9, 13), 'second')).toEqual(['already_locked', 'locked', 'locked', 'refused']);
    expect(await held('second')).toBe(1);
    const { answers } = await alone.nocobase.call<{ answers: object[] }>('POST', 'dingtalkLeavers:ask', {
      userId: people[13]!.userId,
    });
    expect(answers).toMatchObject([{ authenticator: 'second', answer: 'asked' }]);
  });

  it('does not hold people because of someone whose binding was removed, or now belongs to another person', async () => {
    const unbind = async ({ userId }: Person): Promise<unknown> => {
      const filter = JSON.stringify({ authenticator: 'second', userId });
      return alone.nocobase.call('POST', `usersAuthenticators:destroy?filter=${filter}`);
    };
    // From the previous test: twelve were locked within the hour, and one more would be over half of all.
    const [waiting, next] = (await book<Person[]>('people', { size: 100 }, 'second')).filter(
      ({ lock }) => lock === 'none',
    );
    expect([await held('second'), await left(waiting!, 'second')]).toEqual([1, 'refused']);
    await unbind(waiting!);
    const uuid = 'union-of-another';
    await alone.nocobase.call('POST', 'usersAuthenticators:create', {
      authenticator: 'second',
      userId: waiting!.userId,
      uuid,
    });
    expect([await held('second'), await left(next!, 'second'), await held('second')]).toEqual([0, 'refused', 1]);
    await unbind(next!);
    expect(await held('second')).toBe(0);
  });

  it('holds everyone beyond ten in a small company until an administrator decides, however many hours pass', async () => {
    const people: Person[] = [];
    for (let number = 0; number < 14; number += 1) people.push(await somebody('small'));
    const locked = Array<string>(10).fill('locked');
    expect(await outcomes(people, 'small')).toEqual([...locked, ...Array<string>(4).fill('refused')]);
    expect(await held('small')).toBe(4);
    ahead = 2 * 3_600_000;
    await alone.nocobase.moveClock(ahead);
    try {
      const rest = people.slice(10);
      expect(await outcomes(rest, 'small')).toEqual(Array<string>(4).fill('paused'));
      for (const person of rest.slice(1)) await here(person, `E-${person.userId}`, 'small');
      // The only one left is not released by the end of the others' waiting.
      expect([await held('small'), await left(rest[0]!, 'small')]).toEqual([1, 'paused']);
      expect(await alone.nocobase.call('POST', 'dingtalkLeavers:goOn', { authenticator: 'small' })).toEqual({
        count: 1,
      });
      expect([await left(rest[0]!, 'small'), await held('small')]).toEqual(['locked', 0]);
      expect(await left(rest[1]!, 'small')).toBe('locked');
    } finally {
      ahead = 0;
      await alone.nocobase.moveClock(0);
    }
  });
});
