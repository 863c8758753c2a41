import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { USER_FIELDS } from '../../src/cli/bindings/user-key.js';
import { deriveSigningKey } from '../../src/plugin-client/signing/signing-key.js';

const ROOT = join(__dirname, '..', '..');
const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { bin: Record<string, string> };
const MAIN = join(ROOT, bin['nocobase-dingtalk-gateway'] ?? '');
const CANARY = 'canary-Value-that-1-must-not-be-printed';

const COMPLETE = {
  PUBLIC_URL: 'https://app.example.com/sso',
  AUTH_COOKIE_SECRET: `${CANARY}-cookie`,
  DINGTALK_CLIENT_ID: 'client-id',
  DINGTALK_CLIENT_SECRET: `${CANARY}-client`,
  DINGTALK_CORP_ID: 'ding1,ding2',
  NOCOBASE_URL: 'http://127.0.0.1:1',
  NOCOBASE_PUBLIC_URL: 'https://app.example.com',
  NOCOBASE_API_TOKEN: `${CANARY}-key`,
  NOCOBASE_JWT_SECRET: `${CANARY}-jwt`,
  REDIS_URL: `redis://:${CANARY}@127.0.0.1:1`,
};

/** The built program in a separate folder. */
async function run(
  args: readonly string[],
  environment: Record<string, string> = {},
  dotEnv?: string | ((path: string) => void),
) {
  const cwd = mkdtempSync(join(tmpdir(), 'gateway-'));
  if (typeof dotEnv === 'string') writeFileSync(join(cwd, '.env'), dotEnv);
  else dotEnv?.(join(cwd, '.env'));
  const env = { PATH: process.env['PATH'] ?? '', ...environment };
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

describe('The commands, as built', () => {
  beforeAll(() => {
    if (!existsSync(MAIN)) throw new Error('not built: run `npm run build` first');
  });

  it('explain themselves, with examples and exit codes', async () => {
    const help = await run(['--help']);
    expect([help.code, help.stderr]).toEqual([0, '']);
    for (const command of ['start', 'check', 'doctor', 'provision', 'bind', 'unbind', 'bindings']) {
      expect(help.stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    }
    expect(help.stdout).toContain('Exit codes: 0');
    for (const command of ['check', 'doctor', 'provision', 'bind', 'unbind', 'bindings']) {
      const { code, stdout } = await run([command, '--help']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Examples?:\n {2}nocobase-dingtalk-gateway /);
    }
  }, 60_000);

  it.each([
    [['nonsense']],
    [['doctor', '--nonsense']],
    [['doctor', '--lang', 'fr']],
    [['unbind']],
    [['start', 'now']],
    [['bindings', '--csv', '--json']],
  ])('end with 2 for wrong arguments: %j', async (args) => {
    const { code, stdout, stderr } = await run(args, COMPLETE);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('--help');
  });

  it.each(['', 'start', 'check', 'doctor', 'provision', 'bind', 'unbind', 'bindings'])(
    'print their version: %s --version',
    async (command) => {
      const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
      const said = await run([...(command === '' ? [] : [command]), '--version']);
      expect(said).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    },
  );

  it("name the CSV columns as the file's parser does", async () => {
    const { stdout } = await run(['bind', '--help']);
    const [last, ...others] = USER_FIELDS.toReversed();
    expect(stdout).toContain(`in NocoBase: ${others.toReversed().join(', ')} or ${last}.`);
  });

  it('ask no questions without a terminal: without credentials they name the missing variable', async () => {
    const { code, stdout, stderr } = await run(['bindings'], { NOCOBASE_URL: 'http://127.0.0.1:1' });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/Account with the role root at http:\/\/127\.0\.0\.1:1: .*set the variable instead/s);
  });

  it('check the configuration without any request, and show no secret', async () => {
    const text = await run(['check'], COMPLETE);
    expect([text.code, text.stderr]).toEqual([0, '']);
    expect(text.stdout).toContain('https://app.example.com/sso/auth/dingtalk/dingtalk/callback');
    const json = await run(['check', '--json'], COMPLETE);
    const { signingKeys } = JSON.parse(json.stdout) as { signingKeys: string[] };
    // What NocoBase's administrator compares with the keys in the form.
    expect(signingKeys).toEqual([deriveSigningKey(COMPLETE.AUTH_COOKIE_SECRET).publicJwk.kid]);
    expect(text.stdout).toMatch(new RegExp(`^Signing keys +${signingKeys[0]}$`, 'm'));
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: true,
      secretsSet: [
        'AUTH_COOKIE_SECRET',
        'DINGTALK_CLIENT_SECRET',
        'NOCOBASE_API_TOKEN',
        'NOCOBASE_JWT_SECRET',
        'REDIS_URL',
      ],
      authenticators: [{ name: 'dingtalk', handOff: 'page', organizations: ['ding1', 'ding2'] }],
    });
    expect(text.stdout + json.stdout).not.toContain(CANARY);
  });

  it('name every problem of the configuration', async () => {
    const change = { PUBLIC_URL: 'ftp://x', DINGTALK_CLIENT_ID: '' };
    const text = await run(['check'], { ...COMPLETE, ...change });
    expect([text.code, text.stderr]).toEqual([1, expect.stringMatching(/^\(there is no .*\.env\)\n$/)]);
    expect(
      text.stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(['PUBLIC_URL', 'DINGTALK_CLIENT_ID', 'AUTHENTICATORS_SOURCE=nocobase']);
    const json = await run(['check', '--json'], { ...COMPLETE, ...change });
    expect(JSON.parse(json.stdout)).toEqual({ ok: false, problems: text.stdout.trimEnd().split('\n') });
    expect(text.stdout + json.stdout).not.toContain(CANARY);
  });

  it('name the variables that have no effect if NocoBase has the settings', async () => {
    const vain = { NOCOBASE_HANDOFF: 'ticket', NOCOBASE_MATCH: 'none', NOCOBASE_PROTECTED_ROLES: 'root' };
    const { stdout } = await run(['check'], { ...COMPLETE, ...vain });
    expect(stdout).toMatch(/Ignored: NocoBase decides +NOCOBASE_MATCH, NOCOBASE_PROTECTED_ROLES/);
    const all = await run(['check', '--json'], { ...COMPLETE, ...vain, AUTHENTICATORS_SOURCE: 'nocobase' });
    expect((JSON.parse(all.stdout) as { ignored: string[] }).ignored).toEqual(
      expect.arrayContaining(['NOCOBASE_MATCH', 'NOCOBASE_PROTECTED_ROLES', 'DINGTALK_CLIENT_ID']),
    );
    const { stdout: stock } = await run(['check'], { ...COMPLETE, NOCOBASE_MATCH: 'none' });
    expect(stock).not.toContain('Ignored');
    expect(stock).toMatch(/Matched by +bindings only/);
  }, 60_000);

  it('refuse a misspelled variable, in check, start and doctor', async () => {
    for (const args of [['check'], ['start'], ['doctor']]) {
      const { code, stdout, stderr } = await run(args, { ...COMPLETE, DINGTALK_CORP_ID: '', DINGTALK_CORPID: CANARY });
      expect([args, code]).toEqual([args, 1]);
      expect(stdout + stderr).toContain('DINGTALK_CORPID is not a variable of the gateway: DINGTALK_CORP_ID is meant?');
      expect(stdout + stderr).not.toContain(CANARY);
      const chinese = await run([...args, '--lang', 'zh'], {
        ...COMPLETE,
        DINGTALK_CORP_ID: '',
        DINGTALK_CORPID: CANARY,
      });
      expect([args, chinese.code]).toEqual([args, 1]);
      expect(chinese.stdout + chinese.stderr).toContain('DINGTALK_CORPID 不是网关的变量：是否应为 DINGTALK_CORP_ID？');
      expect(chinese.stdout + chinese.stderr).not.toContain(CANARY);
    }
    const inFile = await run(['check'], COMPLETE, 'TRUSTPROXY=127.0.0.1\n');
    expect(inFile).toMatchObject({
      code: 1,
      stdout: 'TRUSTPROXY is not a variable of the gateway: TRUST_PROXY is meant?\n',
    });
  });

  it('name variables that have no effect, or are probably wrong', async () => {
    const odd = {
      ...COMPLETE,
      NOCOBASE_JWT_SECRET: `"${CANARY}"`,
      AUTH_COOKIE_SECRET: ` ${COMPLETE.AUTH_COOKIE_SECRET}\n`,
    };
    const { code, stdout } = await run(['check'], { ...odd, REDIS_HOST: 'redis', NOCOBASE_PKG_URL: 'x' });
    expect(code).toBe(0);
    expect(stdout).toContain('! REDIS_HOST is not a variable of the gateway (the nearest is REDIS_MODE)\n');
    expect(stdout).toContain('! NOCOBASE_JWT_SECRET is in quotation marks: remove them; it is used unchanged\n');
    expect(stdout).toContain(
      '! AUTH_COOKIE_SECRET begins or ends with a space, a line break or an invisible character;',
    );
    expect(stdout).toContain(
      '! NOCOBASE_API_TOKEN does not look like an API key of NocoBase, which contains two dots\n',
    );
    expect(stdout).not.toContain('PKG');
    const doctor = await run(['doctor', '--lang', 'zh'], { ...odd, REDIS_HOST: 'redis' });
    expect(doctor.stdout).toContain('REDIS_HOST 不是网关的变量');
    expect(stdout + doctor.stdout).not.toContain(CANARY);
  });

  it('list the variables that an authenticators file replaces', async () => {
    const nocobase = '{ url: "http://127.0.0.1:1", apiToken: a.b.c, jwtSecret: { env: NOCOBASE_JWT_SECRET } }';
    const file = join(mkdtempSync(join(tmpdir(), 'gateway-')), 'authenticators.yaml');
    writeFileSync(
      file,
      `authenticators: [{ name: dingtalk, dingtalk: { clientId: a, clientSecret: b }, nocobase: ${nocobase} }]`,
    );
    const { stdout } = await run(['check', '--json'], { ...COMPLETE, AUTHENTICATORS_FILE: file });
    const { notices } = JSON.parse(stdout) as { notices: string[] };
    expect(notices).toEqual([
      'set, but not used beside AUTHENTICATORS_FILE: DINGTALK_CLIENT_ID, DINGTALK_CLIENT_SECRET, DINGTALK_CORP_ID, NOCOBASE_API_TOKEN, NOCOBASE_PUBLIC_URL, NOCOBASE_URL',
    ]);
  });

  it('explain what is wrong with .env', async () => {
    const cases: [(path: string) => void, RegExp][] = [
      [(path) => mkdirSync(path), /\.env cannot be read: it is a folder \(EISDIR\)/],
      [(path) => writeFileSync(path, Buffer.from('\ufeffPUBLIC_URL=x', 'utf16le')), /\.env is not in UTF-8/],
      [(path) => symlinkSync('.env', path), /\.env cannot be read: its symbolic links form a loop/],
    ];
    // Root may read everything.
    if (process.getuid?.() !== 0)
      cases.push([
        (path) => writeFileSync(path, '', { mode: 0 }),
        /\.env cannot be read: this user is not allowed to read it/,
      ]);
    for (const [make, message] of cases) {
      const { code, stdout, stderr } = await run(['check'], COMPLETE, make);
      expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(message)]);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it('say where missing variables were looked for', async () => {
    for (const command of ['check', 'start']) {
      expect((await run([command], {})).stderr).toMatch(/\(there is no \/\S+\/\.env\)\n$/);
      expect((await run([command], {}, 'PORT=3000\n')).stderr).toMatch(/\(also read: \/\S+\/\.env\)\n$/);
    }
  });

  it('accept nothing from .env that is truncated there, or that disables TLS', async () => {
    const { DINGTALK_CLIENT_SECRET: _, ...others } = COMPLETE;
    const lines = ['DINGTALK_CLIENT_SECRET=abc#def', 'NOCOBASE_DEFAULT_PATH="/admin#b"', 'PORT=3000 # a comment'];
    const { code, stdout } = await run(['check'], others, [...lines, 'NODE_TLS_REJECT_UNAUTHORIZED=0', ''].join('\n'));
    expect(code).toBe(1);
    expect(stdout).toContain('DINGTALK_CLIENT_SECRET in .env has a #, and what follows it would be left out');
    expect(stdout).toContain('NODE_TLS_REJECT_UNAUTHORIZED is not read from .env');
    expect(stdout).not.toMatch(/PORT|NOCOBASE_DEFAULT_PATH in/);
  });

  it('read .env in the current folder', async () => {
    const dotEnv = Object.entries(COMPLETE).map(([name, value]) => `${name}=${value}\n`);
    expect((await run(['check'], {}, dotEnv.join(''))).code).toBe(0);
  });

  it('accept .env as Windows writes it: byte order mark, line ends, quotes', async () => {
    const lines = Object.entries(COMPLETE).map(([name, value]) => `${name}="${value}"`);
    const { code, stdout } = await run(['check', '--json'], { NOCOBASE_APP: 'branch' }, `\uFEFF${lines.join('\r\n')}`);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ publicUrl: COMPLETE.PUBLIC_URL, authenticators: [{ app: 'branch' }] });
  });

  it('write results to stdout and progress to stderr, without colours in a pipe', async () => {
    const json = await run(['doctor', '--json'], COMPLETE);
    expect(json.code).toBe(1);
    expect(json.stderr).toBe('');
    const { ok, findings } = JSON.parse(json.stdout) as { ok: boolean; findings: object[] };
    expect(ok).toBe(false);
    for (const finding of findings) {
      expect(Object.keys(finding)).toEqual(['authenticator', 'id', 'status', 'title', 'detail', 'fix']);
    }
    const text = await run(['doctor', '--lang', 'zh'], COMPLETE);
    expect([text.code, text.stderr]).toEqual([1, '正在检查…\n']);
    expect(text.stdout).toContain('✗ NocoBase 服务');
    for (const { stdout, stderr } of [json, text]) expect(stdout + stderr).not.toMatch(new RegExp(`${CANARY}|\\u001b`));
  }, 60_000);

  it('are a program that a shell can run', () => {
    expect(readFileSync(MAIN, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});
