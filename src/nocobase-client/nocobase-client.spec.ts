import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { anyText } from '../../test/support/any-text.js';
import { type NonEmptyString, nonEmptyString } from '../core/accounts/index.js';
import { DEFAULT_RETURN_PATH, type ReturnPath } from '../core/return-path/index.js';
import type { Environment, InvalidEnvironmentError } from '../config/index.js';
import type { NocoBaseClientOptions } from './nocobase-client.options.js';
import { readNocoBaseOptions } from './nocobase.config.js';
import { NocoBaseFilter } from './nocobase-filter.js';
import { SessionHandOff } from './session-hand-off.js';

describe('a NocoBase filter', () => {
  const value = nonEmptyString('x');

  it('is serialized as JSON for NocoBase', () => {
    const read = (filter: NocoBaseFilter): unknown => JSON.parse(filter.toQuery());
    expect(read(NocoBaseFilter.equals('uuid', value))).toEqual({ uuid: 'x' });
    expect(read(NocoBaseFilter.oneOf('phone', [value, nonEmptyString('y')]))).toEqual({ phone: { $in: ['x', 'y'] } });
    expect(read(NocoBaseFilter.and(NocoBaseFilter.equals('a', value), NocoBaseFilter.equals('b', value)))).toEqual({
      $and: [{ a: 'x' }, { b: 'x' }],
    });
    expect(read(NocoBaseFilter.or(NocoBaseFilter.equals('a', value)))).toEqual({ $or: [{ a: 'x' }] });
  });

  it('keeps a value as text, whatever it contains', () => {
    fc.assert(
      fc.property(anyText({ minLength: 1 }), (text) => {
        fc.pre(text.trim() !== '' && text.isWellFormed());
        const filter = NocoBaseFilter.equals('uuid', nonEmptyString(text));
        expect(JSON.parse(filter.toQuery())).toEqual({ uuid: text });
      }),
    );
  });

  it.each(['', ' ', '\t\n', '\u00a0', '\u3000', '\ufeff'])('refuses an empty value (%j)', (text) => {
    expect(() => nonEmptyString(text)).toThrow(TypeError);
  });

  it('that is empty does not compile', () => {
    // Compiled but never called: `tsc` fails if one of these lines becomes correct.
    const wrong = (): unknown[] => [
      // @ts-expect-error the constructor is private
      new NocoBaseFilter({}),
      // @ts-expect-error no condition
      NocoBaseFilter.and(),
      // @ts-expect-error a single condition needs no `and`
      NocoBaseFilter.and(NocoBaseFilter.isTrue('a')),
      // @ts-expect-error no condition
      NocoBaseFilter.or(),
      // @ts-expect-error no value
      NocoBaseFilter.oneOf('phone', []),
      // @ts-expect-error an unchecked value
      NocoBaseFilter.equals('uuid', ''),
      // @ts-expect-error an unchecked value
      NocoBaseFilter.equals('uuid', String(1)),
      // @ts-expect-error a value that may be missing
      NocoBaseFilter.equals('uuid', undefined as NonEmptyString | undefined),
      // @ts-expect-error an object is no filter
      NocoBaseFilter.or({}),
    ];
    expect(wrong).toBeInstanceOf(Function);
  });
});

describe('the hand-off of a session', () => {
  const session = { token: 'aaa.b-b.c_c', authenticator: 'dingtalk' };
  const handOff = (options: Partial<NocoBaseClientOptions> = {}) =>
    new SessionHandOff({
      url: 'http://nocobase:13000',
      publicUrl: 'https://app.example.com',
      app: 'main',
      apiToken: 'key',
      jwtSecret: new Uint8Array(32),
      authenticator: 'dingtalk',
      handOff: 'query',
      timeoutMs: 1000,
      ...options,
    });

  it.each([
    ['/admin', 'https://app.example.com/admin?authenticator=dingtalk&token=aaa.b-b.c_c'],
    ['/admin?a=%20+&b#c?d', 'https://app.example.com/admin?a=%20+&b&authenticator=dingtalk&token=aaa.b-b.c_c#c?d'],
    ['/', 'https://app.example.com/?authenticator=dingtalk&token=aaa.b-b.c_c'],
  ])('by query adds NocoBase’s parameters to %s, before the fragment', (path, location) => {
    expect(handOff().to(path as ReturnPath, session)).toEqual({ kind: 'redirect', location });
  });

  it('by query goes to the public address, below its base path', () => {
    expect(handOff({ publicUrl: 'https://app.example.com:8443/nocobase' }).to(DEFAULT_RETURN_PATH, session)).toEqual({
      kind: 'redirect',
      location: 'https://app.example.com:8443/nocobase/admin?authenticator=dingtalk&token=aaa.b-b.c_c',
    });
  });

  it('by query passes exactly one token and one authenticator, unchanged', () => {
    const odd = { token: 'a&token=b#c=d +%', authenticator: 'ding&talk' };
    const result = handOff().to('/admin?x=1' as ReturnPath, odd);
    const { searchParams, hash } = new URL(result.location);
    expect(searchParams.getAll('token')).toEqual([odd.token]);
    expect(searchParams.getAll('authenticator')).toEqual([odd.authenticator]);
    expect(hash).toBe('');
  });

  it('by page puts the token in no address, and sets what the web clients read', () => {
    const result = handOff({ handOff: 'page', publicUrl: 'https://app.example.com/nocobase' }).to(
      '/admin?a=1#b' as ReturnPath,
      session,
    );
    expect(result).toEqual({
      kind: 'page',
      location: 'https://app.example.com/nocobase/admin?a=1#b',
      session,
      place: 'localStorage',
      storage: { NOCOBASE_TOKEN: session.token, NOCOBASE_AUTH: 'dingtalk', NOCOBASE_ROLE: null },
      former: {
        tokenKey: 'NOCOBASE_TOKEN',
        signOutUrl: 'https://app.example.com/nocobase/api/auth:signOut',
        app: 'main',
      },
    });
    expect(result.location).not.toContain(session.token);
  });
});

describe('the hand-off of a session in a sub-app', () => {
  const to = (path: string, handOff: 'page' | 'query') =>
    new SessionHandOff({
      url: 'http://nocobase:13000',
      publicUrl: 'https://app.example.com/nocobase',
      app: 'branch',
      apiToken: 'key',
      jwtSecret: new Uint8Array(32),
      authenticator: 'dingtalk',
      handOff,
      timeoutMs: 1000,
    }).to(path as ReturnPath, { token: 'token', authenticator: 'dingtalk' });

  it.each([
    ['/admin', '/apps/branch/admin'],
    ['/v/admin?x=1#y', '/v/apps/branch/admin?x=1#y'],
    ['/', '/apps/branch/'],
    ['/apps/branch/admin', '/apps/branch/admin'],
    ['/v/apps/branch/admin', '/v/apps/branch/admin'],
    ['/apps/branches', '/apps/branch/apps/branches'],
    ['/vacation', '/apps/branch/vacation'],
  ])('leads %s to %s', (returnPath, expected) => {
    expect(to(returnPath, 'page').location).toBe(`https://app.example.com/nocobase${expected}`);
    const { origin, pathname, hash, searchParams } = new URL(to(returnPath, 'query').location);
    searchParams.delete('token');
    searchParams.delete('authenticator');
    const search = searchParams.size === 0 ? '' : `?${searchParams.toString()}`;
    expect(origin + pathname + search + hash).toBe(`https://app.example.com/nocobase${expected}`);
  });

  it('writes the sub-app’s own storage keys', () => {
    expect(to('/admin', 'page')).toMatchObject({
      storage: { NOCOBASE_BRANCH_TOKEN: 'token', NOCOBASE_BRANCH_AUTH: 'dingtalk', NOCOBASE_BRANCH_ROLE: null },
    });
  });
});

describe('the hand-off of a session at a NocoBase with other paths and keys', () => {
  const moved = {
    apiBasePath: '/rest/',
    modernPrefix: 'new',
    storagePrefix: 'erp_',
    storageType: 'sessionStorage',
  } as const;
  const to = (path: string, options: Partial<NocoBaseClientOptions>) =>
    new SessionHandOff({
      url: 'http://nocobase:13000',
      publicUrl: 'https://app.example.com/nb',
      app: 'branch',
      apiToken: 'key',
      jwtSecret: new Uint8Array(32),
      authenticator: 'dingtalk',
      handOff: 'page',
      timeoutMs: 1000,
      ...moved,
      ...options,
    }).to(path as ReturnPath, { token: 'token', authenticator: 'dingtalk' });

  it('goes to its pages, and writes what its clients read', () => {
    expect(to('/new/admin', {})).toMatchObject({
      location: 'https://app.example.com/nb/new/apps/branch/admin',
      place: 'sessionStorage',
      storage: { ERP_BRANCH_TOKEN: 'token', ERP_BRANCH_AUTH: 'dingtalk', ERP_BRANCH_ROLE: null },
      former: {
        tokenKey: 'ERP_BRANCH_TOKEN',
        signOutUrl: 'https://app.example.com/nb/rest/auth:signOut',
        app: 'branch',
      },
    });
  });

  it('omits the name of a sub-app at its own domain, except for the server', () => {
    expect(to('/new/admin', { ownDomain: true })).toMatchObject({
      location: 'https://app.example.com/nb/new/admin',
      storage: { ERP_TOKEN: 'token', ERP_AUTH: 'dingtalk', ERP_ROLE: null },
      former: { tokenKey: 'ERP_TOKEN', app: 'branch' },
    });
    expect(to('/admin', { ownDomain: true, handOff: 'query' }).location).toMatch(
      /^https:\/\/app\.example\.com\/nb\/admin\?/,
    );
  });

  it('shares the token of all its applications if NocoBase does', () => {
    expect(to('/admin', { shareToken: true })).toMatchObject({
      storage: { ERP_TOKEN: 'token', ERP_BRANCH_AUTH: 'dingtalk', ERP_BRANCH_ROLE: null },
      former: { tokenKey: 'ERP_TOKEN' },
    });
  });
});

describe('the NocoBase settings', () => {
  const GIVEN: Environment = {
    PUBLIC_URL: 'https://sso.example.com',
    NOCOBASE_URL: 'http://nocobase:13000',
    NOCOBASE_API_TOKEN: 'api-token',
    NOCOBASE_JWT_SECRET: 'app-key',
  };
  const folder = mkdtempSync(join(tmpdir(), 'nocobase-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const problems = (environment: Environment): readonly string[] => {
    try {
      readNocoBaseOptions(environment);
      return [];
    } catch (error) {
      return (error as InvalidEnvironmentError).problems;
    }
  };

  it('require three variables and have defaults for the others', () => {
    expect(readNocoBaseOptions(GIVEN)).toEqual({
      url: 'http://nocobase:13000',
      publicUrl: 'http://nocobase:13000',
      app: 'main',
      ownDomain: false,
      apiBasePath: '/api/',
      modernPrefix: 'v',
      storagePrefix: 'NOCOBASE_',
      storageType: 'localStorage',
      shareToken: false,
      apiToken: 'api-token',
      jwtSecret: Buffer.from('app-key'),
      authenticator: 'dingtalk',
      handOff: 'query',
      defaultRegion: 'CN',
      timeoutMs: 5000,
    });
    expect(
      problems({})
        .map((line) => line.replace(/ .*/, ''))
        .toSorted(),
    ).toEqual(['NOCOBASE_API_TOKEN', 'NOCOBASE_JWT_SECRET', 'NOCOBASE_URL']);
  });

  it('include what moves NocoBase', () => {
    const read = readNocoBaseOptions({
      ...GIVEN,
      NOCOBASE_APP: 'branch',
      NOCOBASE_APP_DOMAIN: 'true',
      NOCOBASE_API_BASE_PATH: '/rest',
      NOCOBASE_MODERN_CLIENT_PREFIX: '/new/',
      NOCOBASE_STORAGE_PREFIX: 'ERP_',
      NOCOBASE_STORAGE_TYPE: 'sessionStorage',
      NOCOBASE_SHARE_TOKEN: 'true',
    });
    expect(read).toMatchObject({
      app: 'branch',
      ownDomain: true,
      apiBasePath: '/rest',
      modernPrefix: '/new/',
      storagePrefix: 'ERP_',
      storageType: 'sessionStorage',
      shareToken: true,
    });
  });

  it('never choose the hand-off page if the session lasts only as long as a page', () => {
    const oneOrigin = { ...GIVEN, NOCOBASE_URL: 'https://sso.example.com/nb', NOCOBASE_STORAGE_TYPE: 'memory' };
    expect(readNocoBaseOptions(oneOrigin).handOff).toBe('query');
    expect(problems({ ...oneOrigin, NOCOBASE_HANDOFF: 'page' })).toEqual([
      'NOCOBASE_STORAGE_TYPE keeps nothing from one page to the next: NOCOBASE_HANDOFF must then be query or auto',
    ]);
  });

  it.each([
    ['https://app.example.com', 'https://app.example.com/sso', 'page'],
    ['https://app.example.com/nocobase', 'https://app.example.com:443', 'page'],
    ['https://app.example.com', 'https://sso.example.com', 'query'],
    ['https://app.example.com', 'https://app.example.com:8443', 'query'],
    ['http://app.example.com', 'https://app.example.com', 'query'],
  ])('choose for NocoBase at %s and the gateway at %s: %s', (NOCOBASE_PUBLIC_URL, PUBLIC_URL, expected) => {
    const environment = { ...GIVEN, NOCOBASE_PUBLIC_URL, PUBLIC_URL };
    expect(readNocoBaseOptions(environment).handOff).toBe(expected);
    expect(readNocoBaseOptions({ ...environment, NOCOBASE_HANDOFF: 'query' }).handOff).toBe('query');
    expect(readNocoBaseOptions({ ...environment, NOCOBASE_HANDOFF: 'page' }).handOff).toBe('page');
  });

  it('require no key and contain none if the plugin redeems tickets, even if one is set', () => {
    const { NOCOBASE_API_TOKEN: _, NOCOBASE_JWT_SECRET: __, ...others } = GIVEN;
    const environment = { ...others, NOCOBASE_HANDOFF: 'ticket' };
    const options = { ...readNocoBaseOptions(environment) };
    expect(options).toMatchObject({ url: 'http://nocobase:13000', handOff: 'ticket', authenticator: 'dingtalk' });
    const missing = join(folder, 'no-such-file');
    for (const keys of [{ NOCOBASE_API_TOKEN: 'a b' }, { NOCOBASE_JWT_SECRET_FILE: missing }, GIVEN]) {
      expect(readNocoBaseOptions({ ...keys, ...environment })).toEqual(options);
    }
    expect(problems({ NOCOBASE_HANDOFF: 'ticket' })).toEqual([expect.stringMatching(/^NOCOBASE_URL is required/)]);
    // With the default hand-off a key is still required.
    expect(problems({ ...others, NOCOBASE_HANDOFF: 'auto' })).toHaveLength(2);
  });

  it('use 32 bytes of a file unchanged, and any other file as text', () => {
    const file = join(folder, 'jwt_secret.dat');
    const read = (content: Buffer | string): Uint8Array => {
      writeFileSync(file, content);
      const { NOCOBASE_JWT_SECRET: _, ...others } = GIVEN;
      const options = readNocoBaseOptions({ ...others, NOCOBASE_JWT_SECRET_FILE: file });
      return options.handOff === 'ticket' ? new Uint8Array() : options.jwtSecret;
    };
    const raw = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 37) % 256)).fill(0x0a, 31);
    expect(Buffer.from(read(raw)).equals(raw)).toBe(true);
    expect(Buffer.from(read('app-key\n')).toString()).toBe('app-key');
    expect(Buffer.from(read('app-key\r\n')).toString()).toBe('app-key');
    expect(Buffer.from(read('app-key\n\n')).toString()).toBe('app-key\n');
    expect(Buffer.from(read(`${'k'.repeat(31)}\n`)).toString()).toBe('k'.repeat(31));
    expect(Buffer.from(read(`${'k'.repeat(30)}\r\n`)).toString()).toBe('k'.repeat(30));
  });

  it.each([
    ['NOCOBASE_URL', 'nocobase:13000'],
    ['NOCOBASE_URL', 'http://user:pw@nocobase:13000'],
    ['NOCOBASE_PUBLIC_URL', 'https://app.example.com/?x=1'],
    ['NOCOBASE_PUBLIC_URL', 'https://app.example.com/#x'],
    ['NOCOBASE_AUTHENTICATOR', 'ding/talk'],
    ['NOCOBASE_AUTHENTICATOR', 'ding.talk'],
    ['NOCOBASE_AUTHENTICATOR', 'd'.repeat(65)],
    ['NOCOBASE_APP', 'a b'],
    ['NOCOBASE_HANDOFF', 'Page'],
    ['NOCOBASE_APP_DOMAIN', 'yes'],
    ['NOCOBASE_APP_DOMAIN', 'true'],
    ['NOCOBASE_API_BASE_PATH', 'rest'],
    ['NOCOBASE_API_BASE_PATH', 'https://nocobase.example.com/rest/'],
    ['NOCOBASE_API_BASE_PATH', '/../rest/'],
    ['NOCOBASE_MODERN_CLIENT_PREFIX', 'a/b'],
    ['NOCOBASE_MODERN_CLIENT_PREFIX', 'api'],
    ['NOCOBASE_STORAGE_PREFIX', 'a b'],
    ['NOCOBASE_STORAGE_TYPE', 'cookie'],
    ['NOCOBASE_SHARE_TOKEN', '1'],
    ['NOCOBASE_DEFAULT_REGION', 'cn'],
    ['NOCOBASE_DEFAULT_REGION', 'XX'],
    ['NOCOBASE_DEFAULT_REGION', 'China'],
    ['NOCOBASE_DEFAULT_REGION', 'toString'],
    ['NOCOBASE_TIMEOUT_MS', '9'],
    ['NOCOBASE_TIMEOUT_MS', '60001'],
    ['NOCOBASE_TIMEOUT_MS', '5s'],
  ])('refuse %s=%s in one line that names it', (name, value) => {
    const lines = problems({ ...GIVEN, [name]: value });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^${name} `));
    expect(lines[0]).not.toContain(value);
  });
});
