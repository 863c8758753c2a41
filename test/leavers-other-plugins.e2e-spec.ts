import { installPlugin } from '../real-nocobase/launch.mjs';
import { AloneCase } from './support/alone-case.js';
import { eventually } from './support/eventually.js';
import { fixturePlugin } from './support/fixture-plugins.js';
import { answerTo, enter, type PersonAtNocoBase } from './support/person-at-nocobase.js';

describe('A locked account, and other plugins', () => {
  let alone: AloneCase;
  let person: PersonAtNocoBase;

  beforeAll(async () => {
    alone = await AloneCase.start({ ownProcess: true });
    await installPlugin(alone.nocobase, fixturePlugin('other-sign-ins'));
    await installPlugin(alone.nocobase, fixturePlugin('lock-listener'));
    for (const authType of ['Redirecting', 'SelfSigned']) {
      await alone.add(authType.toLowerCase(), {}, { authType, options: {} });
    }
    person = await enter(alone, 'li-lei');
  }, 240_000);

  afterAll(async () => alone?.close());

  const act = async (action: string): Promise<object> =>
    alone.nocobase.call('POST', `dingtalkLeavers:${action}`, { userId: person.userId });
  const sessions = async (): Promise<readonly object[]> =>
    alone.nocobase.list('issuedTokens', { userId: person.userId }, 'id');

  /** The parameters of the address to which the browser is redirected, and its session cookies. */
  async function redirected(language: string): Promise<{ token?: string; error?: string; cookies: readonly string[] }> {
    const query = new URLSearchParams({ authenticator: 'redirecting', username: person.account.account });
    const response = await fetch(`${alone.nocobase.api}/otherSignIns:service?${query.toString()}`, {
      redirect: 'manual',
      headers: { 'x-locale': language },
    });
    const { searchParams } = new URL(response.headers.get('location')!, alone.nocobase.url);
    const cookies = response.headers.getSetCookie().filter((line) => /authToken|csrfToken/i.test(line));
    return { ...Object.fromEntries(searchParams), cookies };
  }

  async function selfSigned(): Promise<{ status: number; cookies: readonly string[]; body: object }> {
    const response = await fetch(`${alone.nocobase.api}/auth:signIn?username=${person.account.account}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-authenticator': 'selfsigned' },
      body: '{}',
    });
    return {
      status: response.status,
      cookies: response.headers.getSetCookie(),
      body: (await response.json()) as object,
    };
  }

  it('gets no session if another authenticator redirects with a token: the sign-in page gives the reason, in the right language', async () => {
    const { token: before } = await redirected('en-US');
    expect(await answerTo(alone.nocobase, before!)).toBe('200');
    await act('lock');
    const noted = await sessions();
    const nothing = { authenticator: 'redirecting', cookies: [] };
    expect(await redirected('en-US')).toEqual({ ...nothing, error: expect.stringMatching(/^Your account is locked/) });
    expect(await redirected('zh-CN')).toEqual({ ...nothing, error: expect.stringMatching(/^您的账号已锁定/) });
    expect([noted.length > 0, await sessions()]).toEqual([true, noted]);
    await act('unlock');
    const { token: after } = await redirected('en-US');
    expect(await answerTo(alone.nocobase, after!)).toBe('200');
  });

  it('is refused if another authenticator signs its own tokens: the token is revoked', async () => {
    expect(await selfSigned()).toMatchObject({
      status: 200,
      cookies: [expect.stringMatching(/^self-signed-session=/)],
    });
    await act('lock');
    const { status, cookies, body } = await selfSigned();
    expect({ status, cookies, body }).toEqual({
      status: 403,
      cookies: [],
      body: { errors: [{ code: 'account_locked', message: expect.stringMatching(/^Your account is locked/) }] },
    });
    await act('unlock');
  });

  it('is announced to workflows, and so is the end of its lock', async () => {
    const heard = async (): Promise<object[]> => alone.nocobase.call('GET', 'lockListener:list');
    const before = (await heard()).length;
    await act('lock');
    await act('unlock');
    const lock = { userId: person.userId, origin: 'by_hand' };
    await eventually(async () =>
      expect((await heard()).slice(before)).toEqual([
        { what: 'added', ...lock, isUndone: false },
        { what: 'updated', ...lock, isUndone: true },
      ]),
    );
  });
});
