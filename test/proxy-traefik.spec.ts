import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Router {
  readonly rule: string;
  readonly priority: number;
  readonly entryPoints: readonly string[];
  readonly middlewares?: readonly string[];
  readonly service: string;
}
interface Dynamic {
  readonly http: {
    readonly routers: Readonly<Record<string, Router>>;
    readonly middlewares: Readonly<Record<string, { redirectRegex?: { regex: string; replacement: string } }>>;
    readonly services: Readonly<Record<string, object>>;
  };
}
interface Static {
  readonly entryPoints: Readonly<Record<string, object>>;
  readonly certificatesResolvers: Readonly<Record<string, object>>;
  readonly accessLog: { fields: { defaultMode: string; names: Record<string, string>; headers: object } };
}

const read = (name: string): unknown => parse(readFileSync(`deploy/proxy/traefik/${name}.yml`, 'utf8'));

// Debian has no Traefik to run, so only the files are checked.
describe('The Traefik recipe', () => {
  const { http } = read('dynamic') as Dynamic;
  const settings = read('traefik') as Static;

  /** The router for a path, according to the few matchers that the rules use. */
  function routerOf(path: string, query = '', destination = 'document'): string | undefined {
    const literal = (rule: string) =>
      rule
        .replace(/Host\(`[^`]*`\)/g, 'true')
        .replace(/PathPrefix\(`([^`]*)`\)/g, (_, prefix: string) => String(path.startsWith(prefix)))
        .replace(/PathRegexp\(`([^`]*)`\)/g, (_, regex: string) => String(new RegExp(regex).test(path)))
        .replace(/Path\(`([^`]*)`\)/g, (_, exact: string) => String(path === exact))
        .replace(/!(true|false)/g, (_, value: string) => String(value !== 'true'))
        .replace(/!QueryRegexp\(`([^`]*)`, `([^`]*)`\)/g, (_, name: string, regex: string) =>
          String(!new URLSearchParams(query).getAll(name).some((value) => new RegExp(regex).test(value))),
        )
        .replace(/!Query\(`([^`]*)`, `([^`]*)`\)/g, (_, name: string, value: string) =>
          String(!new URLSearchParams(query).getAll(name).includes(value)),
        )
        .replace(/!HeaderRegexp\(`Sec-Fetch-Dest`, `([^`]*)`\)/g, (_, regex: string) =>
          String(!new RegExp(regex).test(destination)),
        );
    const fits = (rule: string) => {
      const text = literal(rule).replace(/\(([a-z |]*)\)/, (_, either: string) => String(either.includes('true')));
      expect(text).toMatch(/^(?:true|false)(?: && (?:true|false))*$/);
      return !text.includes('false');
    };
    return Object.entries(http.routers)
      .filter(([, { rule, entryPoints }]) => entryPoints.includes('websecure') && fits(rule))
      .toSorted(([, a], [, b]) => b.priority - a.priority)[0]?.[0];
  }

  it('refers only to what it defines', () => {
    for (const { middlewares = [], service, entryPoints } of Object.values(http.routers)) {
      expect([...Object.keys(http.services), 'noop@internal']).toContain(service);
      expect(Object.keys(http.middlewares)).toEqual(expect.arrayContaining([...middlewares]));
      expect(Object.keys(settings.entryPoints)).toEqual(expect.arrayContaining([...entryPoints]));
    }
  });

  it.each([
    ['/sso', '', 'sign-in-gateway'],
    ['/sso/auth/dingtalk', 'redirect=/admin', 'sign-in-gateway'],
    ['/sso/metrics', '', 'sign-in-gateway-metrics'],
    ['/sso/health/ready', '', 'sign-in-gateway-health'],
    ['/sso/health', '', 'sign-in-gateway-health'],
    ['/sso/health/live', '', 'sign-in-gateway'],
    ['/ssoother', '', 'nocobase'],
    ['/signin', '', 'nocobase-sign-in'],
    ['/v/signin', 'redirect=%2Fv%2Fadmin', 'nocobase-sign-in'],
    ['/signin', 'local=1', 'nocobase'],
    ['/signin', 'dingtalk_error=account_protected', 'nocobase'],
    ['/v/signin', 'redirect=%2Fv%2Fadmin&local=1', 'nocobase'],
    ['/apps/branch/signin', '', 'nocobase'],
    ['/admin', '', 'nocobase'],
  ])('sends %s?%s to %s', (path, query, router) => {
    expect(routerOf(path, query)).toBe(router);
  });

  it.each(['iframe', 'frame'])("leaves NocoBase's own form in a frame (%s)", (destination) => {
    expect(routerOf('/signin', 'redirect=%2Fadmin', destination)).toBe('nocobase');
  });

  it.each([
    ['https://app.example.com/signin', 'https://app.example.com/sso/?'],
    ['https://app.example.com/v/signin/?redirect=%2Fv%2Fadmin', 'https://app.example.com/sso/?redirect=%2Fv%2Fadmin'],
    ['https://evil.example/signin?redirect=//evil.example', 'https://app.example.com/sso/?redirect=//evil.example'],
  ])('redirects %s to %s', (address, expected) => {
    const { regex, replacement } = http.middlewares['to-sign-in-page']!.redirectRegex!;
    // Go writes a group as ${1}, JavaScript as $1; both insert nothing for a group that did not match.
    expect(address.replace(new RegExp(regex), replacement.replace('${1}', '$1'))).toBe(expected);
  });

  it('answers for no other host, and redirects port 80 to its own name', () => {
    for (const { rule } of Object.values(http.routers)) expect(rule).toMatch(/^Host\(`app\.example\.com`\) ?(?:&&|$)/);
    const { regex, replacement } = http.middlewares['to-https']!.redirectRegex!;
    expect('http://evil.example/admin?x=1'.replace(new RegExp(regex), replacement.replace('${1}', '$1'))).toBe(
      'https://app.example.com/admin?x=1',
    );
    expect(http.routers['plain']).toMatchObject({ entryPoints: ['web'], middlewares: ['to-https'] });
    expect(settings.entryPoints['web']).not.toHaveProperty('http');
  });

  it('logs no path, query or header', () => {
    const { defaultMode, names, headers } = settings.accessLog.fields;
    expect([defaultMode, headers]).toEqual(['drop', { defaultMode: 'drop' }]);
    expect(Object.keys(names).filter((name) => /path|line|url|query/i.test(name))).toEqual([]);
  });
});
