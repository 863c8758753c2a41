import { Browser } from '../support/browser.js';
import { outcomeOf, type SignInHost } from '../support/sign-in-host.js';
import { exchanges, expectSignedIn, underWay, wanting } from './under-way.js';

/** What ties a sign-in to a browser. @param canMoveClock false for a separate process, whose clock a test cannot change */
export function describeCookies(host: () => SignInHost, canMoveClock: boolean): void {
  it('that was issued for another authenticator is refused at this one', async () => {
    const own = await underWay(host());
    const other = await host().other();
    expect(outcomeOf(await other.finish(own.browser, own.answer))).toBe('400 invalid_state');
    expect(exchanges(host())).toBe(0);
  });

  if (canMoveClock) {
    it("expires by the server's clock", async () => {
      const begun = async () => {
        const browser = new Browser();
        return { browser, location: await host().start(browser) };
      };
      // DingTalk's code has a lifetime of its own, which is shorter.
      const finished = async ({ browser, location }: Awaited<ReturnType<typeof begun>>): Promise<string> => {
        const answer = new URL(await host().sandbox.approve(location, 'li-lei')).search.slice(1);
        return outcomeOf(await host().finish(browser, answer));
      };
      const [late, inTime] = [await begun(), await begun()];
      expect(await host().later(590_000, async () => finished(inTime))).toBe('signed in');
      expect(await host().later(602_000, async () => finished(late))).toBe('400 invalid_state');
      expect(exchanges(host())).toBe(1);
    });
  }

  it('that was changed anywhere is refused', async () => {
    const own = await underWay(host());
    const [[name, value]] = [...own.browser.cookies] as [[string, string]];
    const parts = value.split('.');
    const forged = [
      ...parts.map((_, index) => parts.map((part, at) => (at === index ? flipped(part) : part)).join('.')),
      '',
      '.',
      '....',
      value.slice(0, -1),
      `${value}A`,
      parts.slice(0, 4).join('.'),
      `${b64({ alg: 'none' })}.${b64({ exp: 9e9 })}.`,
      `${b64({ alg: 'dir', enc: 'A256GCM' })}....`,
    ];
    for (const text of forged) {
      const thief = new Browser();
      thief.cookies.set(name, text);
      expect([text, outcomeOf(await host().finish(thief, own.answer))]).toEqual([text, '400 invalid_state']);
    }
    expect(exchanges(host())).toBe(0);
    await expectSignedIn(host(), own);
  });

  it('that belongs to another sign-in of the same browser is refused', async () => {
    const browser = new Browser();
    const one = await underWay(host(), { browser });
    const [name] = [...browser.cookies.keys()];
    await underWay(host(), { browser });
    const [, [, other]] = [...browser.cookies] as [unknown, [string, string]];
    browser.cookies.set(name!, other);
    expect(outcomeOf(await host().finish(browser, one.answer))).toBe('400 invalid_state');
    expect(exchanges(host())).toBe(0);
  });

  it('lets several tabs finish, in any order', async () => {
    const browser = new Browser();
    const tabs: string[] = [];
    for (const path of ['/admin/a', '/admin/b', '/admin/c']) {
      tabs.push((await underWay(host(), { browser, query: wanting(path) })).answer);
    }
    for (const [index, path] of [
      [2, '/admin/c'],
      [0, '/admin/a'],
      [1, '/admin/b'],
    ] as const) {
      expect((await host().finish(browser, tabs[index]!)).landing?.pathname).toBe(path);
    }
    expect([...browser.cookies.keys()].filter((name) => name.startsWith('sign-in-'))).toEqual([]);
  });

  it('stays small, with any number of starts and any length of the wanted page', async () => {
    const browser = new Browser();
    for (let round = 0; round < 8; round += 1) await host().start(browser, wanting(`/${'a'.repeat(1023)}`));
    expect(browser.cookies.size).toBe(4);
    for (const [name, value] of browser.cookies) expect(name.length + value.length).toBeLessThan(4000);
  });

  it('stays small if the wanted page has a Chinese address', async () => {
    // Browsers drop a cookie of more than 4096 bytes without a word: https://www.rfc-editor.org/rfc/rfc6265bis 5.7
    const browser = new Browser();
    await host().start(browser, wanting(`/admin/${'中'.repeat(600)}`));
    expect(browser.cookies.size).toBe(1);
    for (const [name, value] of browser.cookies) expect(name.length + value.length).toBeLessThan(4096);
  });

  it('is limited to this host, this site and HTTP, and sealed', async () => {
    const attributes = 'Max-Age=600; Path=/; HttpOnly; ';
    const overTls = new RegExp(`^__Host-sign-in-[\\w-]{16}=[\\w.-]+; ${attributes}Secure; SameSite=Lax$`);
    expect(await host().cookiesAt('https://sso.example.com')).toEqual([expect.stringMatching(overTls)]);

    const browser = new Browser();
    const start = await browser.get(host().startUrl);
    const [line = ''] = start.headers.getSetCookie();
    expect(line).toMatch(new RegExp(`^sign-in-[\\w-]{16}=[\\w.-]+; ${attributes}SameSite=Lax$`));
    expect(line).not.toContain(new URL(start.location).searchParams.get('state'));
    expect(Buffer.from(line.split('.')[3]!, 'base64url').toString('latin1')).not.toContain('admin');
  });

  it('with odd names does not break the start', async () => {
    const cookie = Array.from({ length: 6 }, (_, index) => `sign-in-\u00e9${index}=1`).join('; ');
    const { status } = await fetch(host().startUrl, { headers: { cookie }, redirect: 'manual' });
    expect(status).toBe(302);
  });
}

const b64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Another text of the same length. */
function flipped(text: string): string {
  const middle = Math.floor(text.length / 2);
  if (text === '') return 'AAAA';
  return text.slice(0, middle) + (text[middle] === 'A' ? 'B' : 'A') + text.slice(middle + 1);
}
