import { AloneCase } from './support/alone-case.js';
import { answerTo, DEAD, enter, signInByPassword } from './support/person-at-nocobase.js';

describe('A locked account, in a real NocoBase', () => {
  let alone: AloneCase;

  beforeAll(async () => {
    alone = await AloneCase.start();
  }, 120_000);

  afterAll(async () => alone?.close());

  const at = async (token: string): Promise<string> => answerTo(alone.nocobase, token);
  const act = async <T>(action: string, body: object): Promise<T> =>
    alone.nocobase.call<T>('POST', `dingtalkLeavers:${action}`, body);

  it('loses session, API key, password and DingTalk sign-in immediately, and all but old sessions work again afterwards', async () => {
    const { userId, session, apiKey, account } = await enter(alone, 'li-lei');
    expect(await Promise.all([session, apiKey].map(at))).toEqual(['200', '200']);
    expect(await act('lock', { userId })).toEqual({ outcome: 'locked' });
    expect(await Promise.all([session, apiKey].map(at))).toEqual(['401 BLOCKED_TOKEN', '401 BLOCKED_TOKEN']);
    const sessions = async (): Promise<object[]> => alone.nocobase.list('issuedTokens', { userId }, 'id');
    const before = await sessions();
    const refused = await signInByPassword(alone.nocobase, account);
    expect(refused).toMatchObject({
      status: 403,
      said: expect.stringMatching(/^account_locked: Your account is locked/),
    });
    expect(refused.cookies).toEqual([]);
    expect([before.length > 0, await sessions()]).toEqual([true, before]);
    const byDingTalk = await alone.signIn('li-lei');
    expect(byDingTalk).toMatchObject({ status: 403, code: 'account_locked' });
    expect(await act('lock', { userId })).toEqual({ outcome: 'already' });
    expect(await act('unlock', { userId })).toEqual({ outcome: 'unlocked' });
    expect(await act('unlock', { userId })).toEqual({ outcome: 'was_not_locked' });
    expect(await Promise.all([session, apiKey].map(at))).toEqual([expect.stringMatching(DEAD), '200']);
    const { token } = await signInByPassword(alone.nocobase, account);
    expect(await at(token!)).toBe('200');
    expect(await alone.signIn('li-lei')).toMatchObject({ status: 200 });
  });

  it('is not linked to the new owner of its number', async () => {
    const { mobile } = alone.sandbox.world.person('li-lei');
    const [{ id: bound }] = (await alone.nocobase.list('users', { username: 'li-lei' }, 'id')) as [{ id: number }];
    await alone.nocobase.call('POST', `users:update?filterByTk=${bound}`, { phone: null });
    const before = await alone.nocobase.call<{ id: number }>('POST', 'users:create', {
      nickname: 'Before',
      phone: mobile,
    });
    const bindings = async (userId: number): Promise<readonly object[]> =>
      alone.nocobase.list('usersAuthenticators', { userId }, 'userId');
    await alone.nocobase.call('POST', `usersAuthenticators:destroy?filter=${JSON.stringify({ userId: bound })}`);
    await act('lock', { userId: before.id });
    expect(await alone.signIn('li-lei')).toMatchObject({ status: 403, code: 'account_locked' });
    expect(await bindings(before.id)).toEqual([]);
    await act('unlock', { userId: before.id });
    expect(await alone.signIn('li-lei')).toMatchObject({ status: 200 });
    expect(await bindings(before.id)).toHaveLength(1);
  });

  const refusal = async (action: string, body: object, token = alone.nocobase.apiKey): Promise<string> => {
    const response = await fetch(`${alone.nocobase.api}/${action}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { errors } = (await response.json()) as { errors?: { code?: string; message: string }[] };
    return `${response.status} ${errors?.[0]?.code ?? errors?.[0]?.message ?? ''}`;
  };

  it('is never that of the first user, or of an unknown one', async () => {
    expect(await refusal('dingtalkLeavers:lock', { userId: 1 })).toBe('403 leavers_first_user');
    expect(await refusal('dingtalkLeavers:lock', { userId: 4711 })).toBe('404 leavers_no_user');
    expect(await refusal('dingtalkLeavers:lock', { userId: '1' })).toBe('400 invalid_request');
  });

  it('can be seen only by administrators who configure authenticators, and changed only on the page', async () => {
    const { userId, session } = await enter(alone, 'han-meimei');
    expect(await refusal('dingtalkLeavers:lock', { userId }, session)).toMatch(/^403 /);
    expect(await refusal('dingtalkLocks:list', {}, session)).toMatch(/^403 /);
    await act('lock', { userId });
    const mine = (await alone.nocobase.list('dingtalkLocks', { userId }, 'id,userId,origin,undoneAt', 'user')) as {
      id: number;
      user: { nickname: string };
    }[];
    expect(mine).toMatchObject([{ userId, origin: 'by_hand', undoneAt: null, user: { nickname: 'han-meimei' } }]);
    const { id } = mine[0]!;
    const changes = { undoneAt: new Date().toISOString() };
    expect(await refusal(`dingtalkLocks:update?filterByTk=${id}`, changes)).toMatch(/^403 /);
    expect(await refusal(`dingtalkLocks:destroy?filterByTk=${id}`, {})).toMatch(/^403 /);
    expect(await refusal('dingtalkLocks:create', { userId: 1, origin: 'by_hand' })).toMatch(/^403 /);
    expect(await at(session)).toBe('401 BLOCKED_TOKEN');
    const { lines, total } = await alone.nocobase.call<{ lines: object[]; total: number }>(
      'GET',
      'dingtalkLeavers:list?kind=locks&search=meimei',
    );
    expect({ lines, total }).toMatchObject({
      total: 1,
      lines: [{ userId, nickname: 'han-meimei', origin: 'by_hand', byUserId: 1, evidence: null }],
    });
    const reports = await alone.nocobase.call<{ lines: object[] }>(
      'GET',
      `dingtalkLeavers:list?kind=reports&search=${userId}`,
    );
    expect(reports.lines).toMatchObject([{ userId, kind: 'locked_by_hand', byUserId: 1 }]);
    const status = await alone.nocobase.call<object>('GET', 'dingtalkLeavers:status');
    expect(status).toMatchObject({
      locked: 1,
      authenticators: [{ name: 'dingtalk', mode: 'report', events: 'off', by: 'nocobase', bound: 2, paused: 0 }],
    });
  });

  it('loses its records with its user, and workflows see the collection', async () => {
    const [{ id }] = (await alone.nocobase.list('users', { username: 'han-meimei' }, 'id')) as [{ id: number }];
    await alone.nocobase.call('POST', `users:destroy?filterByTk=${id}`);
    expect(await alone.nocobase.list('dingtalkLocks', { userId: id }, 'id')).toEqual([]);
    const shown = await alone.nocobase.list('collections', { name: 'dingtalkLocks' }, 'name');
    expect(shown).toMatchObject([{ name: 'dingtalkLocks' }]);
  });
});
