import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { InvalidEnvironmentError } from '../config/index.js';
import { readAuthenticatorsFile } from './authenticators-file.js';
import { authenticatorsJsonSchema } from './authenticators-file.schema.js';

const SECRET = 'CANARY-secret-that-must-not-be-printed';
const ENVIRONMENT = {
  PUBLIC_URL: 'https://app.example.com/sso',
  DING_SECRET: SECRET,
  BRANCH_SECRET: `${SECRET}-branch`,
};

/** The complete example of the contract. */
const EXAMPLE = `
defaults:
  nocobase:
    url: http://nocobase:13000
    publicUrl: https://app.example.com
    apiToken: { file: secrets/nocobase-token }
    jwtSecret: { file: secrets/nocobase-jwt }
authenticators:
  - name: dingtalk
    title: { en-US: DingTalk, zh-CN: 钉钉 }
    logo: logo.svg
    dingtalk: { clientId: dingabc, clientSecret: { env: DING_SECRET }, corpId: [ding123], autoSignUp: true, defaultRoles: [member] }
  - name: dingtalk-branch
    title: { zh-CN: 分公司 }
    dingtalk: { clientId: dingxyz, clientSecret: { env: BRANCH_SECRET }, corpId: [ding456, ding789], timeoutMs: 2500 }
    nocobase: { app: branch, protectedRoles: root }
`;

function written(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'authenticators-'));
  mkdirSync(join(folder, 'secrets'));
  writeFileSync(join(folder, 'secrets', 'nocobase-token'), `${SECRET}-token\n`);
  writeFileSync(join(folder, 'secrets', 'nocobase-jwt'), Buffer.alloc(32, 10));
  writeFileSync(join(folder, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(folder, 'logo.html'), '<script>');
  writeFileSync(join(folder, 'large.png'), Buffer.alloc(65 * 1024));
  const path = join(folder, 'authenticators.yaml');
  writeFileSync(path, text);
  return path;
}

function problemsOf(text: string, environment: Record<string, string> = ENVIRONMENT): readonly string[] {
  try {
    readAuthenticatorsFile(written(text), environment);
  } catch (error) {
    if (error instanceof InvalidEnvironmentError) return error.problems;
    throw error;
  }
  return [];
}

describe('AUTHENTICATORS_FILE', () => {
  it('combines what each entry says with the defaults of the variables', () => {
    const [first, second, ...others] = readAuthenticatorsFile(written(EXAMPLE), ENVIRONMENT);
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      name: 'dingtalk',
      title: { en: 'DingTalk', zh: '钉钉' },
      logo: `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64')}`,
      dingtalk: { clientId: 'dingabc', clientSecret: SECRET, corpIds: ['ding123'], autoSignUp: true, timeoutMs: 5000 },
      nocobase: { url: 'http://nocobase:13000', apiToken: `${SECRET}-token`, app: 'main', handOff: 'page' },
      accounts: { defaultPath: '/admin', protectedRoles: ['root', 'admin'] },
    });
    // 32 bytes are NocoBase's own secret, even if they look like text with a trailing newline.
    const { nocobase } = first!;
    expect(Buffer.from(nocobase.handOff === 'ticket' ? [] : nocobase.jwtSecret)).toEqual(Buffer.alloc(32, 10));
    expect(second).toMatchObject({
      name: 'dingtalk-branch',
      title: { en: '分公司', zh: '分公司' },
      dingtalk: {
        clientSecret: `${SECRET}-branch`,
        corpIds: ['ding456', 'ding789'],
        autoSignUp: false,
        timeoutMs: 2500,
      },
      nocobase: { authenticator: 'dingtalk-branch', app: 'branch', apiToken: `${SECRET}-token` },
      accounts: { protectedRoles: ['root'] },
    });
  });

  it('may be JSON', () => {
    const [first] = readAuthenticatorsFile(written(JSON.stringify(parse(EXAMPLE))), ENVIRONMENT);
    expect(first?.dingtalk.clientId).toBe('dingabc');
  });

  it('replaces the variables: those of the environment are ignored', () => {
    const environment = {
      ...ENVIRONMENT,
      DINGTALK_AUTO_SIGN_UP: 'true',
      NOCOBASE_APP: 'other',
      DINGTALK_CORP_ID: 'any',
    };
    const [first, second] = readAuthenticatorsFile(written(EXAMPLE), environment);
    expect([first?.nocobase.app, second?.dingtalk.autoSignUp]).toEqual(['main', false]);
  });

  it.each([
    [
      'a key that does not exist',
      ['autoSignUp', 'autoSignup'],
      'authenticators[0].dingtalk: has unknown keys: autoSignup',
    ],
    ['another type', ['autoSignUp: true', 'autoSignUp: "yes"'], 'authenticators[0].dingtalk.autoSignUp: '],
    ['an empty list, which must not open what it restricts', ['[ding123]', '[]'], 'authenticators[0].dingtalk.corpId'],
    ['an empty value', ['clientId: dingabc', 'clientId: ""'], 'authenticators[0].dingtalk.clientId'],
    ['a blank item, which would count as none', ['[ding123]', "[' ']"], 'authenticators[0].dingtalk.corpId'],
    ['a comma inside an item', ['[ding123]', '["ding123,ding9"]'], 'authenticators[0].dingtalk.corpId'],
    ['no value', ['[ding123]', 'null'], 'authenticators[0].dingtalk.corpId'],
    ['a repeated name', ['name: dingtalk-branch', 'name: dingtalk'], 'names the authenticator dingtalk twice'],
    ['a name that is a path', ['name: dingtalk-branch', 'name: a/../b'], 'authenticators[1].name'],
    ['a missing setting', ['clientId: dingxyz,', ''], 'dingtalk-branch: dingtalk.clientId is required'],
    ['an invalid address', ['http://nocobase:13000', 'nocobase'], 'dingtalk: nocobase.url must be'],
    ['a missing secret file', ['secrets/nocobase-jwt', 'nowhere'], 'dingtalk: nocobase.jwtSecret names a file'],
    ['an unset variable', ['env: BRANCH_SECRET', 'env: NOWHERE'], 'dingtalk.clientSecret names the variable NOWHERE'],
    [
      'a secret instead of its variable’s name',
      ['env: BRANCH_SECRET', 'env: xCANARYx'],
      'dingtalk.clientSecret names a variable, which is not set',
    ],
    [
      'two forms of a secret',
      ['{ env: DING_SECRET }', '{ env: A, file: b }'],
      'authenticators[0].dingtalk.clientSecret: must be a text, { file: path } or { env: NAME }',
    ],
    ['sign-up for everyone', ['corpId: [ding123], ', ''], 'dingtalk: dingtalk.allowAnyOrganization must be true'],
    ['a logo that is no image', ['logo.svg', 'logo.html'], 'dingtalk: logo must be'],
    ['a logo that is too large', ['logo.svg', 'large.png'], 'dingtalk: logo must have at most 64 KiB'],
    ['a missing logo', ['logo.svg', 'nowhere.png'], 'dingtalk: logo names a file that cannot be read'],
    ['no authenticators', [/authenticators:[^]*/, 'authenticators: []'], 'authenticators: '],
    ['broken YAML', ['name: dingtalk-branch', `name: "${SECRET}`], 'is not YAML or JSON: '],
    [
      'a repeated key',
      ['    logo: logo.svg', '    logo: a.svg\n    logo: b.svg'],
      'is not YAML or JSON: DUPLICATE_KEY in line 1',
    ],
  ] as const)('is refused with %s, with the location and without a value', (_what, [from, to], message) => {
    const problems = problemsOf(EXAMPLE.replace(from, to));
    expect(problems).toEqual(expect.arrayContaining([expect.stringContaining(message)]));
    for (const problem of problems) expect(problem).toMatch(/^AUTHENTICATORS_FILE/);
    expect(problems.join('\n')).not.toContain('CANARY');
  });

  it('reports the problems of all entries together', () => {
    const text = EXAMPLE.replace('clientId: dingabc,', '').replace('clientId: dingxyz,', '');
    expect(problemsOf(text)).toHaveLength(2);
  });

  it('names the first tab in words, and once', () => {
    const text = EXAMPLE.replace('    logo: logo.svg', '\tlogo: logo.svg').replace(
      '    title: { zh-CN',
      '\ttitle: { zh-CN',
    );
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(
        /^AUTHENTICATORS_FILE is not YAML or JSON: line \d+ begins with a tab, where YAML allows only spaces$/,
      ),
    ]);
  });

  it('is refused in terms of the file, not of the schema', () => {
    expect(problemsOf('')).toEqual(['AUTHENTICATORS_FILE: the file: must be a group of keys and values']);
    expect(problemsOf('authenticators: 1')).toEqual(['AUTHENTICATORS_FILE: authenticators: must be a list']);
    expect(problemsOf(EXAMPLE.replace('name: dingtalk-branch', 'name: a b'))).toEqual([
      'AUTHENTICATORS_FILE: authenticators[1].name: must be a name of at most 64 letters, digits, "-" and "_"',
    ]);
  });

  it('survives aliases of aliases', () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 0; i < 9; i += 1)
      lines.push(
        `b${i}: &b${i} [${Array(10)
          .fill(i === 0 ? '*a' : `*b${i - 1}`)
          .join(', ')}]`,
      );
    expect(problemsOf(lines.join('\n'))).toEqual(['AUTHENTICATORS_FILE has too many aliases']);
  });

  it('is refused or parsed, for any content, and never revealed', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (json, at) => {
        const text =
          at % 2 === 0 ? json : EXAMPLE.slice(0, at % EXAMPLE.length) + json + EXAMPLE.slice(at % EXAMPLE.length);
        expect(problemsOf(text).join()).not.toContain('CANARY');
      }),
      { numRuns: 60 },
    );
  });
});

describe('The JSON Schema of AUTHENTICATORS_FILE', () => {
  const shipped = join(dirname(dirname(__dirname)), 'authenticators.schema.json');
  const validate = new Ajv2020().compile(authenticatorsJsonSchema());

  it('is shipped up to date (npm run schema)', () => {
    expect(JSON.parse(readFileSync(shipped, 'utf8'))).toEqual(authenticatorsJsonSchema());
  });

  it('accepts the example and refuses what the gateway refuses', () => {
    expect(validate(parse(EXAMPLE))).toBe(true);
    expect(validate(parse(EXAMPLE.replace('autoSignUp', 'autoSignup')))).toBe(false);
    expect(validate(parse(EXAMPLE.replace('[ding123]', '[]')))).toBe(false);
    expect(validate({ authenticators: [] })).toBe(false);
  });
});
