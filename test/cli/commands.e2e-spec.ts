import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { USER_FIELDS } from '../../src/cli/bindings/user-key.js';

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

/** The built program in a folder of its own. */
async function run(args: readonly string[], environment: Record<string, string> = {}, dotEnv?: string) {
  const cwd = mkdtempSync(join(tmpdir(), 'gateway-'));
  if (dotEnv !== undefined) writeFileSync(join(cwd, '.env'), dotEnv);
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
  ])('end with 2 when they are called wrongly: %j', async (args) => {
    const { code, stdout, stderr } = await run(args, COMPLETE);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('--help');
  });

  it('name the columns of the CSV as the reader of the file does', async () => {
    const { stdout } = await run(['bind', '--help']);
    const [last, ...others] = USER_FIELDS.toReversed();
    expect(stdout).toContain(`at NocoBase: ${others.toReversed().join(', ')} or ${last}.`);
  });

  it('ask nobody who is not there: without credentials they say which variable is missing', async () => {
    const { code, stdout, stderr } = await run(['bindings'], { NOCOBASE_URL: 'http://127.0.0.1:1' });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/Account with the role root at http:\/\/127\.0\.0\.1:1: .*set the variable instead/s);
  });

  it('check the configuration without asking anybody, and show no secret', async () => {
    const text = await run(['check'], COMPLETE);
    expect([text.code, text.stderr]).toEqual([0, '']);
    expect(text.stdout).toContain('https://app.example.com/sso/auth/dingtalk/dingtalk/callback');
    const json = await run(['check', '--json'], COMPLETE);
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
    expect([text.code, text.stderr]).toEqual([1, '']);
    expect(
      text.stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(['PUBLIC_URL', 'DINGTALK_CLIENT_ID']);
    const json = await run(['check', '--json'], { ...COMPLETE, ...change });
    expect(JSON.parse(json.stdout)).toEqual({ ok: false, problems: text.stdout.trimEnd().split('\n') });
    expect(text.stdout + json.stdout).not.toContain(CANARY);
  });

  it('read .env in the folder in which they are called', async () => {
    const dotEnv = Object.entries(COMPLETE).map(([name, value]) => `${name}=${value}\n`);
    expect((await run(['check'], {}, dotEnv.join(''))).code).toBe(0);
  });

  it('take .env as Windows writes it: byte order mark, line ends, quotes', async () => {
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
    expect([text.code, text.stderr]).toEqual([1, '正在检测…\n']);
    expect(text.stdout).toContain('✗ NocoBase 服务');
    for (const { stdout, stderr } of [json, text]) expect(stdout + stderr).not.toMatch(new RegExp(`${CANARY}|\\u001b`));
  }, 60_000);

  it('are a program that a shell can run', () => {
    expect(readFileSync(MAIN, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});
