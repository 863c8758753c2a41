import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './support/free-port.js';

const MAIN = join(__dirname, '..', 'dist', 'main.js');
const CANARY = 'canary-secret-value-that-must-not-be-printed';

const COMPLETE = {
  PUBLIC_URL: 'https://sso.example.com',
  AUTH_COOKIE_SECRET: 'a-cookie-secret-for-tests-and-not-a-real-one',
  DINGTALK_CLIENT_ID: 'client-id',
  DINGTALK_CLIENT_SECRET: CANARY,
  NOCOBASE_URL: 'http://127.0.0.1:1',
  NOCOBASE_API_TOKEN: CANARY,
  NOCOBASE_JWT_SECRET: CANARY,
};

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built gateway as an operator starts it. @param until stops it with SIGTERM once this text is in its output */
async function run(
  environment: Record<string, string>,
  until?: string,
  cwd = mkdtempSync(join(tmpdir(), 'gateway-')),
  args: readonly string[] = [],
): Promise<Run> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', ...environment },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
    // Once: a second signal would not wait for the first.
    if (until !== undefined && !child.killed && stdout.includes(until)) child.kill('SIGTERM');
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

const without = (name: string): Record<string, string> => {
  return Object.fromEntries(Object.entries(COMPLETE).filter(([key]) => key !== name));
};

describe('The built gateway', () => {
  beforeAll(() => {
    if (!existsSync(MAIN)) throw new Error('not built: run `npm run build` first');
  });

  it('names everything that is missing, one per line, and ends with code 1', async () => {
    const { code, stdout, stderr } = await run({ DINGTALK_CORP_ID: 'ding-of-somebody' });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(
      stderr
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual([
      'PUBLIC_URL',
      'DINGTALK_CLIENT_ID',
      'DINGTALK_CLIENT_SECRET',
      'NOCOBASE_URL',
      'NOCOBASE_API_TOKEN',
      'NOCOBASE_JWT_SECRET',
      'AUTHENTICATORS_SOURCE=nocobase',
      // Where they were looked for.
      '(there',
    ]);
    expect(stderr).toContain('PUBLIC_URL is required');
  });

  it('asks only for two addresses if nothing is configured', async () => {
    const { code, stderr } = await run({});
    expect([code, stderr.match(/^[A-Z_]+(?= is required)/gm)]).toEqual([1, ['PUBLIC_URL', 'NOCOBASE_URL']]);
  });

  it.each([
    ['PUBLIC_URL', { PUBLIC_URL: 'http://sso.example.com' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://user:pass@sso.example.com' }],
    ['AUTH_COOKIE_SECRET', { AUTH_COOKIE_SECRET: `${'x'.repeat(40)},short` }],
    ['AUTH_TRANSACTION_TTL_SECONDS', { AUTH_TRANSACTION_TTL_SECONDS: '10m' }],
    ['DINGTALK_AUTO_SIGN_UP', { DINGTALK_AUTO_SIGN_UP: 'yes' }],
    ['DINGTALK_ALLOW_ANY_ORGANIZATION', { DINGTALK_AUTO_SIGN_UP: 'true' }],
    ['NOCOBASE_HANDOFF', { NOCOBASE_HANDOFF: 'tickets' }],
    ['NOCOBASE_DEFAULT_PATH', { NOCOBASE_DEFAULT_PATH: 'https://evil.example' }],
    ['DINGTALK_CLIENT_SECRET_FILE', { DINGTALK_CLIENT_SECRET_FILE: '/nowhere' }],
    ['TRUST_PROXY', { TRUST_PROXY: 'everybody' }],
    ['REDIS_URL', { REDIS_URL: 'localhost:6379' }],
    ['PORT', { PORT: '99999' }],
  ])('refuses an invalid %s with one line and no value', async (name, change) => {
    const base = name.endsWith('_FILE') ? without(name.slice(0, -5)) : COMPLETE;
    const { code, stderr } = await run({ ...base, ...(change as Record<string, string>) });
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(new RegExp(`^${name} `))]);
    expect(stderr).not.toContain(CANARY);
    for (const value of Object.values(change)) if (value.length > 5) expect(stderr).not.toContain(value);
  });

  it('starts with secrets from files, prints what to register at DingTalk, and ends on SIGTERM with code 0', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
    writeFileSync(join(folder, 'client-secret'), `${CANARY}\n`);
    writeFileSync(join(folder, 'jwt_secret.dat'), Buffer.alloc(32, 7));
    const { code, stdout, stderr } = await run(
      {
        ...without('DINGTALK_CLIENT_SECRET'),
        NOCOBASE_JWT_SECRET: '',
        DINGTALK_CLIENT_SECRET_FILE: join(folder, 'client-secret'),
        NOCOBASE_JWT_SECRET_FILE: join(folder, 'jwt_secret.dat'),
        PORT: String(await freePort()),
        HOST: '127.0.0.1',
      },
      'listening',
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('https://sso.example.com/auth/dingtalk/dingtalk/callback');
    expect(stdout).not.toContain(CANARY);
  });
});

describe('A gateway with two variables', () => {
  const start = async (cwd: string, more: Record<string, string> = {}): Promise<Run> =>
    run(
      {
        PUBLIC_URL: 'https://sso.example.com',
        NOCOBASE_URL: 'http://127.0.0.1:1',
        HOST: '127.0.0.1',
        PORT: String(await freePort()),
        ...more,
      },
      'listening',
      cwd,
    );
  const keysOf = async (cwd: string): Promise<{ code: number | null; keys: readonly string[] }> => {
    const addresses = { PUBLIC_URL: 'https://sso.example.com', NOCOBASE_URL: 'http://127.0.0.1:1' };
    const { code, stdout } = await run(addresses, undefined, cwd, ['check', '--json']);
    return { code, keys: (JSON.parse(stdout) as { signingKeys: string[] }).signingKeys };
  };
  const folder = (): string => mkdtempSync(join(tmpdir(), 'two-variables-'));

  it('starts, creates its cookie secret once, says where, never prints it, and keeps it', async () => {
    const cwd = folder();
    // `check` changes nothing.
    expect([await keysOf(cwd), readdirSync(cwd)]).toEqual([{ code: 0, keys: [] }, []]);
    const first = await start(cwd);
    expect([first.code, first.stderr]).toEqual([0, '']);
    const path = join(cwd, 'data', 'cookie-secret');
    const made = first.stdout.split('\n').filter((line) => line.includes('cookie_secret_made'));
    expect(made.map((line) => JSON.parse(line) as object)).toEqual([expect.objectContaining({ file: path })]);
    const secret = readFileSync(path, 'utf8').trim();
    expect(first.stdout).not.toContain(secret);
    expect(first.stdout).toContain('"gatewayAddressToEnterInNocoBase":"https://sso.example.com"');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const { keys } = await keysOf(cwd);
    expect(keys).toHaveLength(1);

    const second = await start(cwd);
    expect([second.code, second.stdout.includes('cookie_secret_made')]).toEqual([0, false]);
    expect(readFileSync(path, 'utf8').trim()).toBe(secret);
    expect((await keysOf(cwd)).keys).toEqual(keys);
  });

  it('agrees with another that starts at the same time on one secret', async () => {
    const state = join(folder(), 'state');
    const runs = await Promise.all([1, 2, 3].map(async () => start(folder(), { STATE_FOLDER: state })));
    expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual(runs.map(() => [0, '']));
    expect(runs.filter(({ stdout }) => stdout.includes('cookie_secret_made'))).toHaveLength(1);
    expect(readdirSync(state)).toEqual(['cookie-secret']);
  });

  it('does not start with Redis without a secret that all processes share', async () => {
    const cwd = folder();
    const { code, stdout, stderr } = await start(cwd, { REDIS_URL: 'redis://127.0.0.1:1' });
    expect([code, stdout, readdirSync(cwd)]).toEqual([1, '', []]);
    expect(stderr).toMatch(/^AUTH_COOKIE_SECRET is required: with REDIS_URL .*\n\(there is no \S+\)\n$/);
  });
});
