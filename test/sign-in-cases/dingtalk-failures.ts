import type { Failure, Operation } from '../../sandbox/index.js';
import { outcomeOf, type SignInHost } from '../support/sign-in-host.js';
import { asked, exchanges, signIn } from './under-way.js';
import { SESSION_TOKEN } from '../support/session-token.js';

const BROKEN = '502 upstream_failed';
const AWAY = '503 temporarily_unavailable';
const MISCONFIGURED = '500 misconfigured';

/** How often a read may be sent for one sign-in. */
const MAX_READS = 3;

/** Every way in which DingTalk can fail. */
export function describeDingTalkFailures(host: () => SignInHost): void {
  let last = 0;
  const newPerson = (): { id: string; mobile: string } => {
    last += 1;
    const [id, mobile] = [`newcomer-${last}`, String(13_600_000_000 + last)];
    const memberships = [{ corpId: 'dingcorp1' }];
    host().sandbox.world.addPerson({ id, name: 'Newcomer', mobile, stateCode: '86', memberships });
    return { id, mobile };
  };
  const answer = (body: unknown, status = 200): Failure => ({ status, body });

  describe.each<Operation>(['userAccessToken', 'currentUser'])('on %s', (operation) => {
    it.each<[string, Failure, string]>([
      ['qps', 'qps', AWAY],
      ['ip-not-whitelisted', 'ip-not-whitelisted', MISCONFIGURED],
      ['permission-denied', 'permission-denied', MISCONFIGURED],
      ['invalid-token', 'invalid-token', BROKEN],
      ['timeout-504', 'timeout-504', BROKEN],
      ['busy', 'busy', BROKEN],
      ['html-ban', 'html-ban', BROKEN],
      ['ban-json', 'ban-json', BROKEN],
      ['gzip-bomb', 'gzip-bomb', BROKEN],
      ['redirect', 'redirect', BROKEN],
      ['drop', 'drop', AWAY],
      ['drop-after-burn', 'drop-after-burn', AWAY],
      ['truncated-json', 'truncated-json', BROKEN],
      ['wrong-content-type', 'wrong-content-type', BROKEN],
      ['huge-body', 'huge-body', BROKEN],
      ['an empty object', answer({}), BROKEN],
      ['null', answer(null), BROKEN],
      ['a list', answer([]), BROKEN],
      ['an empty body', answer(''), BROKEN],
      ['a number as its code', answer({ code: 40_078, message: 'x' }, 400), BROKEN],
      ['null for everything', answer({ accessToken: null, unionId: null }), BROKEN],
      ['numbers for everything', answer({ accessToken: 1, unionId: 1 }), BROKEN],
      ['blanks for everything', answer({ accessToken: '', unionId: '  ' }), BROKEN],
    ])('%s: the right error, the code sent once, no call to NocoBase', async (_name, failure, expected) => {
      const { id, mobile } = newPerson();
      host().sandbox.failures.set(operation, failure);

      const failed = await signIn(host(), id);

      expect(outcomeOf(failed)).toBe(expected);
      expect(failed.everything).not.toMatch(SESSION_TOKEN);
      expect(exchanges(host())).toBe(1);
      // It is a read, which may be retried.
      expect(asked(host(), 'currentUser') > 0).toBe(operation === 'currentUser');
      expect(asked(host(), 'currentUser')).toBeLessThanOrEqual(MAX_READS);
      expect(asked(host(), 'redirectTarget') + asked(host(), 'unknown')).toBe(0);
      expect(host().asked()).toEqual([]);
      expect(await host().nocobase.userByPhone(mobile)).toEqual([]);

      host().sandbox.failures.clear();
      const healed = await signIn(host(), id);
      expect(outcomeOf(healed)).toBe('signed in');
      const { id: userId } = await host().nocobase.whoIs(healed.token!, 'dingtalk');
      expect(await host().nocobase.userByPhone(mobile)).toEqual([expect.objectContaining({ id: userId })]);
    });

    it.each<Failure>(['proto-keys', 'string-code'])('%s: harmless', async (failure) => {
      host().sandbox.failures.set(operation, failure);
      expect(outcomeOf(await signIn(host(), newPerson().id))).toBe('signed in');
    });
  });

  it('retries who the person is after a refusal for too many calls, and sends the code once', async () => {
    host().sandbox.failures.set('currentUser', 'qps', { times: 1 });
    expect(outcomeOf(await signIn(host(), newPerson().id))).toBe('signed in');
    expect([exchanges(host()), asked(host(), 'currentUser')]).toEqual([1, 2]);
  });

  it('ignores the error code of an answer whose status says that DingTalk is failing, and retries', async () => {
    const trouble = answer({ code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied', message: 'x' }, 503);
    host().sandbox.failures.set('currentUser', trouble, { times: 1 });
    expect(outcomeOf(await signIn(host(), newPerson().id))).toBe('signed in');
    expect(asked(host(), 'currentUser')).toBe(2);
  });

  it.each([
    ['an organization that is not allowed', { accessToken: 'x', corpId: 'dingcorp2' }],
    ['no organization', { accessToken: 'x' }],
  ])('refuses a person who comes with %s', async (_name, body) => {
    host().sandbox.failures.set('userAccessToken', answer(body));
    host().sandbox.failures.set('currentUser', answer({ unionId: 'u', mobile: '13600099999', stateCode: '86' }));
    expect(outcomeOf(await signIn(host()))).toBe('403 organization_not_allowed');
    expect(host().asked()).toEqual([]);
  });

  // The last one lacks its area code: libraries accept it as a possible number.
  it.each(['', '   ', '0', '+', '155****3240', '*', '%', '138 0', '１３９００００００００', '1380000'])(
    'looks nobody up by %p as a phone number',
    async (mobile) => {
      const users = async (): Promise<number> => (await host().nocobase.list('users', {}, 'id')).length;
      const before = await users();
      host().sandbox.failures.set('currentUser', answer({ unionId: `nobody-${mobile}`, mobile, stateCode: '86' }));
      expect(outcomeOf(await signIn(host()))).toBe('403 phone_missing');
      expect(
        host()
          .asked()
          .filter((call) => !call.startsWith('GET usersAuthenticators:')),
      ).toEqual([]);
      expect(await users()).toBe(before);
    },
  );
}
