import { DEMO_CLIENT_ID, DEMO_CORP_ID } from '../sandbox/index.js';
import { AloneCase } from './support/alone-case.js';
import { eventually } from './support/eventually.js';
import { answerTo, DEAD, enter, signInByPassword } from './support/person-at-nocobase.js';

const TOKEN = 'eventToken0123456789';
const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';

interface Line {
  readonly userId: number;
  readonly kind: string;
  readonly origin: string;
  readonly authenticator: string | null;
  readonly evidence: { code: number; witness?: object } | null;
}

describe('A NocoBase that runs the leaver watch itself', () => {
  let alone: AloneCase;

  beforeAll(async () => {
    const env = { DINGTALK_EVENT_TOKEN: TOKEN, DINGTALK_EVENT_AES_KEY: AES_KEY };
    alone = await AloneCase.start({ settings: { leavers: 'lock', events: 'stream', identity: 'member' }, env });
    // The others who remain prove that DingTalk shows people to this application at all.
    await enter(alone, 'han-meimei');
  }, 120_000);

  afterAll(async () => alone?.close());

  const at = async (token: string): Promise<string> => answerTo(alone.nocobase, token);
  const list = async (kind: 'locks' | 'reports', userId: number): Promise<Line[]> =>
    (await alone.nocobase.call<{ lines: Line[] }>('GET', `dingtalkLeavers:list?kind=${kind}&search=${userId}`)).lines;
  const kinds = async (userId: number): Promise<string[]> => (await list('reports', userId)).map(({ kind }) => kind);
  const connected = async (): Promise<void> =>
    eventually(() => expect(alone.sandbox.stream.connections()).not.toEqual([]));
  const add = (id: string, mobile: string): void =>
    alone.addPerson({ id, name: id, mobile, stateCode: '86', memberships: [{ corpId: DEMO_CORP_ID }] });

  it('ends a leaver’s session, API key, password and DingTalk sign-in, and lets them in again when they are back', async () => {
    await connected();
    const { userId, session, apiKey, account } = await enter(alone, 'li-lei');
    alone.sandbox.world.staff.leave('li-lei');
    await eventually(async () => expect(await at(session)).toBe('401 BLOCKED_TOKEN'));
    expect(await at(apiKey)).toBe('401 BLOCKED_TOKEN');
    expect(await signInByPassword(alone.nocobase, account)).toMatchObject({ status: 403, cookies: [] });
    const [lock] = await list('locks', userId);
    expect(lock).toMatchObject({ origin: 'ours', source: 'event', evidence: { witness: expect.any(Object) } });
    expect([60121, 33012]).toContain(lock!.evidence!.code);

    // The same human with another userid.
    alone.sandbox.world.staff.join('li-lei');
    await eventually(async () => expect(await at(apiKey)).toBe('200'));
    expect(await at(session)).toMatch(DEAD);
    expect(await alone.signIn('li-lei')).toMatchObject({ status: 200 });
    expect(await kinds(userId)).toEqual(['returned', 'locked']);
  });

  it('leaves locks by hand alone', async () => {
    add('wang', '13800000031');
    const { userId, apiKey } = await enter(alone, 'wang');
    await alone.nocobase.call('POST', 'dingtalkLeavers:lock', { userId });
    alone.sandbox.world.staff.leave('wang');
    alone.sandbox.world.staff.join('wang');
    const asked = await alone.nocobase.call<{ answers: object[] }>('POST', 'dingtalkLeavers:ask', { userId });
    expect(asked.answers).toMatchObject([{ authenticator: 'dingtalk', answer: 'here' }]);
    expect(await at(apiKey)).toBe('401 BLOCKED_TOKEN');
    expect(await list('locks', userId)).toMatchObject([{ origin: 'by_hand' }]);
  });

  it('raises an alarm about a protected account, and does not lock a user again whom an administrator unlocked', async () => {
    add('boss', '13800000032');
    const boss = await enter(alone, 'boss', { roles: ['admin'] });
    alone.sandbox.world.staff.leave('boss');
    await eventually(async () => expect(await kinds(boss.userId)).toEqual(['protected']));
    expect(await at(boss.apiKey)).toBe('200');

    add('consultant', '13800000033');
    const { userId, apiKey } = await enter(alone, 'consultant');
    alone.sandbox.world.staff.leave('consultant');
    await eventually(async () => expect(await at(apiKey)).toBe('401 BLOCKED_TOKEN'));
    await alone.nocobase.call('POST', 'dingtalkLeavers:unlock', { userId });
    const { answers } = await alone.nocobase.call<{ answers: object[] }>('POST', 'dingtalkLeavers:ask', { userId });
    expect(answers).toMatchObject([{ answer: 'reported' }]);
    expect(await at(apiKey)).toBe('200');
  });

  it('receives events by HTTP, and only reports if configured so', async () => {
    add('guest', '13800000034');
    const { userId, apiKey } = await enter(alone, 'guest');
    await alone.configure('dingtalk', { leavers: 'report', events: 'push', identity: 'member' });
    const url = `${alone.nocobase.api}/dingtalk/events/dingtalk`;
    const register = async (): Promise<unknown> =>
      alone.sandbox.push.register({ clientId: DEMO_CLIENT_ID, url, token: TOKEN, aesKey: AES_KEY });
    await eventually(async () => expect(await register()).toBe('success'));
    // An authenticator of the same application, for which DingTalk has only one address.
    await alone.add('branch', { leavers: 'report', events: 'push', identity: 'member' });
    const byBranch = { authenticator: 'branch' };
    await eventually(async () => expect(await alone.signIn('guest', byBranch)).toMatchObject({ status: 200 }));
    const watched = { method: 'POST', body: '{}' };
    await eventually(async () => {
      // Refused rather than unknown: it is watched now.
      expect((await fetch(`${alone.nocobase.api}/dingtalk/events/branch`, watched)).status).toBe(403);
    });
    alone.sandbox.world.staff.leave('guest');
    await eventually(async () => expect(await kinds(userId)).toEqual(['reported', 'reported']));
    const authenticators = (await list('reports', userId)).map(({ authenticator }) => authenticator);
    expect(new Set(authenticators)).toEqual(new Set(['branch', 'dingtalk']));
    expect(await at(apiKey)).toBe('200');
    expect(alone.sandbox.stream.connections()).toEqual([]);
    const status = await alone.nocobase.call<{ authenticators: object[] }>('GET', 'dingtalkLeavers:status');
    const shown = { mode: 'report', events: 'push', stream: 'none', troubles: [] };
    expect(status.authenticators).toMatchObject([shown, shown]);
  });
});
