import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, type Sandbox, startSandbox } from '../sandbox/index.js';
import { runCommand } from './support/command.js';
import { carriedOut } from './support/carried-out.js';
import { NocoBaseProxy } from './support/nocobase-proxy.js';
import { TestNocoBase } from './support/nocobase.js';
import { handedOver, SignInCase } from './support/sign-in-case.js';

/** The JSON output of all commands. */
interface Output {
  readonly ok: boolean;
  readonly results: { line?: number; status: string; unionId?: string; userId?: number; detail?: string }[];
  readonly bindings: { unionId: string; userId: number; orphaned: boolean }[];
}

describe('Linking people beforehand', () => {
  let nocobase: TestNocoBase;
  let sandbox: Sandbox;
  let environment: Record<string, string>;
  let last = 0;

  beforeAll(async () => {
    nocobase = await TestNocoBase.launch();
    sandbox = await startSandbox();
    environment = {
      NOCOBASE_URL: nocobase.url,
      NOCOBASE_ROOT_ACCOUNT: nocobase.root.account,
      NOCOBASE_ROOT_PASSWORD: nocobase.root.password,
    };
  }, 120_000);

  afterAll(async () => {
    await Promise.all([nocobase?.stop(), sandbox?.close()]);
  });

  /** A NocoBase user without any other relations. */
  async function newUser(change: { phone?: string; email?: string; roles?: string[] } = {}) {
    last += 1;
    const username = `person-${last}`;
    const id = await nocobase.addUser({ nickname: `Person ${last}`, username, ...change });
    return { id, username, unionId: `union-${last}` };
  }

  async function run(args: readonly string[], change: Record<string, string> = {}) {
    const said = await runCommand([...args, '--json'], { ...environment, ...change });
    expect(said.stdout + said.stderr).not.toContain(nocobase.root.password);
    return { ...said, json: JSON.parse(said.stdout) as Output };
  }

  async function bind(...args: string[]) {
    const { code, json } = await run(['bind', ...args]);
    const [result] = json.results;
    return { code, ...result! };
  }

  const file = (content: string): string => {
    const path = join(mkdtempSync(join(tmpdir(), 'people-')), 'people.csv');
    writeFileSync(path, content);
    return path;
  };

  it('lets a person sign in to a protected account that is never linked by phone', async () => {
    const admin = await newUser({ phone: '13811110001', roles: ['admin'] });
    const testCase = await SignInCase.start(nocobase.environment);
    testCase.addPerson({
      id: 'boss',
      name: '老板',
      mobile: '13811110001',
      stateCode: '86',
      memberships: [{ corpId: 'dingcorp1' }],
    });
    const unionId = testCase.sandbox.world.unionIdOf('boss', DEMO_CLIENT_ID);
    try {
      expect((await testCase.signIn('boss')).errorCode).toBe('account_protected');
      expect(await bind(unionId, `id:${admin.id}`)).toMatchObject({ code: 1, status: 'protected', userId: admin.id });
      expect(await nocobase.bindingsOf(unionId)).toEqual([]);
      expect(await bind(unionId, `id:${admin.id}`, '--allow-protected')).toMatchObject({ code: 0, status: 'ok' });
      const { token, authenticator } = handedOver((await testCase.signIn('boss')).location);
      expect((await nocobase.whoIs(token, authenticator)).id).toBe(admin.id);
    } finally {
      await testCase.close();
    }
  });

  it('finds the user by id, username, phone as people write it, or email, and by no unspecified field', async () => {
    const byPhone = await newUser({ phone: '13811110002' });
    const byEmail = await newUser({ email: 'someone@example.com' });
    const byName = await newUser();
    const byId = await newUser();
    expect(await bind(byPhone.unionId, '--phone', '+8613811110002')).toMatchObject({
      status: 'ok',
      userId: byPhone.id,
    });
    expect(await bind(byPhone.unionId, 'phone:13811110002')).toMatchObject({ code: 0, status: 'already' });
    expect(await bind(byEmail.unionId, 'email:someone@example.com')).toMatchObject({
      status: 'ok',
      userId: byEmail.id,
    });
    expect(await bind(byName.unionId, '--username', byName.username)).toMatchObject({
      status: 'ok',
      userId: byName.id,
    });
    expect(await bind(byId.unionId, '--user-id', String(byId.id))).toMatchObject({ status: 'ok', userId: byId.id });
    const marks = await nocobase.list('usersAuthenticators', { uuid: byId.unionId }, 'meta');
    expect(marks).toEqual([expect.objectContaining({ meta: { dingtalkGateway: {} } })]);
    expect(await bind('union-x', 'username:nobody')).toMatchObject({ code: 1, status: 'not found' });
    for (const args of [
      ['u', '13811110002'],
      ['u', 'username:'],
      ['u', 'id:1 or 1=1'],
      ['u', '--phone', 'x'],
      ['u'],
      [],
      ['u', 'id:1', '--user-id', '1'],
    ]) {
      const { code, stdout } = await runCommand(['bind', ...args], environment);
      expect([args, code, stdout]).toEqual([args, 2, '']);
    }
  });

  it('never links one unionId to two users, nor two unionIds to one user', async () => {
    const [first, second] = [await newUser(), await newUser()];
    await bind(first.unionId, `id:${first.id}`);
    expect(await bind(first.unionId, `id:${second.id}`)).toMatchObject({
      code: 1,
      status: 'conflict',
      detail: `bound to user ${first.id}`,
    });
    expect(await bind('another-union', `id:${first.id}`)).toMatchObject({ code: 1, status: 'conflict' });
    expect(await nocobase.bindingsOf(first.unionId)).toEqual([expect.objectContaining({ userId: first.id })]);
    expect(await nocobase.bindingsOf('another-union')).toEqual([]);
  });

  it('takes back a duplicate if another link was created at the same time', async () => {
    const [wanted, other] = [await newUser(), await newUser()];
    const proxy = await NocoBaseProxy.before(nocobase.url);
    proxy.failOn('usersAuthenticators:create', (request, response) => {
      const rival = { authenticator: 'dingtalk', userId: other.id, uuid: wanted.unionId };
      const passOn = carriedOut(nocobase.url, ({ status, text }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(text);
      });
      void nocobase.call('POST', 'usersAuthenticators:create', rival).then(() => passOn(request, response));
    });
    const { json } = await run(['bind', wanted.unionId, `id:${wanted.id}`], { NOCOBASE_URL: proxy.url });
    await proxy.close();
    expect(json.results).toEqual([
      expect.objectContaining({ status: 'conflict', detail: `bound to user ${other.id}` }),
    ]);
    expect(await nocobase.bindingsOf(wanted.unionId)).toEqual([expect.objectContaining({ userId: other.id })]);
  });

  it('only previews in a dry run, and detects conflicts within the file', async () => {
    const [first, second] = [await newUser(), await newUser()];
    const people = file(`unionId,id\n${first.unionId},${first.id}\n${first.unionId},${second.id}\n`);
    const { code, json } = await run(['bind', '--file', people, '--dry-run']);
    expect(json.results.map(({ status }) => status)).toEqual(['ok', 'conflict']);
    expect(code).toBe(1);
    expect(await nocobase.bindingsOf(first.unionId)).toEqual([]);
  });

  it('reports every line of a file, and continues after an invalid one', async () => {
    const people = [
      await newUser({ phone: '13811110003' }),
      await newUser(),
      await newUser(),
      await newUser({ roles: ['admin'] }),
    ] as const;
    await bind(people[1].unionId, `id:${people[1].id}`);
    const path = file(
      [
        '\ufeffunionId,name,id,username,phone,email',
        `${people[0].unionId},"Wang, Fang",,,+86 138 1111 0003,`,
        `${people[1].unionId},,${people[1].id},,,`,
        `${people[1].unionId},,,${people[2].username},,`,
        'nobody-1,,,no-such-user,,',
        ',,,someone,,',
        'nobody-2,,,,,',
        'nobody-4,,twelve,,,',
        `union-of-admin,,${people[3].id},,,`,
        `${people[2].unionId},,${people[2].id},,,`,
        'nobody-3,"broken"quote,,no-such-user,,',
        '',
      ].join('\r\n'),
    );
    const { code, json } = await run(['bind', '--file', path]);
    expect(json.results.map(({ line, status }) => [line, status])).toEqual([
      [2, 'ok'],
      [3, 'already'],
      [4, 'conflict'],
      [5, 'not found'],
      [6, 'error'],
      [7, 'error'],
      [8, 'error'],
      [9, 'protected'],
      [10, 'ok'],
      [11, 'error'],
    ]);
    expect([code, json.ok]).toEqual([1, false]);
    const open = await run(['bind', '--file', file(`id,unionId\n${people[2].id},${people[2].unionId}\n5,"x\n6,y\n`)]);
    expect(open.json.results.map(({ line, status }) => [line, status])).toEqual([
      [2, 'already'],
      [4, 'error'],
    ]);
    const text = await runCommand(['bind', '--file', path], environment);
    expect(text.stdout).toContain(`line 2: already: ${people[0].unionId} -> user ${people[0].id}\n`);
    expect(text.stderr).toContain('already: 3');
    const fine = await run(['bind', '--file', file(`id,unionId\n${people[2].id},${people[2].unionId}\n`)]);
    expect([fine.code, fine.json.ok]).toEqual([0, true]);
  });

  it('refuses a file whose header does not identify the columns', async () => {
    for (const content of ['', 'a,b\n1,2\n', 'unionId\nx\n', 'unionId,unionId,id\na,b,1\n']) {
      const { code, stderr } = await runCommand(['bind', '--file', file(content)], environment);
      expect([content, code]).toEqual([content, 2]);
      expect(stderr).toMatch(/CSV/);
    }
    for (const [content, message] of [
      ['unionId;username\nx;y\n', /separated by commas; found: unionId;username/],
      ['a,b\n', /found: a, b/],
      ['UserID,username\nx,y\n', /UserID is ambiguous/],
      ['unionId,"id\nx,1\n', /unclosed quotation mark/],
    ] as const) {
      const { code, stderr } = await runCommand(['bind', '--file', file(content)], environment);
      expect([content, code, stderr]).toEqual([content, 2, expect.stringMatching(message)]);
    }
    expect((await runCommand(['bind', '--file', '/nowhere/people.csv'], environment)).code).toBe(2);
  });

  it('asks DingTalk for the unionId of a userid, as other plugins store it', async () => {
    const user = await newUser();
    const { userId: userid } = sandbox.world.person('li-lei').memberships.find(({ corpId }) => corpId === 'dingcorp1')!;
    const people = file(`userid,username\n${userid},${user.username}\nno-such-userid,${user.username}\n`);
    const configured = {
      PUBLIC_URL: 'https://sso.example.com',
      AUTH_COOKIE_SECRET: 'a-cookie-secret-for-tests-and-not-a-real-one',
      DINGTALK_CLIENT_ID: DEMO_CLIENT_ID,
      DINGTALK_CLIENT_SECRET: DEMO_CLIENT_SECRET,
      DINGTALK_API_URL: sandbox.apiUrl,
      DINGTALK_OAPI_URL: sandbox.oapiUrl,
      ...nocobase.environment,
    };
    const unconfigured = await run(['bind', '--file', people]);
    expect(unconfigured.json.results[0]).toMatchObject({
      status: 'error',
      detail: expect.stringContaining('DINGTALK_CLIENT_ID'),
    });
    const { json } = await run(['bind', '--file', people], configured);
    const unionId = sandbox.world.unionIdOf('li-lei', DEMO_CLIENT_ID);
    expect(json.results).toEqual([
      { line: 2, status: 'ok', unionId, userId: user.id },
      { line: 3, status: 'not found', detail: 'DingTalk has no member with this userid' },
    ]);
    const byHand = await newUser();
    const sandboxMember = sandbox.world.person('li-lei').memberships.find(({ corpId }) => corpId === 'dingcorp1')!;
    const named = ['bind', '--dingtalk-userid', sandboxMember.userId, `id:${byHand.id}`];
    expect((await run(named, configured)).json.results).toEqual([
      { status: 'conflict', unionId, userId: byHand.id, detail: `bound to user ${user.id}` },
    ]);
    await run(['unbind', unionId]);
    expect((await run(named, configured)).json.results).toEqual([{ status: 'ok', unionId, userId: byHand.id }]);
    expect(
      (await run([...named.slice(0, 3), '--user-id', String(byHand.id)], configured)).json.results[0]?.status,
    ).toBe('already');
    expect((await runCommand(['bind', 'union', ...named.slice(1)], configured)).code).toBe(2);
    sandbox.world.app(DEMO_CLIENT_ID).permissions.qyapi_get_member = false;
    const forbidden = await run(['bind', '--file', people], configured);
    expect(forbidden.json.results[0]).toMatchObject({
      status: 'error',
      detail: expect.stringMatching(/60011.*Grant the permission qyapi_get_member/),
    });
  });

  it.each([
    ['the plugin has the rest', {}],
    ['NocoBase has all authenticators', { AUTHENTICATORS_SOURCE: 'nocobase', PUBLIC_URL: 'https://sso.example.com' }],
  ])('asks DingTalk with its own variables alone, where %s', async (_where, change) => {
    const user = await newUser();
    const person = sandbox.world.person('han-meimei');
    const { userId: userid } = person.memberships.find(({ corpId }) => corpId === 'dingcorp1')!;
    sandbox.world.app(DEMO_CLIENT_ID).permissions.qyapi_get_member = true;
    const { json } = await run(['bind', '--dingtalk-userid', userid, `id:${user.id}`, '--dry-run'], {
      DINGTALK_CLIENT_ID: DEMO_CLIENT_ID,
      DINGTALK_CLIENT_SECRET: DEMO_CLIENT_SECRET,
      DINGTALK_API_URL: sandbox.apiUrl,
      DINGTALK_OAPI_URL: sandbox.oapiUrl,
      ...change,
    });
    const unionId = sandbox.world.unionIdOf('han-meimei', DEMO_CLIENT_ID);
    expect(json.results).toEqual([{ status: 'ok', unionId, userId: user.id }]);
  });

  it('does not ask the organization of another authenticator, where the userid may be somebody else’s', async () => {
    const user = await newUser();
    const args = ['bind', '--dingtalk-userid', 'manager4220', `id:${user.id}`, '--authenticator', 'dingtalk'];
    const before = sandbox.requests.length;
    const { code, stdout } = await runCommand(args, {
      ...environment,
      NOCOBASE_AUTHENTICATOR: 'other',
      DINGTALK_CLIENT_ID: DEMO_CLIENT_ID,
      DINGTALK_CLIENT_SECRET: DEMO_CLIENT_SECRET,
      DINGTALK_API_URL: sandbox.apiUrl,
      DINGTALK_OAPI_URL: sandbox.oapiUrl,
    });
    expect([code, stdout]).toEqual([1, expect.stringContaining('NOCOBASE_AUTHENTICATOR must name')]);
    expect(sandbox.requests).toHaveLength(before);
  });

  it.each(['root，admin，boss', ','])('changes nothing while NOCOBASE_PROTECTED_ROLES is %s', async (roles) => {
    const admin = await newUser({ roles: ['admin'] });
    const args = ['bind', admin.unionId, `id:${admin.id}`];
    const { code, stderr } = await runCommand(args, { ...environment, NOCOBASE_PROTECTED_ROLES: roles });
    expect([code, stderr]).toEqual([1, expect.stringContaining('NOCOBASE_PROTECTED_ROLES must ')]);
    expect(await nocobase.bindingsOf(admin.unionId)).toEqual([]);
  });

  it('removes links, even of deleted users, and lists the candidates if there are several', async () => {
    const [gone, first, second] = [await newUser(), await newUser(), await newUser()];
    const rows = [
      { userId: 987_654, uuid: gone.unionId },
      { userId: first.id, uuid: 'twice' },
      { userId: second.id, uuid: 'twice' },
    ];
    for (const row of rows)
      await nocobase.call('POST', 'usersAuthenticators:create', { authenticator: 'dingtalk', ...row });

    expect((await run(['unbind', gone.unionId, '--dry-run'])).json).toMatchObject({ ok: true, removed: [987_654] });
    expect(await nocobase.bindingsOf(gone.unionId)).toHaveLength(1);
    expect((await run(['unbind', gone.unionId])).code).toBe(0);
    expect(await nocobase.bindingsOf(gone.unionId)).toEqual([]);
    expect(await run(['unbind', gone.unionId])).toMatchObject({
      code: 1,
      json: { detail: 'There is no such binding.' },
    });

    expect(await run(['unbind', 'twice'])).toMatchObject({
      code: 1,
      json: { removed: [], detail: expect.stringContaining('--user-id') },
    });
    expect((await run(['unbind', 'twice', '--user-id', String(second.id)])).code).toBe(0);
    expect(await nocobase.bindingsOf('twice')).toEqual([expect.objectContaining({ userId: first.id })]);
    expect((await runCommand(['unbind', ' '], environment)).code).toBe(2);
  });

  it('lists every link, page after page, of this authenticator only', async () => {
    await nocobase.call('POST', 'authenticators:create', { name: 'many', authType: 'DingTalk', enabled: false });
    const user = await newUser();
    await nocobase.call('POST', 'usersAuthenticators:create', {
      authenticator: 'many',
      userId: user.id,
      uuid: '=cmd|x',
    });
    for (let n = 1; n <= 205; n += 1) {
      await nocobase.call('POST', 'usersAuthenticators:create', {
        authenticator: 'many',
        userId: 500_000 + n,
        uuid: `many-${n}`,
      });
    }
    const { code, json } = await run(['bindings', '--authenticator', 'many']);
    expect(code).toBe(0);
    expect(new Set(json.bindings.map(({ unionId }) => unionId)).size).toBe(206);
    expect(json.bindings.find(({ userId }) => userId === user.id)).toMatchObject({
      username: user.username,
      orphaned: false,
    });
    expect(json.bindings.filter(({ orphaned }) => orphaned)).toHaveLength(205);

    const csv = await runCommand(['bindings', '--authenticator', 'many', '--csv'], environment);
    const lines = csv.stdout.trimEnd().split('\r\n');
    expect(lines[0]).toBe('unionId,userId,username,nickname,createdAt');
    expect(lines).toHaveLength(207);
    expect(lines.some((line) => line.startsWith(`'=cmd|x,${user.id},${user.username},`))).toBe(true);
    const table = await runCommand(['bindings', '--authenticator', 'many'], environment);
    expect(table.stdout).toMatch(/many-7\s+500007\s+\(user no longer exists\)/);
  }, 60_000);

  it('accepts the output of `bindings`, whatever the capitals of its header, and no unionId that is a name', async () => {
    const user = await newUser();
    expect((await run(['bind', '--file', file(`UNIONID,userId,username\n${user.unionId},${user.id},\n`)])).code).toBe(
      0,
    );
    const again = await run(['bind', '--file', file(`UnionId,Username\n${user.unionId},${user.username}\n`)]);
    expect(again.json.results[0]?.status).toBe('already');
    for (const unionId of ['李雷', '=UCSV48iEiE', '13800000000@x', 'a b', 'x'.repeat(129)]) {
      const { json } = await run(['bind', '--file', file(`unionId,id\n"${unionId}",${user.id}\n`)]);
      expect(json.results[0]).toMatchObject({ status: 'error', detail: expect.stringContaining('not a unionId') });
    }
  });

  it('shows nicknames without control characters, invisible or reversed text, or formulas', async () => {
    const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
    const nickname = '＝1+1 \u001b]0;owned\u0007\u001b[2J\u009b31m\u202e\u200b王芳';
    const id = await nocobase.addUser({ nickname, username: 'evil-nickname' });
    expect((await bind('union-evil', `id:${id}`)).status).toBe('ok');
    const table = await runCommand(['bindings'], environment);
    const csv = await runCommand(['bindings', '--csv'], environment);
    const excel = await runCommand(['bindings', '--excel'], environment);
    const { stdout: json } = await run(['bindings']);
    expect(excel.stdout).toBe(`\uFEFF${csv.stdout}`);
    for (const output of [table.stdout, csv.stdout, json]) {
      expect(output).toContain('王芳');
      for (const line of output.split(/\r?\n/)) expect(line).not.toMatch(unseen);
    }
    // In quotes: the `;` in the terminal's sequence would start a new cell in an Excel that separates by semicolons.
    expect(csv.stdout).toMatch(new RegExp(`^union-evil,${id},evil-nickname,"'＝1\\+1 `, 'm'));
    const listed = (JSON.parse(json) as Output).bindings.find(({ unionId }) => unionId === 'union-evil');
    expect(listed).toMatchObject({ nickname });
  });

  it.each([
    ['a wrong password', { NOCOBASE_ROOT_PASSWORD: 'wrong-CANARY' }, [], /account and password/],
    ['a NocoBase that is not there', { NOCOBASE_URL: 'http://127.0.0.1:1' }, [], /ECONNREFUSED/],
    ['an authenticator that is not there', {}, ['--authenticator', 'nobody'], /no authenticator nobody.*provision/],
  ])('reports what is wrong with %s', async (_what, change, args, text) => {
    for (const command of [['bind', 'u', 'id:2'], ['unbind', 'u'], ['bindings']]) {
      const { code, stdout, stderr } = await runCommand([...command, ...args], { ...environment, ...change });
      expect([code, stdout + stderr]).toEqual([1, expect.stringMatching(text)]);
      expect(stdout + stderr).not.toContain('CANARY');
    }
  });

  it('says that an address is not NocoBase’s, and how to write it', async () => {
    const url = `${nocobase.url}/api`;
    const { code, stdout } = await runCommand(['bindings', '--json'], { ...environment, NOCOBASE_URL: url });
    expect([code, stdout]).toEqual([1, expect.stringContaining('without /api')]);
  });
});
