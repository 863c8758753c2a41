import { Browser } from '../support/browser.js';
import { HOSTILE_RETURN_PATHS, PATHS_TO_ELSEWHERE } from '../support/hostile-return-paths.js';
import type { SignInHost } from '../support/sign-in-host.js';
import { signIn, signInInApp, underWay, wanting } from './under-way.js';

const WAYS = [
  ['through DingTalk’s pages', signIn],
  ['inside DingTalk’s client', signInInApp],
] as const;

/** Where a sign-in ends, whatever the link says that started it. */
export function describeReturnPaths(host: () => SignInHost): void {
  describe.each(WAYS)('%s', (_way, ended) => {
    it.each(PATHS_TO_ELSEWHERE)('never leaves NocoBase: %j', async (redirect) => {
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
