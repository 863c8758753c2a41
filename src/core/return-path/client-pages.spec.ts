import * as fc from 'fast-check';
import { canBeReturnPath, checkedPath, pathChecker, type ReturnPathRules, returnPathPattern } from './return-path.js';

const AT_ROOT: ReturnPathRules = {
  nocobasePublicUrl: 'https://app.example.com',
  gatewayPublicUrl: 'https://sso.example.com',
};
const WITH_BASE_PATH: ReturnPathRules = { ...AT_ROOT, nocobasePublicUrl: 'https://app.example.com/nb' };
const IN_SALES: ReturnPathRules = { ...AT_ROOT, app: 'sales' };
const LISTED: ReturnPathRules = {
  ...AT_ROOT,
  morePaths: ['/portal', '/kiosk/hall'],
  defaultPath: '/v/home/start?x=1#y',
};
const EVERYWHERE = (['page', 'query', 'ticket'] as const).flatMap((handOff) =>
  [AT_ROOT, WITH_BASE_PATH, IN_SALES, LISTED].map((rules) => ({ ...rules, handOff })),
);

/** Each would trigger an action in NocoBase, in the name of the owner of the token in the query. */
const ACTIONS = [
  'api/users/15/roles:add?filterByTk=root',
  'api/users:destroy?filterByTk=15',
  'api/pm:disable?filterByTk=auth',
  'api',
  'api/',
  'api/__app/sales/users:destroy',
  'pm:disable',
  'users:list',
  'files/x',
  'files/main/attachments/x.html',
  'storage/uploads/x.html',
  'static/plugins/@nocobase/plugin-auth/dist/client/index.js',
  'dist/x.html',
  'ws',
  '.well-known/openid-configuration/x',
  'other/page',
];

/** Variants with encodings that only one side may undo. */
function* disguises(path: string): Generator<string> {
  const [first = '', ...rest] = path.split(/(?=[/?])/);
  const escape = (text: string): string =>
    Array.from(text, (letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');
  const fullWidth = (text: string): string =>
    text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
  const ways = [
    first,
    first.toUpperCase(),
    escape(first.slice(0, 1)) + first.slice(1),
    escape(first),
    escape(escape(first)),
    escape(escape(escape(first))),
    fullWidth(first),
    encodeURIComponent(fullWidth(first)),
    fullWidth(escape(first)),
    `${first};x=1`,
    `${first}%00`,
    `${first}%20`,
    `${first}.`,
    `.${first}`,
    `\u200b${first}`,
    `${first}\u00ad`,
  ];
  const ups = [
    '../../',
    '../accounts/',
    '..%2f',
    '%2e%2e/',
    '%252e%252e/',
    '..%5c',
    '..\\',
    '..;/',
    '..;x/',
    '\uff0e\uff0e/',
    '\u2025/',
  ];
  for (const way of ways) {
    const there = way + rest.join('');
    yield* [`/${there}`, `/v/../${there}`, `/./${there}`, `//${there}`, `/%2f${there}`, `/\\${there}`, `/%5c${there}`];
    yield* [`/\uff0f${there}`, `/v/${there}`, `/apps/other/${there}`, `/apps/sales/${there}`, `/v/apps/other/${there}`];
    for (const up of ups)
      yield* [`/admin/${up}${there}`, `/v/admin/${up}${up}${there}`, `/m${up.slice(-1)}${up}${there}`];
  }
}

/** The most lenient reading by any server: every escape decoded, look-alikes replaced, dot segments resolved. */
function mostGenerously(path: string): string {
  let text = path.replace(/[?#].*$/s, '');
  for (let round = 0; round < 10; round += 1) {
    text = text
      .replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString())
      .normalize('NFKC')
      .replace(/\p{Default_Ignorable_Code_Point}|;[^/\\]*/gu, '');
  }
  const { pathname } = new URL(text.replaceAll('\\', '/').replace(/^\/+/, '/'), 'https://app.example.com');
  return pathname.replace(/\/+/g, '/').toLowerCase();
}

describe("the pages of NocoBase's clients", () => {
  it.each(EVERYWHERE)('are not its actions, files or sockets, in any encoding (%#)', (rules) => {
    const check = pathChecker(rules);
    let seen = 0;
    for (const action of ACTIONS) {
      for (const wanted of disguises(action)) {
        seen += 1;
        const path = check(wanted);
        if (path === undefined) continue;
        // Whatever passes is a page: `/admin/./api…` is `/admin/api…`.
        expect([wanted, mostGenerously(path)]).toEqual([
          wanted,
          expect.stringMatching(/^(?:\/v)?(?:\/apps\/sales)?\/(?:admin|m|$)/),
        ]);
      }
    }
    expect(seen).toBeGreaterThan(8000);
  });

  it.each(EVERYWHERE)('are the only result for any text (%#)', (rules) => {
    const part = fc.oneof(
      fc.constantFrom('/', '/', '..', '.', '%2e', '%2f', '%5c', '%25', '\\', ';', ':', '?', '#', '\uff0f', '\uff0e'),
      fc.constantFrom('api', 'API', '%61pi', 'admin', 'm', 'v', 'apps', 'sales', 'other', 'files', 'storage', 'portal'),
      fc.constantFrom('\uff41\uff50\uff49', 'home', 'kiosk', 'hall', 'signin', 'users:destroy', 'nb', 'ws', 'static'),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 9 }), (parts) => {
        const path = checkedPath(`/${parts.join('')}`, rules);
        if (path === undefined) return;
        expect(mostGenerously(path)).toMatch(
          /^(?:\/v)?(?:\/apps\/sales)?\/?(?:$|(?:admin|m|portal|home)(?:\/|$)|kiosk\/hall(?:\/|$))/,
        );
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['/apps/sales/admin/x', IN_SALES],
    ['/v/apps/sales/admin/x', IN_SALES],
    ['/apps/sales', IN_SALES],
    ['/apps/sales/', IN_SALES],
    ['/apps/sales/public-forms/x', IN_SALES],
    ['/admin', IN_SALES],
  ])('include those of the sub-app that people sign in to: %s', (wanted, rules) => {
    expect(checkedPath(wanted, rules)).toBe(wanted);
  });

  it.each([
    ['/apps/other/admin', IN_SALES],
    ['/v/apps/other/admin', IN_SALES],
    ['/apps/Sales/admin', IN_SALES],
    ['/apps/sales2/admin', IN_SALES],
    ['/apps/sales/apps/sales/admin', IN_SALES],
    ['/apps/sales/v/admin', IN_SALES],
    ['/apps/sales/api/users:destroy', IN_SALES],
    ['/%61pps/other/admin', IN_SALES],
    ['/Apps/other/admin', IN_SALES],
    ['/apps/sales/../other/admin', IN_SALES],
    ['/apps/main/admin', IN_SALES],
    ['/apps/sales/admin', AT_ROOT],
    ['/apps/main/admin', AT_ROOT],
    ['/apps', AT_ROOT],
    ['/v/apps/sales/admin', AT_ROOT],
    ['/v/v/admin', AT_ROOT],
  ])('include those of no other application: %s', (wanted, rules) => {
    for (const handOff of ['page', 'query', 'ticket'] as const)
      expect(checkedPath(wanted, { ...rules, handOff })).toBeUndefined();
  });

  it.each(['/signup', '/forgot-password', '/reset-password?resetToken=x', '/v/signup', '/signin'])(
    'do not include %s, where a signed-in person would be stuck',
    (wanted) => {
      expect(checkedPath(wanted, { ...AT_ROOT, morePaths: [wanted] })).toBeUndefined();
    },
  );

  it.each([
    ['/portal', '/portal'],
    ['/portal/x:y', '/portal/x:y'],
    ['/v/portal/x', '/v/portal/x'],
    ['/PORTAL/x', '/PORTAL/x'],
    ['/kiosk/hall/1', '/kiosk/hall/1'],
    ['/home/elsewhere', '/home/elsewhere'],
    ['/kiosk', undefined],
    ['/kiosk/other', undefined],
    ['/portals', undefined],
    ['/portal:destroy', undefined],
  ])('include listed paths and the default landing page: %s', (wanted, path) => {
    expect(checkedPath(wanted, LISTED)).toBe(path);
    expect(path === undefined ? undefined : checkedPath(wanted, AT_ROOT)).toBeUndefined();
  });

  it('follow NocoBase’s own API_BASE_PATH and APP_MODERN_CLIENT_PREFIX', () => {
    const rules = { ...WITH_BASE_PATH, apiBasePath: '/nb/admin/rest/', modernPrefix: '/new/', morePaths: ['/rest'] };
    expect(checkedPath('/nb/new/admin/x', rules)).toBe('/new/admin/x');
    expect(checkedPath('/admin/x', rules)).toBe('/admin/x');
    for (const wanted of [
      '/v/admin',
      '/admin/rest/users:destroy',
      '/admin/REST/x',
      '/admin/%72est/x',
      '/admin/%EF%BD%92est',
    ])
      expect([wanted, checkedPath(wanted, rules)]).toEqual([wanted, undefined]);
    expect(canBeReturnPath('/admin/rest', rules)).toBe(false);
    expect(canBeReturnPath('/nb/admin/rest/x', rules)).toBe(false);
  });

  it.each(
    [
      [
        '',
        '/',
        '/api',
        'api',
        '/API',
        '/api/x',
        '/\uff41pi',
        '/%61pi',
        '/files',
        '/storage/uploads',
        '/static',
        '/dist',
        '/ws',
      ],
      [
        '/.well-known',
        '/..',
        '/portal/..',
        '/users:list',
        '/portal?x',
        '/portal#x',
        '/po rtal',
        'https://evil.example',
      ],
      [
        '/apps/other',
        '/apps',
        '/v/api',
        '/v',
        '/signin',
        '/v/signin',
        '/signup',
        '/__app',
        '/a*',
        '/a\\b',
        '/reset-password',
      ],
    ].flat(),
  )('cannot be listed as %p, and listing has no effect', (path) => {
    expect(canBeReturnPath(path, AT_ROOT)).toBe(false);
    const wanted = `${path.replace(/[?#].*$|\/$/g, '')}/x`;
    expect(checkedPath(wanted, { ...AT_ROOT, morePaths: [path] })).toBeUndefined();
  });

  it.each(['/portal', 'portal', '/portal/', '/portal/x', '/v/portal', '/Portal_1', '/\u95e8\u6237', '/nb/portal'])(
    'can be listed as %p',
    (path) => {
      expect(canBeReturnPath(path, WITH_BASE_PATH)).toBe(true);
      const wanted = `/${path.toLowerCase().replace(/^\/?(?:nb\/)?(?:v\/)?|\/$/g, '')}`;
      expect(checkedPath(`${wanted}/y`, { ...WITH_BASE_PATH, morePaths: [path] })).toBe(encodeURI(`${wanted}/y`));
    },
  );

  describe('as a pattern for a script', () => {
    const RULES = [AT_ROOT, IN_SALES, LISTED, { ...AT_ROOT, apiBasePath: '/m/rest/', modernPrefix: 'new' }];

    it.each(RULES)('accept nothing that the rules refuse (%#)', (rules) => {
      const pattern = new RegExp(returnPathPattern(rules));
      const check = pathChecker({ ...rules, handOff: 'ticket' });
      let taken = 0;
      const missed: string[] = [];
      const judge = (wanted: string): void => {
        if (!pattern.test(wanted)) return;
        taken += 1;
        if (check(wanted) === undefined) missed.push(wanted);
      };
      for (const action of ACTIONS) for (const wanted of disguises(action)) judge(wanted);
      for (const wanted of ['/admin', '/', '/admin/%E4%B8%AD?a=%2f#/b//c', '/m/rest/x', '/m/REST', '/apps/other/admin'])
        judge(wanted);
      expect(missed).toEqual([]);
      expect(taken).toBeGreaterThan(2);
    });

    it.each([
      ['/admin/x?a=1&b=//c#d', AT_ROOT],
      ['/v/admin/%E4%B8%AD', AT_ROOT],
      ['/', AT_ROOT],
      ['/apps/sales/admin', IN_SALES],
      ['/portal/x', LISTED],
      ['/kiosk/hall', LISTED],
    ])('accept %s', (wanted, rules) => {
      expect(wanted).toMatch(new RegExp(returnPathPattern(rules)));
    });
  });
});
