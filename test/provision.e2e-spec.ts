import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestNocoBase } from './support/nocobase.js';
import { handedOver, SignInCase } from './support/sign-in-case.js';

const CLI = join(__dirname, '..', 'dist', 'main.js');

describe('Preparing a stock NocoBase with one command', () => {
  let nocobase: TestNocoBase;

  beforeAll(async () => {
    if (!existsSync(CLI)) throw new Error('not built: run `npm run build` first');
    nocobase = await TestNocoBase.launch({ authenticator: 'another' });
  }, 120_000);
  afterAll(async () => nocobase?.stop());

  async function run(
    args: readonly string[] = [],
    change: Record<string, string> = {},
    answers: readonly string[] = [],
  ): Promise<{ code: number | null; stdout: string; stderr: string; apiKey: string | undefined }> {
    const child = spawn(process.execPath, [CLI, 'provision', ...args], {
      // Another folder, so that a developer's `.env` is not read.
      cwd: tmpdir(),
      env: {
        PATH: process.env['PATH'] ?? '',
        NOCOBASE_URL: nocobase.url,
        NOCOBASE_ROOT_ACCOUNT: nocobase.root.account,
        NOCOBASE_ROOT_PASSWORD: nocobase.root.password,
        ...change,
      },
    });
    child.stdin.end(answers.map((answer) => `${answer}\n`).join(''));
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, stdout, stderr, apiKey: /^NOCOBASE_API_TOKEN=(\S+)$/m.exec(stdout)?.[1] };
  }

  it('says in a dry run what it would do, and does nothing', async () => {
    const { code, stdout, apiKey } = await run(['--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toContain('role dingtalk-gateway: would be created');
    expect(apiKey).toBeUndefined();
    expect(await nocobase.list('roles', { name: 'dingtalk-gateway' }, 'name')).toEqual([]);
    expect(await nocobase.list('users', { username: 'dingtalk-gateway' }, 'id')).toEqual([]);
  });

  it('creates everything that a gateway needs, may be repeated, and repairs revoked rights', async () => {
    const first = await run();
    expect([first.code, first.stderr]).toEqual([0, '']);
    const taken = new URLSearchParams({ filter: JSON.stringify({ dataSourceKey: 'main', name: 'issuedTokens' }) });
    await nocobase.call('POST', `roles/dingtalk-gateway/dataSourceResources:update?${taken.toString()}`, {
      dataSourceKey: 'main',
      name: 'issuedTokens',
      usingActionsConfig: true,
      actions: [],
    });
    const broken = await signInWith(first.apiKey);
    const second = await run();
    const healed = await signInWith(second.apiKey);

    expect([broken.status, broken.errorCode]).toEqual([500, 'misconfigured']);
    expect(broken.text).toContain('issuedTokens:create');
    expect([second.code, second.stderr]).toEqual([0, '']);
    expect(second.stdout).toContain('role dingtalk-gateway: as it should be');
    expect(second.stdout).toContain('rights on issuedTokens: create: repaired\n');
    expect(second.stdout.match(/repaired/g)).toHaveLength(1);
    const third = await run(['--dry-run']);
    expect(third.stdout).not.toMatch(/repaired|created\n(?!.*)/);
    expect(third.stdout).toContain('user dingtalk-gateway: as it should be\n');
    const { token, authenticator } = handedOver(healed.location);
    expect((await nocobase.whoIs(token, authenticator)).nickname).toBe('李雷');
    const rows = await nocobase.list('authenticators', { name: 'dingtalk' }, 'name,enabled');
    expect(rows).toEqual([expect.objectContaining({ enabled: false })]);
  });

  it('reports that an enabled authenticator stays enabled, also in a dry run', async () => {
    const [row] = await nocobase.list('authenticators', { name: 'dingtalk' }, 'id');
    const { id } = row as { id: number };
    const enable = (enabled: boolean): Promise<unknown> =>
      nocobase.call('POST', `authenticators:update?filterByTk=${id}`, { id, enabled });
    await enable(true);
    const checked = await run(['--dry-run']);
    await enable(false);
    expect(checked.stdout).toContain('authenticator dingtalk: left as it is: it is enabled. Disable it, unless');
  });

  it('asks for what the environment does not contain, and shows the password nowhere', async () => {
    const answers = [nocobase.url, nocobase.root.account, nocobase.root.password];
    const asked = await run(
      ['--dry-run'],
      { NOCOBASE_URL: '', NOCOBASE_ROOT_ACCOUNT: '', NOCOBASE_ROOT_PASSWORD: '' },
      answers,
    );
    expect(asked.code).toBe(0);
    expect(asked.stderr).toBe(
      `Address of NocoBase: Account with the role root at ${nocobase.url}: Password of ${nocobase.root.account}, to be sent to ${nocobase.url} (not shown): \n`,
    );
    expect(asked.stdout).toContain('rights on users');
    expect(asked.stdout).not.toContain(nocobase.root.password);
  });

  it('reports that a configured key belongs to another role, and how to repair that one', async () => {
    const key = `x.${Buffer.from(JSON.stringify({ userId: 2, roleName: 'gateway-2' })).toString('base64url')}.x`;
    const { code, stderr } = await run(['--dry-run'], { NOCOBASE_API_TOKEN: key });
    expect([code, stderr]).toEqual([0, expect.stringContaining('belongs to the role gateway-2')]);
    expect(stderr).toContain('--name gateway-2');
    expect((await run(['--dry-run', '--name', 'gateway-2'], { NOCOBASE_API_TOKEN: key })).stderr).toBe('');
  });

  it('writes its result as JSON', async () => {
    const { code, stdout } = await run(['--dry-run', '--json', '--authenticator', 'branch']);
    expect(code).toBe(0);
    const { ok, steps, variables } = JSON.parse(stdout) as { ok: boolean; steps: object[]; variables: object };
    expect([ok, variables]).toEqual([true, {}]);
    expect(steps).toContainEqual({ what: 'authenticator branch (disabled)', outcome: 'created' });
  });

  it('gives the key no more rights than the gateway needs', async () => {
    const { apiKey } = await run();
    for (const [method, action] of [
      ['POST', 'users:destroy?filterByTk=1'],
      ['POST', 'users:update?filterByTk=1'],
      ['GET', 'issuedTokens:list'],
      ['POST', 'roles:create'],
      ['POST', 'apiKeys:create'],
    ] as const) {
      const headers = { authorization: `Bearer ${apiKey}` };
      await expect(nocobase.call(method, action, method === 'POST' ? {} : undefined, headers)).rejects.toThrow('403');
    }
  });

  it.each([['nocobase'], ['admin'], ['root'], ['a/../b'], ['']])(
    'touches no account or role that is not its own (--name %p)',
    async (name) => {
      const before = await nocobase.list('users', { id: 1 }, 'id,username', 'roles');
      const { code, apiKey } = await run(['--name', name]);
      expect(code).toBe(1);
      expect(apiKey).toBeUndefined();
      expect(await nocobase.list('users', { id: 1 }, 'id,username', 'roles')).toEqual(before);
    },
  );

  it.each([
    ['a wrong password', { NOCOBASE_ROOT_PASSWORD: 'wrong-CANARY' }, 'does not accept the account and password'],
    ['a NocoBase that is not there', { NOCOBASE_URL: 'http://127.0.0.1:1' }, 'ECONNREFUSED'],
  ])('reports what is wrong with %s, shows no secret, and ends with code 1', async (_what, change, text) => {
    const { code, stdout, stderr } = await run([], change);
    expect(code).toBe(1);
    expect(stderr).toContain(text);
    expect(stdout + stderr).not.toContain('CANARY');
    expect(stdout + stderr).not.toContain(nocobase.root.password);
  });

  async function signInWith(apiKey: string | undefined) {
    const testCase = await SignInCase.start({
      ...nocobase.environment,
      NOCOBASE_API_TOKEN: apiKey ?? '',
      DINGTALK_CORP_ID: 'dingcorp1',
      DINGTALK_AUTO_SIGN_UP: 'true',
    });
    const outcome = await testCase.signIn('li-lei');
    await testCase.close();
    return outcome;
  }
});
