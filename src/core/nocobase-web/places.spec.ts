import {
  apiPath,
  apiPathInApp,
  appInPath,
  homePage,
  isApiBasePath,
  isModernPrefix,
  isStoragePrefix,
  modernPrefix,
  pagePath,
  type PlaceSettings,
  signInPath,
  storageKeys,
  placesInPage,
} from './index.js';

const MAIN: PlaceSettings = { app: 'main' };
const BRANCH: PlaceSettings = { app: 'branch' };
const AT_ITS_DOMAIN: PlaceSettings = { app: 'branch', ownDomain: true };
const MOVED: PlaceSettings = { app: 'branch', apiBasePath: '/rest/v1', modernPrefix: '/new/', storagePrefix: 'erp_' };

describe('The API of a NocoBase', () => {
  it.each([
    [MAIN, '/api/', '/api/'],
    [BRANCH, '/api/', '/api/__app/branch/'],
    // The path names the application whatever host the request uses.
    [AT_ITS_DOMAIN, '/api/', '/api/__app/branch/'],
    [MOVED, '/rest/v1/', '/rest/v1/__app/branch/'],
    [{ app: 'main', apiBasePath: '' }, '/api/', '/api/'],
    [{ app: 'main', apiBasePath: '/rest' }, '/rest/', '/rest/'],
  ])('of %j is at %s, and for requests without headers at %s', (settings, path, inApp) => {
    expect([apiPath(settings), apiPathInApp(settings)]).toEqual([path, inApp]);
  });
});

describe('The pages of a NocoBase', () => {
  it.each([
    [MAIN, '/admin', '/admin'],
    [MAIN, '/v/admin?x#y', '/v/admin?x#y'],
    [BRANCH, '/admin', '/apps/branch/admin'],
    [BRANCH, '/v/admin?x#y', '/v/apps/branch/admin?x#y'],
    [BRANCH, '/v', '/v/apps/branch'],
    [BRANCH, '/apps/branch', '/apps/branch'],
    [BRANCH, '/v/apps/branch/admin', '/v/apps/branch/admin'],
    [BRANCH, '/apps/branches', '/apps/branch/apps/branches'],
    [BRANCH, '/vacation', '/apps/branch/vacation'],
    [AT_ITS_DOMAIN, '/admin', '/admin'],
    [AT_ITS_DOMAIN, '/v/admin', '/v/admin'],
    [MOVED, '/new/admin', '/new/apps/branch/admin'],
    // A path of a client that this NocoBase does not have.
    [MOVED, '/v/admin', '/apps/branch/v/admin'],
  ])('of %j: %s is %s', (settings, path, there) => {
    expect(pagePath(settings, path)).toBe(there);
  });

  it.each([
    [MAIN, '/admin/x', '/signin', '/admin/x'],
    [MAIN, '/v/admin/x', '/v/signin', '/nb/v/admin/x'],
    [BRANCH, '/apps/branch/admin', '/apps/branch/signin', '/admin'],
    [BRANCH, '/v/admin', '/v/apps/branch/signin', '/nb/v/apps/branch/admin'],
    [AT_ITS_DOMAIN, '/admin', '/signin', '/admin'],
    [AT_ITS_DOMAIN, '/v/admin', '/v/signin', '/nb/v/admin'],
    [MOVED, '/new/admin', '/new/apps/branch/signin', '/nb/new/apps/branch/admin'],
  ])('of %j: %s leads to the sign-in page %s', (settings, wanted, page, redirect) => {
    const path = new URL(signInPath(settings, '/nb', wanted, { error: 'a&b' }), 'https://nocobase.invalid');
    expect([path.pathname, Object.fromEntries(path.searchParams)]).toEqual([page, { error: 'a&b', redirect }]);
  });

  it.each(['v', '/v', '/v/', ' v ', '', undefined])('take %j for the default prefix of the new client', (written) => {
    expect(modernPrefix({ modernPrefix: written })).toBe('v');
  });

  it('do not name a sub-app at its own domain', () => {
    expect([MAIN, BRANCH, AT_ITS_DOMAIN].map(appInPath)).toEqual(['main', 'branch', 'main']);
  });
});

describe('What NocoBase stores in a browser', () => {
  it.each([
    [MAIN, ['localStorage', 'NOCOBASE_TOKEN', 'NOCOBASE_AUTH', 'NOCOBASE_ROLE']],
    [BRANCH, ['localStorage', 'NOCOBASE_BRANCH_TOKEN', 'NOCOBASE_BRANCH_AUTH', 'NOCOBASE_BRANCH_ROLE']],
    // Its clients read the name from the path, which has none.
    [AT_ITS_DOMAIN, ['localStorage', 'NOCOBASE_TOKEN', 'NOCOBASE_AUTH', 'NOCOBASE_ROLE']],
    [MOVED, ['localStorage', 'ERP_BRANCH_TOKEN', 'ERP_BRANCH_AUTH', 'ERP_BRANCH_ROLE']],
    [
      { ...BRANCH, shareToken: true },
      ['localStorage', 'NOCOBASE_TOKEN', 'NOCOBASE_BRANCH_AUTH', 'NOCOBASE_BRANCH_ROLE'],
    ],
    [
      { ...MAIN, storageType: 'sessionStorage' as const },
      ['sessionStorage', 'NOCOBASE_TOKEN', 'NOCOBASE_AUTH', 'NOCOBASE_ROLE'],
    ],
  ])('by %j', (settings, expected) => {
    const { storage, token, authenticator, role } = storageKeys(settings);
    expect([storage, token, authenticator, role]).toEqual(expected);
  });
});

describe('A setting that moves NocoBase', () => {
  it.each(['/api', '/api/', '/rest/v1/', '/a.b/c_d-e~'])('may be %s for the API', (path) => {
    expect(isApiBasePath(path)).toBe(true);
  });
  it.each([
    '',
    '/',
    'api',
    '//api',
    '/../api',
    '/./api',
    '/a//b',
    '/api?x',
    '/api#x',
    '/a b',
    '/a%2fb',
    'https://x/api',
    1,
  ])('may not be %j for the API', (path) => {
    expect(isApiBasePath(path)).toBe(false);
  });

  it.each(['v', '/new/', 'new-client', 'admin'])('may be %s for the new client', (prefix) => {
    expect(isModernPrefix(prefix, '/api/')).toBe(true);
  });
  it.each(['', '/', 'a/b', '..', '.well-known', 'api', 'apps', 'a b', 'a?b', 7])(
    'may not be %j for the new client',
    (prefix) => {
      expect(isModernPrefix(prefix, '/api/')).toBe(false);
    },
  );
  it('may not be the first segment of the API for the new client', () => {
    expect([isModernPrefix('rest', '/rest/v1/'), isModernPrefix('api', '/rest/v1/')]).toEqual([false, true]);
  });

  it.each([
    ['NOCOBASE_', true],
    ['erp:', true],
    ['', false],
    ["a'b", false],
    ['a b', false],
    ['x'.repeat(65), false],
  ])('may be %j for the storage: %s', (prefix, may) => {
    expect(isStoragePrefix(prefix)).toBe(may);
  });
});

describe('What NocoBase’s page says', () => {
  const page = (values: Readonly<Record<string, string>>): string =>
    `<script>${Object.entries(values)
      .map(([name, value]) => `window['__nocobase_${name}__'] = ${value};`)
      .join('\n')}</script>`;
  const PUBLIC_URL = 'https://app.example.com/nb';

  it('is read from the page of the classic client', () => {
    const html = page({
      public_path: "'/nb/'",
      modern_client_prefix: "'new'",
      app_client_entry_mode: "'modern-only'",
      api_base_url: "'/nb/rest/'",
      api_client_storage_prefix: "'ERP_'",
      api_client_storage_type: "'sessionStorage'",
      api_client_share_token: 'true',
    });
    expect(placesInPage(html, PUBLIC_URL)).toEqual({
      apiBasePath: '/rest/',
      modernPrefix: 'new',
      storagePrefix: 'ERP_',
      storageType: 'sessionStorage',
      shareToken: true,
      entryMode: 'modern-only',
    });
  });

  it('is read from the page of the new client', () => {
    const html = page({ api_base_url: '"https://app.example.com/nb/api/"', api_client_share_token: 'false' });
    expect(placesInPage(html, PUBLIC_URL)).toEqual({ apiBasePath: '/api/', shareToken: false });
  });

  it.each([
    ['missing', {}],
    ['at another address', { api_base_url: "'https://api.example.com/nb/api/'" }],
    ['outside of the base path', { api_base_url: "'/api/'" }],
    ['an unfilled placeholder', { api_base_url: "'{{env.API_BASE_URL}}'", api_client_share_token: '{{env.SHARE}}' }],
    ['undefined', { api_client_storage_type: "'undefined'", app_client_entry_mode: "'undefined'" }],
    ['an expression', { api_client_storage_prefix: "window['x'] || 'ERP_'" }],
    ['implausible', { modern_client_prefix: "'<b>'", api_client_storage_prefix: "'a b'" }],
  ])('is not used if it is %s', (_what, values) => {
    expect(placesInPage(page(values), PUBLIC_URL)).toEqual({});
  });
});

describe('The landing page without a requested page', () => {
  it.each([
    [undefined, {}, '/admin'],
    ['legacy-default', {}, '/admin'],
    ['something-new', {}, '/admin'],
    ['modern-default', {}, '/v/admin'],
    ['modern-only', { modernPrefix: '/new/' }, '/new/admin'],
  ])('is, with the entry mode %s and %j, %s', (entryMode, settings, page) => {
    expect(homePage(entryMode, settings)).toBe(page);
  });
});
