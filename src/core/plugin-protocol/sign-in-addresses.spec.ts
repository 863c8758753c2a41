import { signInErrorUrl } from './sign-in-addresses.js';

const ERROR = { code: 'access_denied', requestId: 'r-1' };

describe("NocoBase's sign-in page, with an error", () => {
  it.each([
    ['classic', 'main', '/admin/x?y=1#z', '/nb/signin', '/admin/x?y=1#z'],
    ['new', 'main', '/v/admin/x', '/nb/v/signin', '/nb/v/admin/x'],
    ['classic', 'branch', '/admin/x', '/nb/apps/branch/signin', '/admin/x'],
    ['classic', 'branch', '/apps/branch/admin/x', '/nb/apps/branch/signin', '/admin/x'],
    ['new', 'branch', '/v/admin/x', '/nb/v/apps/branch/signin', '/nb/v/apps/branch/admin/x'],
    ['new', 'branch', '/v/apps/branch/admin/x', '/nb/v/apps/branch/signin', '/nb/v/apps/branch/admin/x'],
  ])('of the %s client in %s passes %s in that client’s format', (_client, app, returnPath, page, redirect) => {
    const url = new URL(signInErrorUrl({ nocobaseUrl: 'https://app.example.com/nb', app }, ERROR, returnPath));
    expect(url.pathname).toBe(page);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      dingtalk_error: 'access_denied',
      dingtalk_request: 'r-1',
      redirect,
    });
  });
});
