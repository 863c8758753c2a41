import { Browser } from '../support/browser.js';
import { type End, outcomeOf, type SignInHost } from '../support/sign-in-host.js';
import { exchanges, expectSignedIn, underWay, wanting } from './under-way.js';

/** No ordinary answer contains it: if it turns up, something was echoed. */
const CANARY = 'canary7f3a';

/** Whose answer it is, and how often it counts. */
export function describeAnswers(host: () => SignInHost): void {
  const sessions = async (): Promise<number> => (await host().nocobase.list('issuedTokens', {}, 'id')).length;

  describe('with a wrong state', () => {
    it.each<[string, string, (own: string) => string]>([
      ['none', 'invalid_state', () => ''],
      ['an empty one', 'invalid_state', () => 'state='],
      ['a short one', 'invalid_state', (own) => `state=${own.slice(1)}`],
      ['a long one', 'invalid_state', (own) => `state=${own}A`],
      ['a foreign one', 'invalid_state', () => `state=${'A'.repeat(43)}`],
      ['one with a blank', 'invalid_state', (own) => `state=${own}%20`],
      ['one with a null character', 'invalid_state', (own) => `state=${own}%00`],
      ['one with a line feed', 'invalid_state', (own) => `state=${own}%0a`],
      ['a list of the same', 'invalid_request', (own) => `state=${own}&state=${own}`],
      ['a list with a foreign one', 'invalid_request', (own) => `state=${'A'.repeat(43)}&state=${own}`],
      ['a list by brackets', 'invalid_state', (own) => `state[]=${own}`],
      ['an object', 'invalid_state', (own) => `state[value]=${own}`],
      ['another name', 'invalid_state', (own) => `State=${own}`],
      ['10 kB', 'invalid_state', () => `state=${'x'.repeat(10_000)}`],
      ['markup', 'invalid_state', () => `state=%3Cscript%3E${CANARY}%3C/script%3E`],
      ['a prototype', 'invalid_state', () => `__proto__[state]=x&constructor=x&__proto__=x`],
    ])('%s is refused without a call to DingTalk, and the correct one still works', async (_name, error, query) => {
      const own = await underWay(host());

      const refused = await host().finish(own.browser, `code=${own.code}&${query(own.state)}`);

      expect(outcomeOf(refused)).toBe(`400 ${error}`);
      expect(refused.everything).not.toContain(CANARY);
      expect(exchanges(host())).toBe(0);
      await expectSignedIn(host(), own);
    });

    it('in another browser is refused, and its owner can still finish', async () => {
      const own = await underWay(host());
      expect(outcomeOf(await host().finish(new Browser(), own.answer))).toBe('400 invalid_state');
      expect(exchanges(host())).toBe(0);
      await expectSignedIn(host(), own);
    });

    it("of an attacker's own sign-in does not finish another person's", async () => {
      const [victim, attacker] = [await underWay(host()), await underWay(host())];
      expect(outcomeOf(await host().finish(victim.browser, attacker.answer))).toBe('400 invalid_state');
      await expectSignedIn(host(), victim);
    });

    it('after success is refused, even for a browser that kept its cookie', async () => {
      const { browser, answer } = await underWay(host(), { query: wanting('/admin/orders') });
      const kept = new Map(browser.cookies);
      expect(outcomeOf(await host().finish(browser, answer))).toBe('signed in');
      const before = await sessions();

      const refreshed = await host().finish(browser, answer);
      for (const [name, value] of kept) browser.cookies.set(name, value);
      const replayed = await host().finish(browser, answer);

      expect([refreshed, replayed].map(outcomeOf)).toEqual(['400 invalid_state', '400 invalid_state']);
      expect(replayed.wanted).toBe('/admin/orders');
      expect(exchanges(host())).toBe(1);
      expect(await sessions()).toBe(before);
    });

    it('is used up by a denial, and the wanted page is kept', async () => {
      const browser = new Browser();
      const denied = new URL(await host().sandbox.deny(await host().start(browser, wanting('/admin/x?y=1'))));
      const answer = denied.search.slice(1);
      const refused = await host().finish(browser, answer);
      expect([outcomeOf(refused), refused.wanted]).toEqual(['403 access_denied', '/admin/x?y=1']);
      expect(outcomeOf(await host().finish(browser, answer))).toBe('400 invalid_state');
      expect(exchanges(host())).toBe(0);
    });
  });

  describe('with a wrong code', () => {
    it.each<[string, (own: string) => string]>([
      ['none', () => ''],
      ['an empty one', () => 'code=&authCode='],
      ['a list', (own) => `code=${own}&code=${own}`],
      ['a list by brackets', (own) => `code[]=${own}`],
      ['two different ones', (own) => `code=${own}&authCode=x${own}`],
      ['3 kB', () => `code=${'x'.repeat(3000)}`],
      ['a line feed', (own) => `code=${own}%0d%0aX-Injected:%201`],
      ['a null character', (own) => `code=${own}%00`],
      ['a blank', (own) => `code=${own}+${own}`],
      ['letters beyond ASCII', () => 'code=%E4%B8%AD'],
    ])('%s is refused without a call to DingTalk', async (_name, query) => {
      const { browser, state, code } = await underWay(host());
      const refused = await host().finish(browser, `state=${state}&${query(code)}`);
      expect(outcomeOf(refused)).toBe('400 invalid_request');
      expect(exchanges(host())).toBe(0);
    });

    it('of 10 kB is refused, whether the host reads all of it or nothing', async () => {
      const { browser, state } = await underWay(host());
      const refused = await host().finish(browser, `state=${state}&code=${'x'.repeat(10_000)}`);
      expect(outcomeOf(refused)).toMatch(/^400 invalid_(?:request|state)$/);
      expect(exchanges(host())).toBe(0);
    });

    it.each<[string, (code: string) => string]>([
      ['code', (code) => `code=${code}`],
      ['authCode', (code) => `authCode=${code}`],
      ['code beside an empty authCode', (code) => `code=${code}&authCode=`],
      ['code beside parameters of no concern', (code) => `code=${code}&x=1&x=2&${CANARY}=1`],
    ])('is not the same as %s alone', async (_name, query) => {
      const { browser, state, code } = await underWay(host());
      await expectSignedIn(host(), { browser, state, code, answer: `state=${state}&${query(code)}` });
    });

    it('if it is an error, takes precedence over a code beside it', async () => {
      const { browser, state, code } = await underWay(host());
      const denied = await host().finish(browser, `state=${state}&code=${code}&error=%3Cb%3E${CANARY}`);
      expect(outcomeOf(denied)).toBe('403 access_denied');
      expect(denied.everything).not.toContain(CANARY);
      expect(exchanges(host())).toBe(0);
    });

    it.each([
      ['is unknown', (code: string) => `${code}0`, 0],
      ['is too old', (code: string) => code, 3_600_000],
    ])('that %s is reported as such, and sent once', async (_name, change, laterMs) => {
      const { browser, state, code } = await underWay(host());
      host().sandbox.clock.advance(laterMs);
      const refused = await host().finish(browser, `state=${state}&code=${change(code)}`);
      expect(outcomeOf(refused)).toBe('401 invalid_grant');
      expect(exchanges(host())).toBe(1);
      expect(host().asked()).toEqual([]);
    });
  });

  it('twenty times at once causes one exchange and one session', async () => {
    const { browser, answer } = await underWay(host());
    const before = await sessions();

    const ends = await Promise.all(
      Array.from({ length: 20 }, async (): Promise<End> => {
        const tab = new Browser();
        for (const [name, value] of browser.cookies) tab.cookies.set(name, value);
        return host().finish(tab, answer);
      }),
    );

    const expected = ['signed in', ...Array<string>(19).fill('400 invalid_state')];
    expect(ends.map(outcomeOf).toSorted()).toEqual(expected.toSorted());
    expect(exchanges(host())).toBe(1);
    expect(await sessions()).toBe(before + 1);
  });
}
