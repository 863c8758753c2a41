import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';

const SCRIPT = readFileSync(join(process.cwd(), 'deploy/proxy/sign-in.js'), 'utf8');

/** Where the script navigates when a page of NocoBase's changes to this address; `proxy.e2e-spec.ts` runs it in Chromium. */
function goneTo(address: string, browser: object = {}): string | undefined {
  const page = new URL('https://app.example.com/admin/x');
  let target: string | undefined;
  const location = {
    href: page.href,
    origin: page.origin,
    pathname: page.pathname,
    hash: '',
    replace: (to: string) => (target = new URL(to, page).href),
  };
  const history = { pushState: () => undefined, replaceState: () => undefined };
  const context = createContext({ URL, location, history, document: { documentElement: { style: {} } }, ...browser });
  runInContext(SCRIPT, context);
  runInContext(`history.pushState(null, '', ${JSON.stringify(address)})`, context);
  return target;
}

describe("The proxies' script", () => {
  it('turns the client-side change to the sign-in page into a navigation', () => {
    expect(goneTo('/signin?redirect=/admin/x?a=1')).toBe(
      'https://app.example.com/signin?redirect=%2Fadmin%2Fx%3Fa%3D1',
    );
    expect(goneTo('/admin/y')).toBeUndefined();
  });

  it("does nothing in a frame, where the gateway's pages are blocked", () => {
    expect(goneTo('/signin?redirect=/admin/x', { window: { top: {} } })).toBeUndefined();
  });

  it.each(['https://app.example.com//evil.example/signin', '/x/..//evil.example/signin'])(
    'never leaves the site: %s',
    (address) => {
      expect(new URL(goneTo(address) ?? '').origin).toBe('https://app.example.com');
    },
  );
});
