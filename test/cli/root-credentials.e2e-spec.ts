import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { targetOf } from '../../src/cli/bindings/target.js';
import { mustBeMeant, type Recipient } from '../../src/cli/env-file-trust.js';
import type { Io } from '../../src/cli/io.js';
import { runCommand } from '../support/command.js';
import { describeWith } from '../support/requirements.js';
import { screenOf } from '../support/screen.js';
import { Terminal } from '../support/terminal.js';

const MAIN = join(__dirname, '..', '..', 'dist', 'main.js');
const PASSWORD = 'CANARY-password';
const COMMANDS: readonly (readonly string[])[] = [
  ['provision'],
  ['bind', 'union', 'id:2'],
  ['unbind', 'union'],
  ['bindings'],
];

/** A server that receives passwords, and rejects them. */
class Listener {
  readonly bodies: string[] = [];
  requests = 0;
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Listener> {
    const server = createServer((request, response) => {
      listener.requests += 1;
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
      request.on('end', () => {
        listener.bodies.push(body);
        response.writeHead(401, { 'content-type': 'application/json' }).end('{"errors":[]}');
      });
    });
    const listener = new Listener(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return listener;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const folderWith = (dotEnv?: string, name = '.env'): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gateway-')));
  if (dotEnv !== undefined) writeFileSync(join(folder, name), dotEnv);
  return folder;
};

/** The built program, with these lines on its standard input, which is no terminal. */
async function run(args: readonly string[], env: Record<string, string>, cwd: string, answers: readonly string[] = []) {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { PATH: process.env['PATH'] ?? '', ...env } });
  child.stdin.on('error', () => {});
  child.stdin.end(answers.map((answer) => `${answer}\n`).join(''));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  expect(said).not.toContain(PASSWORD);
  return { code, said };
}

describe('The password of root', () => {
  let nocobase: Listener;
  beforeEach(async () => (nocobase = await Listener.start()));
  afterEach(async () => nocobase.close());

  const root = { NOCOBASE_ROOT_ACCOUNT: 'nocobase', NOCOBASE_ROOT_PASSWORD: PASSWORD };

  it.each(COMMANDS)('is not sent to an address that comes only from a .env in this folder (%s)', async (...args) => {
    const folder = folderWith(`NOCOBASE_URL=${nocobase.url}\n`);
    for (const [env, answers] of [
      [root, []],
      [{}, ['nocobase', PASSWORD]],
      [{}, ['no', 'nocobase', PASSWORD]],
    ] as const) {
      const { code, said } = await run(args, env, folder, answers);
      expect([code, said]).toEqual([2, expect.stringContaining(`${join(folder, '.env')} says that NocoBase is at`)]);
      expect(said).toContain('use --url, or set NOCOBASE_URL in the environment');
    }
    expect(nocobase.bodies).toEqual([]);
  });

  it('is sent there after a confirmation, or if the address was given explicitly', async () => {
    const folder = folderWith(`NOCOBASE_URL=${nocobase.url}\n`);
    const asked = await run(['bindings'], {}, folder, ['yes', 'nocobase', PASSWORD]);
    expect(asked.said).toContain(`Password of nocobase, to be sent to ${nocobase.url} (not shown): `);
    await run(['bindings', '--url', nocobase.url], root, folder);
    await run(['bindings'], { ...root, NOCOBASE_URL: nocobase.url }, folder);
    expect(nocobase.bodies).toHaveLength(3);
    for (const body of nocobase.bodies) expect(JSON.parse(body)).toEqual({ account: 'nocobase', password: PASSWORD });
  });

  it.each(COMMANDS)('is not sent to a path that comes only from a .env, wherever NocoBase is (%s)', async (...args) => {
    const folder = folderWith('NOCOBASE_API_BASE_PATH=/~mallory/\n');
    for (const [env, url] of [
      [root, ['--url', nocobase.url]],
      [{ ...root, NOCOBASE_URL: nocobase.url }, []],
    ] as const) {
      const { code, said } = await run([...args, ...url], env, folder);
      expect([code, said]).toEqual([2, expect.stringContaining(`says that NocoBase is at ${nocobase.url}/~mallory/`)]);
    }
    expect(nocobase.bodies).toEqual([]);
  });

  it('is not sent to an address from an authenticators file that a .env names', async () => {
    const secrets = `apiToken: a, jwtSecret: b`;
    const file = `authenticators: [{ name: dingtalk, dingtalk: { clientId: a, clientSecret: b }, nocobase: { url: "${nocobase.url}", ${secrets} } }]\n`;
    const folder = folderWith(file, 'planted.yaml');
    const planted = `AUTHENTICATORS_FILE=${join(folder, 'planted.yaml')}\nPUBLIC_URL=https://a.example\nAUTH_COOKIE_SECRET=${'x'.repeat(40)}\n`;
    writeFileSync(join(folder, '.env'), planted);
    const { code, said } = await run(['bindings'], { ...root, NOCOBASE_URL: 'http://127.0.0.1:1' }, folder);
    expect([code, said]).toEqual([2, expect.stringContaining(`says that NocoBase is at ${nocobase.url}`)]);
    expect(nocobase.bodies).toEqual([]);
  });

  it.each(['http://nocobase.example.com', 'http://8.8.8.8:13000', 'http://169.254.1.1', 'http://[2001:db8::1]'])(
    'is sent to %s over http only with --insecure',
    async (url) => {
      for (const args of COMMANDS) {
        const { code, stderr } = await runCommand([...args, '--url', url], root);
        expect([code, stderr]).toEqual([2, expect.stringMatching(/is neither https.*--insecure/)]);
      }
    },
  );

  it('is sent to loopback and private addresses over http, and elsewhere with --insecure', async () => {
    for (const url of ['http://127.0.0.1:1', 'http://localhost:1']) {
      const { code, stderr } = await runCommand(['bindings', '--url', url], root);
      expect([code, stderr]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
    }
    // A name that never exists (RFC 2606): rejected by the name service, not by us.
    const { code } = await runCommand(['bindings', '--insecure', '--url', 'http://nocobase.invalid'], root);
    expect(code).toBe(1);
  });

  describeWith('script', 'on a terminal', (script) => {
    it.each(COMMANDS)('is requested by questions that are visible on the screen (%s)', async (...args) => {
      const cwd = folderWith();
      const terminal = Terminal.run(script, [process.execPath, MAIN, ...args], { cwd, env: {} });
      await terminal.shows(/^Address of NocoBase:$/m);
      terminal.type(`${nocobase.url}\r`);
      await terminal.shows(`Account with the role root at ${nocobase.url}:`);
      terminal.type('nocobase\r');
      await terminal.shows(`Password of nocobase, to be sent to ${nocobase.url} (not shown):`);
      terminal.type(`${PASSWORD}\r`);
      expect(await terminal.end()).toBe(1);
      expect(terminal.screen).toContain(`Account with the role root at ${nocobase.url}: nocobase`);
      expect(terminal.screen).toContain('NocoBase does not accept the account and password.');
      expect(terminal.screen).not.toContain(PASSWORD);
      expect(nocobase.bodies.map((body) => JSON.parse(body) as object)).toEqual([
        { account: 'nocobase', password: PASSWORD },
      ]);
    });

    it('requires a confirmation on the screen if a .env names the address', async () => {
      const cwd = folderWith(`NOCOBASE_URL=${nocobase.url}\n`);
      const terminal = Terminal.run(script, [process.execPath, MAIN, 'bindings'], { cwd, env: root });
      await terminal.shows(
        `${join(cwd, '.env')} says that NocoBase is at ${nocobase.url}. Send the password of root there?`,
      );
      terminal.type('n\r');
      expect(await terminal.end()).toBe(2);
      expect(nocobase.bodies).toEqual([]);
    });

    it('ends with 2 if the input is closed instead', async () => {
      const terminal = Terminal.run(script, [process.execPath, MAIN, 'bindings'], { cwd: folderWith(), env: {} });
      await terminal.shows('Address of NocoBase:');
      terminal.type('\u0003');
      expect(await terminal.end()).toBe(2);
      expect(terminal.screen).toContain('No answer was given');
    });
  });
});

describe("The gateway's secrets", () => {
  let dingtalk: Listener;
  beforeEach(async () => (dingtalk = await Listener.start()));
  afterEach(async () => dingtalk.close());

  const SECRET = 'CANARY-secret';
  const secrets = {
    DINGTALK_CLIENT_SECRET: SECRET,
    NOCOBASE_API_TOKEN: `${SECRET}.key`,
    NOCOBASE_JWT_SECRET: `${SECRET}-jwt`,
    AUTH_COOKIE_SECRET: `${SECRET}-${'x'.repeat(32)}`,
  };
  const rest = {
    PUBLIC_URL: 'http://127.0.0.1:1',
    PORT: '1',
    DINGTALK_CLIENT_ID: 'client-id',
    DINGTALK_API_URL: 'http://127.0.0.1:1',
    DINGTALK_OAPI_URL: 'http://127.0.0.1:1',
    NOCOBASE_URL: 'http://127.0.0.1:1',
  };
  const bind = ['bind', '--dingtalk-userid', 'manager4220', '--user-id', '5'];
  const lines = (variables: object): string =>
    Object.entries(variables)
      .map(([name, value]) => `${name}='${value}'\n`)
      .join('');

  it.each([
    ['doctor', 'DINGTALK_API_URL', 'DINGTALK_CLIENT_SECRET'],
    ['doctor', 'DINGTALK_OAPI_URL', 'DINGTALK_CLIENT_SECRET'],
    ['doctor', 'NOCOBASE_URL', 'NOCOBASE_API_TOKEN'],
    ['doctor', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_HEADERS'],
    ['bind', 'DINGTALK_API_URL', 'DINGTALK_CLIENT_SECRET'],
  ])('are not sent by %s if only a .env in this folder contains %s', async (command, address, secret) => {
    const folder = folderWith(`${address}=${dingtalk.url}\n`);
    const { [address as keyof typeof rest]: _, ...given } = { ...rest, ...secrets };
    const env = { ...given, OTEL_EXPORTER_OTLP_HEADERS: `authorization=${SECRET}` };
    const args = command === 'bind' ? bind : [command];
    for (const answers of [[], ['no']]) {
      const { code, said } = await run(args, env, folder, answers);
      expect([code, said]).toEqual([
        2,
        expect.stringContaining(`${join(folder, '.env')} decides where secrets from elsewhere`),
      ]);
      expect(said).toMatch(new RegExp(`${secret}.*: ${address}=${dingtalk.url}`));
      expect(said).toContain('and this was not confirmed');
      expect(said).not.toContain(SECRET);
    }
    expect(dingtalk.requests).toBe(0);
  });

  it('are sent there after a confirmation, and without one if they are in the same file', async () => {
    const { DINGTALK_API_URL: _, ...elsewhere } = { ...rest, ...secrets };
    const planted = folderWith(`DINGTALK_API_URL=${dingtalk.url}\n`);
    const agreed = await run(['doctor'], elsewhere, planted, ['yes']);
    expect([agreed.code, dingtalk.bodies.join('')]).toEqual([1, expect.stringContaining(SECRET)]);
    dingtalk.bodies.length = 0;

    const own = folderWith(lines({ ...rest, ...secrets, DINGTALK_API_URL: dingtalk.url }));
    const usual = await run(['doctor'], {}, own);
    expect([usual.code, dingtalk.bodies.join('')]).toEqual([1, expect.stringContaining(SECRET)]);
    expect(usual.said).not.toContain('decides where secrets from elsewhere');
  });

  it('include those of another folder, if the .env names their file or an authenticators file', async () => {
    const [elsewhere, folder] = [folderWith(SECRET, 'secret'), folderWith('')];
    const { DINGTALK_CLIENT_SECRET: _, ...others } = secrets;
    const own = { ...rest, ...others, DINGTALK_API_URL: dingtalk.url };
    const file = `authenticators:
  - name: dingtalk
    dingtalk: { clientId: a, clientSecret: REFERENCE, apiUrl: "${dingtalk.url}" }
    nocobase: { url: "http://127.0.0.1:1", apiToken: a, jwtSecret: b }
`;
    const inFile = (reference: string): object => {
      writeFileSync(join(folder, 'planted.yaml'), file.replace('REFERENCE', reference));
      return { ...rest, ...others, AUTHENTICATORS_FILE: 'planted.yaml' };
    };
    symlinkSync(join(elsewhere, 'secret'), join(folder, 'linked'));
    writeFileSync(join(folder, 'own'), SECRET);
    const cases: readonly [variables: () => object, isAsked: boolean][] = [
      [() => ({ ...own, DINGTALK_CLIENT_SECRET_FILE: join(elsewhere, 'secret') }), true],
      [() => ({ ...own, DINGTALK_CLIENT_SECRET_FILE: 'linked' }), true],
      [() => ({ ...own, DINGTALK_CLIENT_SECRET_FILE: 'own' }), false],
      [() => inFile(`{ file: "${join(elsewhere, 'secret')}" }`), true],
      [() => inFile('{ "\\x65nv": SECRET_OF_MINE }'), true],
      [() => inFile('{ file: own }'), false],
      [() => inFile(SECRET), false],
    ];
    for (const [variables, isAsked] of cases) {
      dingtalk.bodies.length = 0;
      writeFileSync(join(folder, '.env'), lines(variables()));
      const { said } = await run(['doctor'], { SECRET_OF_MINE: SECRET }, folder);
      expect([said.includes('decides where secrets from elsewhere'), dingtalk.bodies.length > 0]).toEqual([
        isAsked,
        !isAsked,
      ]);
    }
  });

  it('include the one that the gateway stores itself, unless the .env is in its folder', async () => {
    const [own, elsewhere] = [folderWith(''), folderWith(SECRET, 'cookie-secret')];
    const asked = async (state: string): Promise<string> => {
      const questions: string[] = [];
      const dotEnv = { NOCOBASE_URL: 'http://127.0.0.1:2', STATE_FOLDER: state };
      const envFile = { path: join(own, '.env'), exists: true, names: new Set(Object.keys(dotEnv)), problems: [] };
      const ask = async (question: string): Promise<string> => (questions.push(question), 'yes');
      await mustBeMeant({ environment: dotEnv, envFile, ask, lang: 'en' } as unknown as Io);
      return questions.join();
    };
    expect(await asked(elsewhere)).toContain(`${join(elsewhere, 'cookie-secret')}) are sent: NOCOBASE_URL=`);
    // Nothing is stored there yet; or it is beside the .env, which says where its own secrets go.
    expect(await asked(join(elsewhere, 'data'))).toBe('');
    mkdirSync(join(own, 'data'));
    writeFileSync(join(own, 'data', 'cookie-secret'), SECRET);
    expect(await asked(join(own, 'data'))).toBe('');
  });

  it('may be sent to DingTalk, whatever names it, and bind asks only if it calls DingTalk', async () => {
    const { DINGTALK_API_URL: _, ...elsewhere } = { ...rest, ...secrets, REDIS_URL: 'redis://127.0.0.1:1' };
    const io = async (dotEnv: object, recipients?: readonly Recipient[]): Promise<string> => {
      const envFile = { path: '/folder/.env', exists: true, names: new Set(Object.keys(dotEnv)), problems: [] };
      const environment = { ...elsewhere, ...dotEnv };
      const asked: string[] = [];
      const ask = async (question: string): Promise<string> => (asked.push(question), 'yes');
      await mustBeMeant({ environment, envFile, ask, lang: 'en' } as unknown as Io, recipients);
      return asked.join();
    };
    expect(await io({ DINGTALK_API_URL: 'https://api.dingtalk.io' })).toBe('');
    expect(await io({ DINGTALK_API_URL: 'https://api.dingtalk.io.example.com' })).toContain('dingtalk.io.example.com');
    expect(await io({ DINGTALK_API_URL: 'http://api.dingtalk.com' })).toContain('DINGTALK_API_URL');
    expect(await io({ REDIS_URL: 'redis://:CANARY@127.0.0.1:1' })).toBe('');
    expect(await io({ NOCOBASE_URL: 'http://127.0.0.1:2' }, ['dingtalk'])).toBe('');
  });

  it('do not depend on a .env alone: in bind, its protected roles are added to the default ones', () => {
    const target = (roles: string, names: readonly string[]) =>
      targetOf(
        {
          environment: { NOCOBASE_PROTECTED_ROLES: roles },
          envFile: { path: '/folder/.env', exists: true, names: new Set(names), problems: [] },
        } as unknown as Io,
        undefined,
      ).protectedRoles;
    expect(target('boss', [])).toEqual(['boss']);
    expect(target('boss', ['NOCOBASE_PROTECTED_ROLES'])).toEqual(['root', 'admin', 'boss']);
  });
});

describe('The screen of these tests', () => {
  it('shows what a terminal would: text that was written and immediately erased is not there', () => {
    expect(screenOf('Address: \u001b[1G\u001b[0J')).toBe('');
    expect(screenOf('\u001b[1G\u001b[0JAddress: \u001b[10G')).toBe('Address:');
    expect(screenOf('one\r\ntwo\rT\u001b[3Go2\b!')).toBe('one\nTwo!');
  });
});
