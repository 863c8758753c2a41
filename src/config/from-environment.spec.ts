import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import * as fc from 'fast-check';
import { readSettings } from '../settings.js';
import {
  baseUrl,
  choice,
  flag,
  HTTPS_OR_LOOPBACK,
  httpsOrAcceptedPrivate,
  list,
  secret,
  section,
  type Setting,
  text,
  wholeNumber,
} from '../core/settings/index.js';
import { ofVariable } from '../core/texts/index.js';
import { ADDRESS_RANGES } from '../core/settings/index.js';
import { type Environment, fromEnvironment } from './from-environment.js';
import { InvalidEnvironmentError, readAll } from './invalid-environment.js';

type Offices = Readonly<{ office: Setting<string | undefined>; allowPrivateHttp: Setting<boolean> }>;

const everything = section(
  '',
  {
    name: text({ required: 'the name people see' }),
    secret: secret({}),
    exact: secret({ verbatim: true }),
    raw: secret({ fromFile: (content: Buffer) => content }),
    flag: flag(),
    number: wholeNumber(1, 100, { default: 7 }),
    list: list({ default: ['default'] }),
    choice: choice(['a', 'b'], { default: 'a' }),
    url: baseUrl({}),
    office: baseUrl({}),
    allowPrivateHttp: flag(),
    public: baseUrl({ rules: [HTTPS_OR_LOOPBACK] }),
    ranges: list({ rules: [ADDRESS_RANGES] }),
    short: text({}),
  },
  [
    ...httpsOrAcceptedPrivate<Offices>('office', ({ allowPrivateHttp }) => allowPrivateHttp === true),
    {
      of: 'short',
      said: ofVariable('must not be longer than NAME'),
      holds: ({ short = '', name = '' }) => short.length <= name.length,
    },
  ],
);

const GIVEN = { NAME: 'somebody' };
const folder = mkdtempSync(join(tmpdir(), 'environment-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Buffer, name = 'secret'): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function failureOf(read: () => unknown): InvalidEnvironmentError {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidEnvironmentError);
    return error as InvalidEnvironmentError;
  }
  throw new Error('nothing was refused');
}

const problems = (environment: Environment): readonly string[] =>
  failureOf(() => fromEnvironment(everything, { ...GIVEN, ...environment })).problems;
const read = (environment: Environment) => fromEnvironment(everything, { ...GIVEN, ...environment });

describe('the environment', () => {
  it('returns defaults for absent variables, and undefined without a default', () => {
    expect(read({})).toMatchObject({ name: 'somebody', flag: false, number: 7, list: ['default'], choice: 'a' });
    expect(read({}).secret).toBeUndefined();
    expect(read({}).url).toBeUndefined();
  });

  it.each(['', ' ', '\t\n'])('treats an empty variable (%j) as absent', (empty) => {
    const names = [
      'SECRET',
      'RAW',
      'FLAG',
      'NUMBER',
      'LIST',
      'CHOICE',
      'URL',
      'PUBLIC',
      'RANGES',
      'SHORT',
      'SECRET_FILE',
    ];
    expect(read(Object.fromEntries(names.map((name) => [name, empty])))).toEqual(read({}));
    expect(problems({ NAME: empty })).toEqual(['NAME is required: the name people see']);
  });

  it('is read once and immutable afterwards', () => {
    const settings = read({});
    expect(Object.isFrozen(settings)).toBe(true);
    expect(() => Object.assign(settings, { name: 'other' })).toThrow(TypeError);
  });

  it('has one line for every problem, in all sections read together, and each line once', () => {
    const environment = { FLAG: 'x', NUMBER: 'x', CHOICE: 'x', URL: 'x' };
    const { problems: lines, message } = failureOf(() =>
      readAll({
        first: () => fromEnvironment(everything, environment),
        second: () => fromEnvironment(everything, environment),
        third: () => 'good',
      }),
    );
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['NAME', 'FLAG', 'NUMBER', 'CHOICE', 'URL']);
    expect(message).toBe(lines.join('\n'));
    for (const line of lines) expect(line).not.toContain('\n');
    expect(readAll({ first: () => 1, second: () => 'two' })).toEqual({ first: 1, second: 'two' });
  });

  it('passes unexpected errors through', () => {
    expect(() =>
      readAll({
        broken: () => {
          throw new RangeError('a mistake of ours');
        },
      }),
    ).toThrow(RangeError);
  });
});

describe('a kind of setting', () => {
  it('refuses a list that is set and empty: a restriction must not vanish', () => {
    for (const nothing of [',', ' , ,']) expect(() => read({ LIST: nothing })).toThrow('LIST must name at least one');
  });

  it.each([
    ['FLAG', 'true', true],
    ['FLAG', 'false', false],
    ['NUMBER', '1', 1],
    ['NUMBER', '100', 100],
    ['NUMBER', ' 50 ', 50],
    ['NUMBER', '007', 7],
    ['LIST', 'x', ['x']],
    ['LIST', ' x , y ,, z ,', ['x', 'y', 'z']],
    ['CHOICE', 'b', 'b'],
    ['URL', 'http://nocobase:13000', 'http://nocobase:13000'],
    ['URL', ' https://a.example/b/c// ', 'https://a.example/b/c'],
    ['URL', 'http://[::1]:8080', 'http://[::1]:8080'],
    ['PUBLIC', 'https://a.example', 'https://a.example'],
    ['PUBLIC', 'http://localhost:3000/sso', 'http://localhost:3000/sso'],
    ['PUBLIC', 'http://127.0.0.1', 'http://127.0.0.1'],
    ['PUBLIC', 'http://127.9.9.9', 'http://127.9.9.9'],
    ['PUBLIC', 'http://[::1]', 'http://[::1]'],
    ['RANGES', '10.0.0.0/8, ::1,192.168.0.1,fd00::/8', ['10.0.0.0/8', '::1', '192.168.0.1', 'fd00::/8']],
    ['SHORT', 'short', 'short'],
  ])('reads %s=%j as %j', (name, value, expected) => {
    expect(Reflect.get(read({ [name]: value }), name.toLowerCase())).toEqual(expected);
  });

  it.each([
    ['FLAG', ['TRUE', 'yes', '1', 't rue', 'false;'], 'must be true or false'],
    [
      'NUMBER',
      ['0', '101', '-1', '1.5', '1e1', '0x10', 'ten', '9999999999', '1 2', '١'],
      'must be a whole number from 1 to 100',
    ],
    ['CHOICE', ['c', 'A', 'a,b', 'a b', 'toString'], 'must be one of: a, b'],
    [
      'URL',
      [
        [
          'nocobase:13000',
          'ftp://a.example',
          'javascript:alert(1)',
          '//a.example',
          '/path',
          'http:a.example',
          'http:/a.example',
        ],
        [
          'https://u@a.example',
          'https://u:p@a.example',
          'https://a.example?x',
          'https://a.example/#x',
          'https://a b.example',
        ],
        ['https://a.example\\b', 'https://', 'http://a.example:99999'],
      ].flat(),
      'must be an http(s) address without user, query or fragment',
    ],
    [
      'PUBLIC',
      [
        ['http://a.example', 'http://localhost.a.example', 'http://127.a.example', 'http://128.0.0.1', 'http://[::2]'],
        ['http://0.0.0.0', 'http://10.0.0.1', 'http://localhost.:1'],
      ].flat(),
      'must start with https:// (http:// only on localhost or a loopback address)',
    ],
    [
      'OFFICE',
      ['http://a.example', 'http://8.8.8.8', 'http://169.254.169.254', 'http://localhost.:1'],
      'must start with https:// (http:// only on localhost or a loopback address)',
    ],
    [
      'OFFICE',
      ['http://192.168.1.20:3000', 'http://gateway.lan', 'http://nas', 'http://[fd00::1]'],
      'must start with https:// (an internal CA will do: NODE_EXTRA_CA_CERTS), unless ALLOW_PRIVATE_HTTP=true accepts that sign-ins can be read and changed in this private network',
    ],
    [
      'RANGES',
      [
        '10.0.0.0/33',
        '10.0.0.0/0',
        '::/0',
        'fe80::1%eth0',
        '::/129',
        '10.0.0',
        'localhost',
        '10.0.0.1/',
        '10.0.0.1/8/8',
        '10.0.0.1/-1',
        'all',
        '10.0.0.1;10.0.0.2',
        '10.0.0.1/x',
      ],
      'must list IP addresses or CIDR ranges, separated by commas',
    ],
    ['SHORT', ['much longer than that'], 'must not be longer than NAME'],
  ])('refuses an invalid %s in one line without its value', (name, values, message) => {
    for (const value of values) expect([value, ...problems({ [name]: value })]).toEqual([value, `${name} ${message}`]);
  });
});

describe('an office without TLS', () => {
  it.each(['http://192.168.1.20:3000', 'http://gateway.lan/sso', 'http://nas', 'http://[fd00::1]:3000'])(
    'is allowed at %s once an operator accepts it',
    (address) => {
      expect(read({ OFFICE: address, ALLOW_PRIVATE_HTTP: 'true' }).office).toBe(address);
      expect(problems({ OFFICE: address, ALLOW_PRIVATE_HTTP: 'false' })).toHaveLength(1);
    },
  );

  it.each(['http://a.example', 'http://8.8.8.8', 'http://169.254.169.254', 'http://192.168.1.20.nip.io'])(
    'is refused at %s',
    (address) => {
      expect(problems({ OFFICE: address, ALLOW_PRIVATE_HTTP: 'true' })).toEqual([
        'OFFICE must start with https:// (http:// only on localhost or a loopback address)',
      ]);
    },
  );
});

describe('a value', () => {
  it.each(['\n', '\r\n', ' ', '\ufeff', '\u00a0', '\t'])('is trimmed of %j', (mark) => {
    expect(read({ SECRET: `${mark}value${mark}`, CHOICE: `${mark}b${mark}` })).toMatchObject({
      secret: 'value',
      choice: 'b',
    });
    expect(read({ SECRET_FILE: file(`${mark}value${mark}`) }).secret).toBe('value');
  });

  it.each([
    ['"CANARY"', 'is in quotation marks: remove them'],
    ["'CANARY", 'is in quotation marks: remove them'],
    ['CANARY”', 'is in quotation marks: remove them'],
    ['one-CANARY\ntwo', 'has several lines: it must be a single line'],
    ['CAN\u200bARY', 'contains an invisible character (U+200B): type it again'],
    ['CAN\u0000ARY', 'contains an invisible character (U+0000): type it again'],
    ['SECRET=CANARY', 'begins with "SECRET=": remove that'],
    ['export CHOICE=CANARY', 'begins with "CHOICE=": remove that'],
  ])('is refused as %j, and not shown', (value, message) => {
    expect(problems({ SECRET: value })).toEqual([`SECRET ${message}`]);
    expect(problems({ SECRET_FILE: file(value) })).toEqual([`SECRET_FILE ${message}`]);
  });

  it('may contain what only resembles that', () => {
    for (const value of ['a"b', 'x=y', 'OTHER=x', 'a b', '密码']) expect(read({ SECRET: value }).secret).toBe(value);
  });

  it.each(['a，b', 'a、b', 'a；b'])('is no list of two as %j', (value) => {
    expect(problems({ LIST: value })).toEqual(['LIST must separate its items with a comma (,), not with ， 、 or ；']);
  });
});

describe('a secret from a file', () => {
  it.each([
    ['content', 'content'],
    ['content\n', 'content'],
    ['content\r\n', 'content'],
    ['content\n\n', 'content'],
    ['\ufeff content \r\n', 'content'],
    ['密码\n', '密码'],
  ])('%j is read as %j', (content, expected) => {
    expect(read({ SECRET_FILE: file(content) }).secret).toBe(expected);
    expect(read({ SECRET_FILE: ` ${file(content)} ` }).secret).toBe(expected);
  });

  it('may be read in another way', () => {
    const bytes = Buffer.from([0, 255, 10, 13, 10]);
    expect(Buffer.from(read({ RAW_FILE: file(bytes) }).raw!).equals(bytes)).toBe(true);
  });

  it('is refused together with the variable itself, unless one of the two is empty', () => {
    const path = file('CANARY-file');
    expect(problems({ SECRET: 'CANARY-value', SECRET_FILE: path })).toEqual([
      'SECRET_FILE and SECRET are both set: keep one',
    ]);
    expect(read({ SECRET: ' ', SECRET_FILE: path }).secret).toBe('CANARY-file');
    expect(read({ SECRET: 'value', SECRET_FILE: '' }).secret).toBe('value');
  });

  it('is kept byte for byte if other programs use the same secret, except for an editor’s newline', () => {
    expect(read({ EXACT_FILE: file('\ufeff "con\ntent" \n') }).exact).toBe('\ufeff "con\ntent" ');
    expect(read({ EXACT: ' "x" ' }).exact).toBe(' "x" ');
  });

  it('is refused if it cannot be read, with its path and the reason', () => {
    const directory = join(folder, 'directory');
    mkdirSync(directory);
    const missing = join(folder, 'missing');
    expect(problems({ SECRET_FILE: missing })).toEqual([
      `SECRET_FILE names a file that cannot be read: in ${folder} (there is no such file, ENOENT)`,
    ]);
    expect(problems({ SECRET_FILE: directory })).toEqual([
      `SECRET_FILE names a file that cannot be read: ${directory} (it is a folder, EISDIR)`,
    ]);
    expect(problems({ SECRET_FILE: 'src/nowhere' })).toEqual([
      `SECRET_FILE names a file that cannot be read: in ${join(process.cwd(), 'src')} (there is no such file, ENOENT)`,
    ]);
  });

  it('is refused without showing what may be the secret itself', () => {
    for (const path of [
      'CANARY-secret',
      'CANARY+b64/x==',
      '/CANARY/b64',
      'CANARY\u0000nul',
      `/tmp/${'CANARY'.repeat(999)}`,
    ]) {
      const error = failureOf(() => fromEnvironment(everything, { ...GIVEN, SECRET_FILE: path }));
      expect(error.problems).toEqual([expect.stringMatching(/^SECRET_FILE names a file that cannot be read: /)]);
      expect(inspect(error)).not.toContain('CANARY');
    }
  });

  it('is read only for variables that allow one', () => {
    expect(problems({ NAME: '', NAME_FILE: file('somebody') })).toEqual(['NAME is required: the name people see']);
  });

  it('is reported as unreadable, but not also as missing', () => {
    const strict = section('', { secret: secret({ required: 'a secret' }) });
    const error = failureOf(() => fromEnvironment(strict, { SECRET_FILE: join(folder, 'missing') }));
    expect(error.problems).toEqual([expect.stringMatching(/^SECRET_FILE names a file that cannot be read/)]);
  });

  // "Empty counts as absent" applies to variables only: an empty file (a secret that was never filled in) would pass as
  // set, and the gateway would start with an empty DINGTALK_CLIENT_SECRET, NOCOBASE_API_TOKEN or NOCOBASE_JWT_SECRET.
  for (const content of ['', '\n', ' \n']) {
    it(`is absent if the file contains ${JSON.stringify(content)}`, () => {
      const strict = section('', { secret: secret({ required: 'a secret' }) });
      expect(failureOf(() => fromEnvironment(strict, { SECRET_FILE: file(content) })).problems).toHaveLength(1);
    });
  }
});

describe('the settings of the gateway', () => {
  const REQUIRED = {
    PUBLIC_URL: 'https://app.example.com/sso',
    AUTH_COOKIE_SECRET: 'c'.repeat(32),
    DINGTALK_CLIENT_ID: 'dingabc',
    DINGTALK_CLIENT_SECRET: 'dingtalk-secret',
    NOCOBASE_URL: 'http://nocobase:13000',
    NOCOBASE_API_TOKEN: 'api-token',
    NOCOBASE_JWT_SECRET: 'app-key',
  };
  const inOnePiece = (environment: Environment): object => {
    const { authenticators, ...settings } = readSettings(environment);
    expect(authenticators).toHaveLength(1);
    return { ...settings, ...authenticators[0] };
  };
  const lines = (environment: Environment): readonly string[] =>
    failureOf(() => readSettings({ ...REQUIRED, ...environment })).problems;

  it.each([
    ['DINGTALK_CORP_ID', 'dingcorpA，dingcorpB', 'DINGTALK_CORP_ID must separate its items with a comma'],
    ['DINGTALK_CORP_ID', 'dingcоrp', 'DINGTALK_CORP_ID must be CorpIds'],
    ['DINGTALK_CORP_ID', 'ding corp', 'DINGTALK_CORP_ID must be CorpIds'],
    ['DINGTALK_CORP_ID', 'ding\u200bcorp', 'DINGTALK_CORP_ID contains an invisible character (U+200B)'],
    ['DINGTALK_CLIENT_ID', 'dingаbc', 'DINGTALK_CLIENT_ID must be ASCII'],
    ['DINGTALK_CLIENT_ID', '{{ $env.ID }}', 'DINGTALK_CLIENT_ID must be ASCII'],
    ['DINGTALK_CLIENT_SECRET', 'se cret', 'DINGTALK_CLIENT_SECRET must be ASCII'],
    ['DINGTALK_CLIENT_SECRET', 'old\nnew', 'DINGTALK_CLIENT_SECRET has several lines'],
    ['DINGTALK_DEFAULT_ROLES', 'member,root', 'DINGTALK_DEFAULT_ROLES must not name root'],
    ['DINGTALK_DEFAULT_ROLES', 'member;staff', 'DINGTALK_DEFAULT_ROLES must name each role on its own'],
    ['NOCOBASE_PROTECTED_ROLES', 'root;admin', 'NOCOBASE_PROTECTED_ROLES must name each role on its own'],
    ['NOCOBASE_PROTECTED_ROLES', 'root，admin', 'NOCOBASE_PROTECTED_ROLES must separate'],
    ['NOCOBASE_API_TOKEN', 'NOCOBASE_API_TOKEN=eyJ', 'NOCOBASE_API_TOKEN begins with "NOCOBASE_API_TOKEN="'],
    ['AUTH_COOKIE_SECRET', `${'x'.repeat(40)}\n${'y'.repeat(40)}`, 'AUTH_COOKIE_SECRET must be one line'],
    ['TRUST_PROXY', '0.0.0.0/0', 'TRUST_PROXY must list IP addresses'],
  ])('refuse %s=%j, which can never be right', (name, value, message) => {
    expect(lines({ [name]: value })).toEqual([expect.stringContaining(message)]);
  });

  it('refuse for TRUST_PROXY whatever Fastify refuses at the start', () => {
    const items = ['127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', '::ffff:10.0.0.1', '0.0.0.0/1', '::/1'];
    const { app } = readSettings({ ...REQUIRED, TRUST_PROXY: items.join(',') });
    expect(() => new FastifyAdapter({ trustProxy: [...app.trustedProxies] })).not.toThrow();
    expect(() => new FastifyAdapter({ trustProxy: ['0.0.0.0/0'] })).toThrow('invalid range');
  });

  it('include a notice if PUBLIC_URL is the address of NocoBase', () => {
    const address = 'https://app.example.com';
    const noticed = (environment: Environment): boolean =>
      readSettings({ ...REQUIRED, ...environment }).notices.some(({ en }) =>
        en.startsWith('PUBLIC_URL is also the address of NocoBase: give PUBLIC_URL its own path'),
      );
    expect(noticed({ PUBLIC_URL: `${address}/`, NOCOBASE_PUBLIC_URL: `${address}:443` })).toBe(true);
    expect(noticed({ PUBLIC_URL: address, NOCOBASE_URL: address })).toBe(true);
    expect(noticed({ PUBLIC_URL: `${address}/sso`, NOCOBASE_PUBLIC_URL: address })).toBe(false);
  });

  it('need seven variables and have the contract’s default for all others', () => {
    const expected = {
      app: {
        port: 3000,
        host: '0.0.0.0',
        publicUrl: 'https://app.example.com/sso',
        trustedProxies: [],
        logLevel: 'info',
      },
      auth: { cookieSecrets: ['c'.repeat(32)], transactionTtlSeconds: 600 },
      redis: undefined,
      dingtalk: {
        clientId: 'dingabc',
        clientSecret: 'dingtalk-secret',
        corpIds: [],
        autoSignUp: false,
        defaultRoles: [],
        loginUrl: 'https://login.dingtalk.com',
        apiUrl: 'https://api.dingtalk.com',
        timeoutMs: 5000,
      },
      nocobase: {
        url: 'http://nocobase:13000',
        publicUrl: 'http://nocobase:13000',
        app: 'main',
        apiToken: 'api-token',
        authenticator: 'dingtalk',
        handOff: 'query',
        timeoutMs: 5000,
      },
      accounts: { defaultPath: '/admin', match: 'phone', severalBindings: false, protectedRoles: ['root', 'admin'] },
    };
    // Compose files write unset variables as empty.
    const empty = Object.fromEntries(
      [
        'PORT',
        'HOST',
        'REDIS_URL',
        'LOG_LEVEL',
        'DINGTALK_CORP_ID',
        'NOCOBASE_PROTECTED_ROLES',
        'NOCOBASE_DEFAULT_PATH',
        'AUTH_COOKIE_SECRET_FILE',
      ].map((name) => [name, '']),
    );
    expect(inOnePiece(REQUIRED)).toMatchObject(expected);
    expect(inOnePiece({ ...REQUIRED, ...empty, UNKNOWN: 'ignored' })).toMatchObject(expected);
  });

  it('name every missing variable, each once', () => {
    // The gateway generates it.
    const { AUTH_COOKIE_SECRET: _made, ...required } = REQUIRED;
    const missing = [...failureOf(() => readSettings({ DINGTALK_CORP_ID: 'ding-of-somebody' })).problems];
    const other = missing.pop();
    expect(missing.map((line) => line.replace(/ .*/, '')).toSorted()).toEqual(Object.keys(required).toSorted());
    for (const line of missing) expect(line).toMatch(/^[A-Z_]+ is required: \S/);
    expect(other).toMatch(/^AUTHENTICATORS_SOURCE=nocobase is the alternative/);
    // Without DingTalk's variables, its form in NocoBase is meant.
    const { problems: inNocoBase } = failureOf(() => readSettings({}));
    expect(inNocoBase.map((line) => line.replace(/ is required: .*/, ''))).toEqual(['PUBLIC_URL', 'NOCOBASE_URL']);
  });

  it.each<[Environment, object]>([
    [{ PORT: '0', HOST: '127.0.0.1' }, { app: { port: 0, host: '127.0.0.1' } }],
    [
      { LOG_LEVEL: 'debug', TRUST_PROXY: '10.0.0.0/8,::1' },
      { app: { logLevel: 'debug', trustedProxies: ['10.0.0.0/8', '::1'] } },
    ],
    [{ REDIS_URL: 'rediss://:pw@redis:6380/1' }, { redis: { mode: 'single', nodes: ['rediss://:pw@redis:6380/1'] } }],
    [
      { REDIS_MODE: 'sentinel', REDIS_URL: 'redis://u:p@a:26379, redis://u:p@b', REDIS_SENTINEL_MASTER: 'mymaster' },
      { redis: { mode: 'sentinel', nodes: ['redis://u:p@a:26379', 'redis://u:p@b'], master: 'mymaster' } },
    ],
    [
      { REDIS_MODE: 'cluster', REDIS_URL: 'rediss://a,rediss://b' },
      { redis: { mode: 'cluster', nodes: ['rediss://a', 'rediss://b'] } },
    ],
    [
      { AUTH_COOKIE_SECRET: `${'a'.repeat(32)}, ${'b'.repeat(40)}` },
      { auth: { cookieSecrets: ['a'.repeat(32), 'b'.repeat(40)] } },
    ],
    [{ AUTH_TRANSACTION_TTL_SECONDS: '60' }, { auth: { transactionTtlSeconds: 60 } }],
    [{ NOCOBASE_PROTECTED_ROLES: 'root, boss' }, { accounts: { protectedRoles: ['root', 'boss'] } }],
    [
      { NOCOBASE_MATCH: 'none', NOCOBASE_SEVERAL_BINDINGS: 'true' },
      { accounts: { match: 'none', severalBindings: true } },
    ],
    [{ NOCOBASE_DEFAULT_PATH: '/v/admin?x=1#y' }, { accounts: { defaultPath: '/v/admin?x=1#y' } }],
    [{ NOCOBASE_DEFAULT_PATH: '/home/start' }, { accounts: { defaultPath: '/home/start' } }],
    [
      { NOCOBASE_DEFAULT_PATH: '/apps/branch/admin', NOCOBASE_APP: 'branch' },
      { accounts: { defaultPath: '/apps/branch/admin' } },
    ],
    [{ NOCOBASE_RETURN_PATHS: '/portal, /kiosk/hall' }, { accounts: { returnPaths: ['/portal', '/kiosk/hall'] } }],
    [
      { NOCOBASE_DEFAULT_PATH: '/new/admin', NOCOBASE_MODERN_CLIENT_PREFIX: 'new' },
      { accounts: { defaultPath: '/new/admin' }, nocobase: { modernPrefix: 'new' } },
    ],
    [
      { NOCOBASE_DEFAULT_PATH: '/admin', NOCOBASE_API_BASE_PATH: '/rest/', NOCOBASE_STORAGE_TYPE: 'memory' },
      { nocobase: { apiBasePath: '/rest/', storageType: 'memory' } },
    ],
    [
      { NOCOBASE_PUBLIC_URL: 'https://app.example.com' },
      { nocobase: { publicUrl: 'https://app.example.com', handOff: 'page' } },
    ],
    [{}, { dingtalk: { leavers: 'report', events: 'off' } }],
    [
      {
        DINGTALK_LEAVERS: 'lock',
        DINGTALK_EVENTS: 'push',
        DINGTALK_EVENT_TOKEN: 'abc123',
        DINGTALK_EVENT_AES_KEY: 'k'.repeat(43),
      },
      { dingtalk: { leavers: 'lock', events: 'push', eventToken: 'abc123', eventAesKey: 'k'.repeat(43) } },
    ],
    [
      { NOCOBASE_APP: 'branch', NOCOBASE_AUTHENTICATOR: 'dingtalk-branch' },
      { nocobase: { app: 'branch', authenticator: 'dingtalk-branch' } },
    ],
  ])('are read from %j', (environment, expected) => {
    expect(inOnePiece({ ...REQUIRED, ...environment })).toMatchObject(expected);
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PUBLIC_URL', 'http://app.example.com'],
    ['PUBLIC_URL', 'app.example.com'],
    ['TRUST_PROXY', 'true'],
    ['LOG_LEVEL', 'loud'],
    ['REDIS_URL', 'http://redis:6379'],
    ['AUTH_COOKIE_SECRET', 'c'.repeat(31)],
    ['AUTH_COOKIE_SECRET', `${'c'.repeat(32)},short`],
    ['AUTH_COOKIE_SECRET', ',,,'],
    ['AUTH_TRANSACTION_TTL_SECONDS', '-5'],
    ['AUTH_TRANSACTION_TTL_SECONDS', '3601'],
    ['NOCOBASE_MATCH', 'email'],
    ['NOCOBASE_MATCH', 'None'],
    ['NOCOBASE_MATCH', 'phone,none'],
    ['NOCOBASE_SEVERAL_BINDINGS', 'yes'],
    ['NOCOBASE_DEFAULT_PATH', '//evil.example'],
    ['NOCOBASE_DEFAULT_PATH', 'somewhere'],
    ['NOCOBASE_DEFAULT_PATH', 'https://app.example.com/admin'],
    ['NOCOBASE_DEFAULT_PATH', '/signin'],
    ['NOCOBASE_DEFAULT_PATH', '/api/users:list'],
    ['NOCOBASE_DEFAULT_PATH', '/API/x'],
    ['NOCOBASE_DEFAULT_PATH', '/%61pi/x'],
    ['NOCOBASE_DEFAULT_PATH', '/files/x.html'],
    ['NOCOBASE_DEFAULT_PATH', '/storage/uploads/x.html'],
    ['NOCOBASE_DEFAULT_PATH', '/users:destroy'],
    ['NOCOBASE_DEFAULT_PATH', '/apps/other/admin'],
    ['NOCOBASE_RETURN_PATHS', '/portal,/api'],
    ['NOCOBASE_RETURN_PATHS', '/Files'],
    ['NOCOBASE_RETURN_PATHS', '/storage/uploads'],
    ['NOCOBASE_RETURN_PATHS', '/ws'],
    ['NOCOBASE_RETURN_PATHS', '/static'],
    ['NOCOBASE_RETURN_PATHS', '/apps/other'],
    ['NOCOBASE_RETURN_PATHS', '/users:list'],
    ['NOCOBASE_RETURN_PATHS', '/signin'],
    ['NOCOBASE_RETURN_PATHS', 'https://evil.example'],
    ['NOCOBASE_RETURN_PATHS', ','],
  ])('refuse %s=%s in one line that names it', (name, value) => {
    const problem = lines({ [name]: value });
    expect(problem).toHaveLength(1);
    expect(problem[0]).toMatch(new RegExp(`^${name} `));
    expect(problem[0]).not.toContain(value);
  });

  it.each([
    ["NocoBase's API, wherever it is", { NOCOBASE_API_BASE_PATH: '/rest/v1/', NOCOBASE_DEFAULT_PATH: '/rest/v1/x' }],
    ['another client', { NOCOBASE_MODERN_CLIENT_PREFIX: 'new', NOCOBASE_DEFAULT_PATH: '/new/signin' }],
    [
      'the name of a sub-app at its own domain',
      { NOCOBASE_APP: 'branch', NOCOBASE_APP_DOMAIN: 'true', NOCOBASE_DEFAULT_PATH: '/apps/branch/admin' },
    ],
  ])('send no one to %s', (_what, environment) => {
    expect(lines(environment)).toEqual([expect.stringMatching(/^NOCOBASE_DEFAULT_PATH must be a page/)]);
  });

  it('never print a value: not in a line, not in the error, not in its stack', () => {
    const names = [
      Object.keys(REQUIRED),
      [
        'PORT',
        'HOST',
        'TRUST_PROXY',
        'LOG_LEVEL',
        'REDIS_URL',
        'AUTH_TRANSACTION_TTL_SECONDS',
        'DINGTALK_AUTO_SIGN_UP',
      ],
      [
        'DINGTALK_ALLOW_ANY_ORGANIZATION',
        'DINGTALK_LOGIN_URL',
        'NOCOBASE_HANDOFF',
        'NOCOBASE_APP',
        'NOCOBASE_DEFAULT_PATH',
      ],
      ['AUTH_COOKIE_SECRET_FILE', 'DINGTALK_CLIENT_SECRET_FILE', 'NOCOBASE_JWT_SECRET_FILE', 'NOCOBASE_API_TOKEN_FILE'],
    ].flat();
    const canary = fc.constantFrom(
      'CANARY',
      'redis://:CANARY@',
      'https://u:CANARY@h',
      '/CANARY',
      'a,CANARY',
      '\u0000CANARY',
      '-CANARY',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...names), canary), { minLength: 1, maxLength: 20 }), (pairs) => {
        try {
          readSettings({ ...REQUIRED, ...Object.fromEntries(pairs) });
        } catch (error) {
          expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('CANARY');
          expect(JSON.stringify(error)).not.toContain('CANARY');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('list those that are ignored because NocoBase decides', () => {
    const vain = { NOCOBASE_MATCH: 'none', DINGTALK_AUTO_SIGN_UP: 'false', NOCOBASE_PROTECTED_ROLES: '' };
    const [stock] = readSettings({ ...REQUIRED, ...vain }).authenticators;
    expect(stock).not.toHaveProperty('ignored');
    const [ticket] = readSettings({ ...REQUIRED, ...vain, NOCOBASE_HANDOFF: 'ticket' }).authenticators;
    expect(ticket?.ignored).toEqual([
      'NOCOBASE_MATCH',
      'DINGTALK_AUTO_SIGN_UP',
      'NOCOBASE_API_TOKEN',
      'NOCOBASE_JWT_SECRET',
    ]);
    const { source } = readSettings({ ...REQUIRED, ...vain, AUTHENTICATORS_SOURCE: 'nocobase' });
    expect(source).toMatchObject({
      ignored: expect.arrayContaining(['DINGTALK_CLIENT_ID', 'DINGTALK_CLIENT_SECRET', 'NOCOBASE_MATCH']),
    });
  });

  it('refuse what this version cannot do instead of doing something else', () => {
    expect(() => readSettings({ ...REQUIRED, NOCOBASE_HANDOFF: 'tickets' })).toThrow(/^NOCOBASE_HANDOFF /);
  });
});
