import { Browser } from '../support/browser.js';
import { rawRequest } from '../support/raw-request.js';
import type { SignInHost } from '../support/sign-in-host.js';
import { exchanges, expectSignedIn, underWay } from './under-way.js';

/** The headers of every page and redirect, and what starts no sign-in. */
export function describePages(host: () => SignInHost): void {
  const always = {
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-powered-by': undefined,
    server: undefined,
  };

  it('is not cached, has a fixed type, and runs only its own script', async () => {
    for (const { what, url, status, headers } of host().shown) {
      const answer = await rawRequest(url, { headers: { accept: 'text/html', ...headers } });
      const said = Object.fromEntries(Object.keys(always).map((name) => [name, answer.headers[name]]));
      expect({ what, status: answer.status, ...said }).toEqual({ what, status, ...always });
      if (String(answer.headers['content-type']).startsWith('text/html') && answer.status !== 302) {
        expectPolicy(what, String(answer.headers['content-security-policy']), answer.text);
      }
    }
  });

  it('has a nonce that is new every time', async () => {
    const [page] = host().shown.filter(({ what }) => what === 'the page inside DingTalk');
    const policies = await Promise.all(
      [1, 2, 3].map(
        async () => (await rawRequest(page!.url, { headers: page!.headers ?? {} })).headers['content-security-policy'],
      ),
    );
    expect(new Set(policies).size).toBe(3);
  });

  it.each(['HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'])(
    'by %s starts nothing and uses nothing up',
    async (method) => {
      const own = await underWay(host());
      const cookie = [...own.browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      for (const url of [`${host().callbackUrl}?${own.answer}`, host().startUrl]) {
        const { headers } = await rawRequest(url, { method, headers: { cookie, accept: 'text/html' } });
        const set = (headers['set-cookie'] ?? []).filter((line) => line.includes('sign-in-'));
        expect([url, set, headers.location]).toEqual([url, [], undefined]);
      }
      expect(exchanges(host())).toBe(0);
      await expectSignedIn(host(), own);
    },
  );

  it.each([{ 'sec-purpose': 'prefetch;prerender' }, { purpose: 'prefetch' }, { 'x-purpose': 'preview' }])(
    'for a preview starts nothing: %j',
    async (headers) => {
      const browser = new Browser();
      const { headers: answered } = await browser.get(host().startUrl, headers);
      expect([[...browser.cookies], answered.get('location')]).toEqual([[], null]);
    },
  );
}

function expectPolicy(what: string, policy: string, text: string): void {
  expect([what, policy]).toEqual([what, expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/)]);
  expect(policy).not.toMatch(/unsafe-|\*|https?:/);
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  for (const [, attributes] of text.matchAll(/<(?:script|style)\b([^>]*)>/g)) {
    expect([what, attributes]).toEqual([what, expect.stringContaining(` nonce="${nonce}"`)]);
  }
  expect(text).not.toMatch(/<[^>]+\s(?:on\w+|style)=/);
}
