import * as fc from 'fast-check';
import { anyText } from '../../../test/support/any-text.js';
import { checkedPath, pathChecker, type ReturnPathRules } from './return-path.js';

/** Where the gateway sends people: the checked path, or its default. */
const returnPath = (wanted: unknown, rules: ReturnPathRules): string => checkedPath(wanted, rules) ?? '/admin';

const ELSEWHERE: ReturnPathRules = {
  nocobasePublicUrl: 'https://app.example.com',
  gatewayPublicUrl: 'https://sso.example.com',
};
const WITH_BASE_PATH: ReturnPathRules = { ...ELSEWHERE, nocobasePublicUrl: 'https://app.example.com/nocobase' };
const SAME_ORIGIN: ReturnPathRules = { ...ELSEWHERE, gatewayPublicUrl: 'https://app.example.com/sso' };
const BOTH_AT_ROOT: ReturnPathRules = { ...ELSEWHERE, gatewayPublicUrl: 'https://app.example.com' };
const GATEWAY_BELOW: ReturnPathRules = { ...WITH_BASE_PATH, gatewayPublicUrl: 'https://app.example.com/nocobase/sso' };
const IN_SALES: ReturnPathRules = { ...ELSEWHERE, app: 'sales' };
/** A hand-off that adds nothing to the query. */
const BY_PAGE: ReturnPathRules = { ...SAME_ORIGIN, handOff: 'page' };
const MOVED: ReturnPathRules = { ...WITH_BASE_PATH, apiBasePath: '/nocobase/m/nb-api/', modernPrefix: '/new/' };
const MORE: ReturnPathRules = { ...ELSEWHERE, defaultPath: '/home/start?x=1', morePaths: ['/portal', 'kiosk/hall/'] };
const ALL_RULES = [ELSEWHERE, WITH_BASE_PATH, SAME_ORIGIN, BOTH_AT_ROOT, GATEWAY_BELOW, IN_SALES, BY_PAGE, MOVED, MORE];

/** How a browser reads the path, by both ways in which it receives it; undefined if it is safe. */
function escapeOf(path: string, rules: ReturnPathRules): string | undefined {
  const home = new URL(rules.nocobasePublicUrl);
  const appended = new URL(rules.nocobasePublicUrl + path);
  const resolved = new URL(path, rules.nocobasePublicUrl);
  const base = home.pathname.replace(/\/$/, '');
  if (!path.startsWith('/')) return 'no path';
  if (/^\/[/\\]/.test(path)) return 'scheme-relative';
  if (appended.origin !== home.origin) return `appended gives ${appended.origin}`;
  if (resolved.origin !== home.origin) return `resolved gives ${resolved.origin}`;
  if (appended.username || appended.password || resolved.username || resolved.password) return 'user information';
  if (!`${appended.pathname}/`.startsWith(`${base}/`)) return `leaves the base path: ${appended.pathname}`;
  // A proxy that decodes once must not see other segments than the browser did.
  const decoded = decodeLeniently(appended.pathname);
  if (/(?:^|[/\\])\.\.?(?:[/\\]|$)|\\|\/\/|\p{Cc}/u.test(decoded)) return `decodes to ${JSON.stringify(decoded)}`;
  return undefined;
}

function decodeLeniently(text: string): string {
  return text.replace(/%[0-7][0-9a-f]/gi, (escape) => String.fromCharCode(Number.parseInt(escape.slice(1), 16)));
}

function* hostileCorpus(): Generator<string> {
  const prefixes = [
    '',
    '/',
    '/admin',
    '/admin/..',
    '/.',
    '/..',
    '/%2e%2e',
    '/.%2e',
    '?',
    '#',
    ' ',
    '\t',
    '\u0000',
    '@',
  ];
  const separators = [
    ['', '/', '//', '///', '////', '\\', '\\\\', '/\\', '\\/', '/\t/', '/\n/', '/\r/', '\t//', '/\u0000/', ' //'],
    ['/%2f', '/%5c', '%2f%2f', '%5c%5c', '/%252f', '/%09/', '/%0d%0a/', '/%00/', '/./', '/../', '/.//', '/..//'],
    ['/%2e/', '/%2e%2e/', '/%252e%252e/', '/;/', '/..;/', 'https://', 'https:', 'https:/', 'javascript:', 'data:,'],
    ['//user@', '//user:pass@', '/@', '//%61@', '/\uff0f', '\uff0f\uff0f', '/\u2215', '/\u2044', '\u29f5', '/\ufeff/'],
    ['/\u00a0/', '/\u3000/', '/\u200b/', '/\u202e/'],
  ].flat();
  const hosts = [
    [
      'evil.example',
      'EVIL.example',
      'evil.example:443',
      'app.example.com.evil.example',
      'app.example.com@evil.example',
    ],
    [
      'evil\u3002example',
      'ev\u00adil.example',
      '\u24d4vil.example',
      'xn--evil.example',
      '[::1]',
      '2130706433',
      '0x7f.1',
      '',
    ],
  ].flat();
  const suffixes = [
    '',
    '/',
    '/..',
    '/%2e%2e/',
    '?token=x',
    '#@app.example.com',
    '\\@app.example.com',
    '%00',
    '\r\nX: y',
  ];
  for (const prefix of prefixes)
    for (const separator of separators)
      for (const host of hosts) for (const suffix of suffixes) yield prefix + separator + host + suffix;
}

describe('the return path', () => {
  it.each([
    '/',
    '/admin',
    '/admin/x-y_z~1',
    '/admin/',
    '/v/admin',
    '/admin?tab=1&tab=2',
    '/admin?q=a+b&r=%20#part/two?three',
    '/admin#/a//b',
    '/admin?next=https://elsewhere.example/x',
    '/admin/popups/1/filterbytk/2',
    '/admin/a@b:c',
    '/admin/popups/1/filterbytk/a:b',
    '/admin/signin',
    '/admin/api/users:destroy',
    '/admin/%E4%B8%AD%EF%BC%88%E6%96%87%EF%BC%89',
    '/ADMIN/x',
    '/%61dmin/x',
    '/v',
    '/v/',
    '/v/embed/page:1',
    '/m',
    '/m/page/x',
    '/mobile/x',
    '/public-forms/x',
    '/v/public-forms/x',
    '/embed/x/tab/y',
    '/api-documentation',
    '/idp-oauth/interaction/x',
    '/idpOAuth/device?user_code=x',
  ])('keeps %p unchanged', (wanted) => {
    expect(checkedPath(wanted, ELSEWHERE)).toBe(wanted);
    expect(returnPath(wanted, WITH_BASE_PATH)).toBe(wanted);
  });

  it.each([
    ['/a/../m', '/m'],
    ['/../../m', '/m'],
    ['/m/./b', '/m/b'],
    ['/%2e%2e/%2E/m', '/m'],
    ['/m/中?q=中#中', '/m/%E4%B8%AD?q=%E4%B8%AD#%E4%B8%AD'],
    ['/m?', '/m'],
    ['/m#', '/m'],
    ['/m?&&b=1&', '/m?b=1'],
    ['/m?"<>', '/m?%22%3C%3E'],
  ])('normalizes %p', (wanted, expected) => {
    expect(checkedPath(wanted, ELSEWHERE)).toBe(expected);
  });

  it.each(
    [
      [undefined, null, 0, true, {}, [], ['/admin'], { toString: () => '/admin' }],
      [
        '',
        ' ',
        'admin',
        '../accounts/admin',
        '../../admin',
        '?a=1',
        '#a',
        'https://app.example.com/admin',
        'HTTPS:/admin',
      ],
      [
        '//',
        '//evil.example',
        '//nocobase.invalid/admin',
        '///evil.example',
        '/\\evil.example',
        '\\\\evil.example',
        '\\/evil.example',
      ],
      [
        '/\t/evil.example',
        '/\n/evil.example',
        ' /admin',
        '/admin ',
        '/admin/a b',
        '/admin/a\u0000',
        '/admin/a\u007f',
        '/admin/a\r\nSet-Cookie: x=1',
      ],
      ['javascript:alert(1)', 'data:text/html,x', '/.//evil.example', '/..//evil.example', '/a/..//evil.example'],
      [
        '/admin//b',
        '/%2fevil.example',
        '/%5cevil.example',
        '/%2Fevil.example',
        '/admin%2f..%2fb',
        '/%252e%252e/',
        '/admin/%25',
        '/admin/a%00b',
      ],
      ['/admin/a%0d%0ab', '/admin/a%7f', '/admin/x%2e', '/admin/\ud800', '/admin?\\', `/admin/${'a'.repeat(1024)}`],
      ['/admin/%zz', '/admin/%E4%B8'],
    ].flat(),
  )('is the default for %p', (wanted) => {
    expect(checkedPath(wanted, ELSEWHERE)).toBeUndefined();
    expect(returnPath(wanted, ELSEWHERE)).toBe('/admin');
  });

  it('accepts a path of 1024 characters, and no longer one', () => {
    expect(checkedPath(`/m/${'a'.repeat(1021)}`, ELSEWHERE)).toHaveLength(1024);
    expect(checkedPath(`/m/${'a'.repeat(1022)}`, ELSEWHERE)).toBeUndefined();
  });

  it('never lets any of many thousand hostile inputs leave NocoBase', () => {
    let seen = 0;
    let accepted = 0;
    const escaped: string[] = [];
    const checkers = [ELSEWHERE, WITH_BASE_PATH].map((rules) => [rules, pathChecker(rules)] as const);
    for (const wanted of hostileCorpus()) {
      for (const [rules, check] of checkers) {
        seen += 1;
        const path = check(wanted);
        if (path === undefined) continue;
        accepted += 1;
        const escape = escapeOf(path, rules);
        if (escape !== undefined) escaped.push(`${JSON.stringify(wanted)} -> ${path}: ${escape}`);
      }
    }
    expect(escaped).toEqual([]);
    expect(seen).toBeGreaterThan(10_000);
    // If all were refused, the test above would prove nothing about what is accepted.
    expect(accepted).toBeGreaterThan(1000);
  });

  describe('for any text', () => {
    const nasty = fc.constantFrom(
      '/',
      '//',
      '\\',
      '..',
      '.',
      '%2e',
      '%2f',
      '%5c',
      '%',
      '@',
      ':',
      '?',
      '#',
      '&',
      '=',
      ';',
      'token',
      '\t',
    );
    const pathLike = fc
      .array(fc.oneof(nasty, anyText({ maxLength: 4 }), fc.webSegment()), { maxLength: 12 })
      .map((parts) => `/${parts.join('')}`);
    const wantedPath = fc.oneof(pathLike, anyText(), fc.webUrl(), fc.webPath());

    it.each(ALL_RULES)('stays on the origin and below the base path (%#)', (rules) => {
      fc.assert(
        fc.property(wantedPath, (wanted) => {
          const path = checkedPath(wanted, rules);
          expect(path === undefined ? undefined : escapeOf(path, rules)).toBeUndefined();
        }),
        { numRuns: 3000 },
      );
    });

    it('does not change when it is checked again', () => {
      for (const rules of ALL_RULES) {
        const check = pathChecker(rules);
        for (const wanted of hostileCorpus()) {
          const once = check(wanted);
          if (once !== undefined && check(once) !== once) throw new Error(`${wanted} -> ${once}`);
        }
      }
      fc.assert(
        fc.property(wantedPath, fc.constantFrom(...ALL_RULES), (wanted, rules) => {
          const once = checkedPath(wanted, rules);
          expect(once === undefined ? undefined : checkedPath(once, rules)).toBe(once);
        }),
        { numRuns: 3000 },
      );
    });

    it('contains no reserved parameter, however its name is spelled', () => {
      const always = ['token', 'authenticator', 'authCode'];
      const reserved = [...always, 'code', 'state'];
      const escapedName = fc
        .constantFrom(...reserved)
        .chain((name) =>
          fc
            .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
            .map((flags) =>
              Array.from(name, (character, index) =>
                flags[index] ? `%${character.charCodeAt(0).toString(16)}` : character,
              ).join(''),
            ),
        );
      const parameter = fc.oneof(
        escapedName,
        escapedName.map((name) => `${name}=smuggled`),
        fc.constantFrom('a=1', 'b', '=', 'TOKEN=2', 'tokens=3', '?token=4', '', 'token%20=5', '+token=6'),
      );
      fc.assert(
        fc.property(fc.array(parameter, { maxLength: 8 }), (parameters) => {
          for (const [rules, names] of [
            [ELSEWHERE, reserved],
            [BY_PAGE, always],
          ] as const) {
            const path = checkedPath(`/admin?${parameters.join('&')}#token=kept`, rules);
            const { searchParams, hash } = new URL(path!, 'https://app.example.com');
            for (const name of names) expect(searchParams.has(name)).toBe(false);
            expect(hash).toBe('#token=kept');
          }
        }),
        { numRuns: 2000 },
      );
    });
  });

  it('drops reserved parameters and keeps the others as written, in order', () => {
    const wanted =
      '/admin?a=%2F+%20&token=x&b=1&%74oken=y&authenticator=z&b=2&auth%43ode=c&code&state=&TOKEN=kept#code=1';
    expect(checkedPath(wanted, ELSEWHERE)).toBe('/admin?a=%2F+%20&b=1&b=2&TOKEN=kept#code=1');
    expect(checkedPath('/admin?token=x', ELSEWHERE)).toBe('/admin');
  });

  it('keeps NocoBase’s own code and state if the hand-off adds nothing to the query', () => {
    const wanted = '/admin?code=1&token=x&st%61te=2&authCode=y&authenticator=z';
    for (const handOff of ['page', 'ticket'] as const)
      expect(checkedPath(wanted, { ...ELSEWHERE, handOff })).toBe('/admin?code=1&st%61te=2');
    for (const handOff of ['query', undefined] as const)
      expect(checkedPath(wanted, { ...ELSEWHERE, handOff })).toBe('/admin');
  });

  it.each([
    ['/nocobase/v/admin/x?a=1#b', WITH_BASE_PATH, '/v/admin/x?a=1#b'],
    ['/v/admin/x', WITH_BASE_PATH, '/v/admin/x'],
    ['/nocobase/admin', ELSEWHERE, undefined],
    ['/nocobasement/admin', WITH_BASE_PATH, undefined],
    ['/nocobase/nocobase/admin', WITH_BASE_PATH, undefined],
    ['/nocobase/api/users:destroy', WITH_BASE_PATH, undefined],
    ['/nocobase//evil.example', WITH_BASE_PATH, undefined],
    ['/nocobase/signin', WITH_BASE_PATH, undefined],
    ['/nocobase/sso/auth/dingtalk', GATEWAY_BELOW, undefined],
  ])('accepts %s with or without NocoBase’s base path, as the same page', (wanted, rules, path) => {
    expect(checkedPath(wanted, rules)).toBe(path);
  });

  it.each([
    ['/signin', ELSEWHERE],
    ['/signin?redirect=/admin', ELSEWHERE],
    ['/signin#x', ELSEWHERE],
    ['/signin/', ELSEWHERE],
    ['/SignIn', ELSEWHERE],
    ['/v/signin', ELSEWHERE],
    ['/a/../signin', WITH_BASE_PATH],
    ['/sso', SAME_ORIGIN],
    ['/sso/', SAME_ORIGIN],
    ['/sso?x', SAME_ORIGIN],
    ['/sso/auth/dingtalk', SAME_ORIGIN],
    ['/SSO/auth/dingtalk', SAME_ORIGIN],
    ['/x/../sso/auth/dingtalk/dingtalk/callback', SAME_ORIGIN],
    ['/auth/dingtalk', BOTH_AT_ROOT],
    ['/auth', BOTH_AT_ROOT],
    ['/sso/auth/dingtalk', GATEWAY_BELOW],
  ])('is the default for %s, which leads back to a sign-in', (wanted, rules) => {
    expect(returnPath(wanted, rules)).toBe('/admin');
  });

  it.each([
    ['/portal/auth/dingtalk', ELSEWHERE],
    ['/portals', { ...ELSEWHERE, gatewayPublicUrl: 'https://app.example.com/portal' }],
    ['/auth/dingtalk', ELSEWHERE],
    ['/authors', BOTH_AT_ROOT],
  ])('keeps the listed path %s if it is no route of the gateway', (wanted, rules) => {
    expect(checkedPath(wanted, { ...rules, morePaths: ['/portal', '/portals', '/auth', '/authors'] })).toBe(wanted);
  });

  it.each([
    ['/portal/auth/dingtalk', { ...ELSEWHERE, gatewayPublicUrl: 'https://app.example.com/portal' }],
    ['/%61uth/dingtalk', BOTH_AT_ROOT],
  ])('refuses the listed path %s if it is a route of the gateway', (wanted, rules) => {
    expect(checkedPath(wanted, { ...rules, morePaths: ['/portal', '/auth'] })).toBeUndefined();
  });

  // The limit keeps the transaction cookie small. If it were applied before encoding, 1,000 Chinese characters would
  // become 9,000, browsers would drop the cookie (4,096 bytes), and the sign-in could only end with invalid_state.
  for (const wanted of [`/m/${'中'.repeat(1000)}`, `/admin?q=${'中'.repeat(500)}`, `/admin#${'"'.repeat(900)}`]) {
    it(`stays within the limit after ${wanted.slice(0, 10)}… is encoded`, () => {
      const path = checkedPath(wanted, ELSEWHERE);
      expect((path ?? '').length).toBeLessThanOrEqual(1024);
      expect(path === undefined ? undefined : checkedPath(path, ELSEWHERE)).toBe(path);
    });
  }

  // Routers decode a path before they match it: Fastify serves /%61uth/dingtalk as /auth/dingtalk, NocoBase's client
  // shows /%73ignin as /signin.
  for (const [wanted, rules] of [
    ['/%73ignin', ELSEWHERE],
    ['/v/sign%69n', ELSEWHERE],
    ['/%61uth/dingtalk', BOTH_AT_ROOT],
    ['/%73so/auth/dingtalk', SAME_ORIGIN],
  ] as const) {
    it(`is the default for ${wanted}, which leads back once it is decoded`, () => {
      expect(returnPath(wanted, rules)).toBe('/admin');
    });
  }
});
