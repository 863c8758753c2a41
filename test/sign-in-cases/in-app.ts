import { Browser } from '../support/browser.js';
import { outcomeOf, type SignInHost } from '../support/sign-in-host.js';
import { asked, exchanges, signInInApp, underWay, wanting } from './under-way.js';

/** Silent sign-in: a page of the host passes on the code that DingTalk's client returns. */
export function describeInApp(host: () => SignInHost): void {
  const codeOf = (person = 'li-lei'): string => host().sandbox.world.issueInAppCode(person, 'dingcorp1');
  const codesSent = (): number => asked(host(), 'getUserInfo');
  async function opened(browser = new Browser()): Promise<{ browser: Browser; state: string }> {
    return { browser, state: await host().openInApp(browser) };
  }

  it('ends at the wanted page, as the same person as in the browser', async () => {
    const end = await signInInApp(host(), 'li-lei', wanting('/admin/x'));
    expect([outcomeOf(end), end.landing?.pathname]).toEqual(['signed in', '/admin/x']);
    await expect(host().nocobase.whoIs(end.token!, 'dingtalk')).resolves.toMatchObject({ nickname: '李雷' });
    expect([codesSent(), exchanges(host())]).toEqual([1, 0]);
  });

  it.each<[string, object]>([
    ['no code', {}],
    ['an empty code', { code: '' }],
    ['a huge code', { code: 'a'.repeat(513) }],
    ['a code beyond ASCII', { code: '中' }],
    ['a code with a line feed', { code: 'a\nb' }],
  ])('with %s is refused without a call to DingTalk', async (_what, answer) => {
    const { browser, state } = await opened();
    expect(outcomeOf(await host().finishInApp(browser, { state, ...answer }))).toBe('400 invalid_request');
    expect(codesSent()).toBe(0);
  });

  it('by a browser that the page was not served to is refused: nobody can be signed in as someone else', async () => {
    const [mine, other] = [await opened(), await opened()];
    for (const browser of [new Browser(), other.browser]) {
      const refused = await host().finishInApp(browser, { code: codeOf(), state: mine.state });
      expect(outcomeOf(refused)).toBe('400 invalid_state');
    }
    expect(codesSent()).toBe(0);
  });

  it('with the state of a sign-in in the browser is refused, and vice versa', async () => {
    const { browser, state } = await underWay(host());
    expect(outcomeOf(await host().finishInApp(browser, { code: codeOf(), state }))).toBe('400 invalid_state');
    const inApp = await opened(browser);
    expect(outcomeOf(await host().finish(browser, `code=x&state=${inApp.state}`))).toBe('400 invalid_state');
    expect([codesSent(), exchanges(host())]).toEqual([0, 0]);
  });

  it('uses a state up once, however many requests arrive together', async () => {
    const { browser, state } = await opened();
    const ends = await Promise.all(
      Array.from({ length: 8 }, async () => host().finishInApp(browser, { code: codeOf(), state })),
    );
    const expected = ['signed in', ...Array<string>(7).fill('400 invalid_state')];
    expect(ends.map(outcomeOf).toSorted()).toEqual(expected.toSorted());
    expect(codesSent()).toBe(1);
  });

  it('accepts no code of the browser flow, and none twice', async () => {
    const code = codeOf();
    const [first, second, third] = [await opened(), await opened(), await opened()];
    expect(outcomeOf(await host().finishInApp(first.browser, { state: first.state, code }))).toBe('signed in');
    expect(outcomeOf(await host().finishInApp(second.browser, { state: second.state, code }))).toBe(
      '401 invalid_grant',
    );
    const ofBrowser = (await underWay(host())).code;
    const foreign = await host().finishInApp(third.browser, { state: third.state, code: ofBrowser });
    expect(outcomeOf(foreign)).toBe('401 invalid_grant');
  });

  it.each([
    ['an external contact', 'wu-fang', '403 organization_not_allowed'],
    ['a member whose account is not active', 'sun-yang', '403 organization_not_allowed'],
    ['a member without a number', 'zhao-min', '403 phone_missing'],
  ])('applies the same rules as the browser flow: %s', async (_what, person, expected) => {
    expect(outcomeOf(await signInInApp(host(), person))).toBe(expected);
  });

  const platform = (errcode: number) => ({ status: 200, body: { errcode, errmsg: 'CANARY' } });
  const gateway = (sub: string) => ({ status: 200, body: { errcode: 88, errmsg: `subcode=${sub}`, sub_code: sub } });
  it.each([
    ['40078', platform(40078), '401 invalid_grant'],
    ['40079', platform(40079), '500 misconfigured'],
    ['60011', gateway('60011'), '500 misconfigured'],
    ['60020', gateway('60020'), '500 misconfigured'],
    ['50002', platform(50002), '500 misconfigured'],
    ['88/90018', gateway('90018'), '503 temporarily_unavailable'],
  ] as const)('reports what %s means, and is sent once', async (_what, failure, expected) => {
    host().sandbox.failures.set('getUserInfo', failure);
    const end = await signInInApp(host());
    expect(outcomeOf(end)).toBe(expected);
    expect(end.everything).not.toContain('CANARY');
    expect(codesSent()).toBe(1);
  });
}
