import { Browser } from '../support/browser.js';
import { HOSTILE_RETURN_PATHS } from '../support/hostile-return-paths.js';
import type { SignInHost } from '../support/sign-in-host.js';
import { signIn, signInInApp, underWay, wanting } from './under-way.js';

const NASTY = [
  ['https://evil.example/', '//evil.example', '///evil.example', '/\\evil.example', '\\\\evil.example'],
  ['/\t/evil.example', '/\r\n/evil.example', '\u0000//evil.example', ' //evil.example', '/%09/evil.example'],
  ['/%2fevil.example', '/%5cevil.example', '/%252fevil.example', '/..//evil.example', '/.//evil.example'],
  ['/../../evil.example', '/%2e%2e/%2e%2e/evil.example', '/admin/..%2f..%2fevil.example', '/..;/evil.example'],
  ['@evil.example', '.evil.example', ':80@evil.example', '/@evil.example', 'javascript:alert(1)//'],
  ['/\u2025/evil.example', '/\uff0fevil.example', '/\u202eevil.example', '/\u3002/evil.example'],
  ['?redirect=//evil.example', '#//evil.example', '', '/', '/signin', '/v/signin?redirect=//evil.example'],
  ['/admin?next=//evil.example#//evil.example', 'https:evil.example', 'http:///evil.example', '/;@evil.example'],
].flat();

const WAYS = [
  ['through DingTalk’s pages', signIn],
  ['inside DingTalk’s client', signInInApp],
] as const;

/** Where a sign-in ends, whatever the link says that started it. */
export function describeReturnPaths(host: () => SignInHost): void {
  describe.each(WAYS)('%s', (_way, ended) => {
    it.each(NASTY)('never leaves NocoBase: %j', async (redirect) => {
      const { landing } = await ended(host(), 'li-lei', wanting(redirect));
      const { origin, pathname, username, password, href } = landing!;
      expect([origin, username + password]).toEqual([host().nocobase.url, '']);
      expect(href).toMatch(/^[\x21-\x7e]+$/);
      expect(pathname).not.toMatch(/\/\/|\\|%2f|%5c|%2e/i);
    });

    it.each(HOSTILE_RETURN_PATHS)('ends at the default page instead of something else: %s', async (redirect) => {
      expect((await ended(host(), 'li-lei', wanting(redirect))).landing?.pathname).toBe('/admin');
    });

    it('ends at the wanted page', async () => {
      for (const path of ['/v/admin/x/filterbytk/a:b', '/public-forms/x', '/admin/%E8%AE%A2%E5%8D%95?a=1#b']) {
        const { pathname, search, hash } = (await ended(host(), 'li-lei', wanting(path))).landing!;
        expect(pathname + search + hash).toBe(path);
      }
    });
  });

  it('can be no list and no object', async () => {
    for (const query of ['redirect=/admin/a&redirect=/admin/b', 'redirect[]=/admin/a', 'redirect[x]=/admin/a']) {
      expect((await signIn(host(), 'li-lei', query)).landing?.pathname).toBe('/admin');
    }
  });

  it('is not offered again if it is no page', async () => {
    const browser = new Browser();
    const denied = await host().sandbox.deny(await host().start(browser, wanting('/api/users:destroy')));
    const refused = await host().finish(browser, new URL(denied).search.slice(1));
    expect(refused.wanted).toBe('/admin');
    expect(refused.everything).not.toMatch(/users(?::|%3A|&#58;)destroy/i);
    const { state, browser: other } = await underWay(host(), { query: wanting('/api/users:destroy') });
    expect((await host().finish(other, `state=${state}`)).everything).not.toContain('destroy');
  });
}
