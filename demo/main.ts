import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_CORP_ID, startSandbox } from '../sandbox/index.js';
import { NOCOBASE_USERS, WHAT_TO_TRY } from './people.js';

// This file runs from build/demo/.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const say = (text: string): void => console.log(text);

/** Sandbox, NocoBase and gateway together, on this machine only. */
async function main(): Promise<void> {
  const realNocoBase = pathToFileURL(join(root, 'real-nocobase', 'launch.mjs')).href;
  const launcher = (await import(realNocoBase)) as Launcher;

  say('1/4  NocoBase: installing from npm if it is not here yet (about 230 MB, a minute or two) …');
  const beat = setInterval(() => say('     … still at it'), 15_000);
  await launcher.installRealNocoBase({ onProgress: (line) => say(`     ${line}`) });
  clearInterval(beat);

  say('2/4  NocoBase: starting, with a database in memory …');
  const nocobase = await launcher.launchRealNocoBase({
    port: await portOr(13_000),
    web: true,
    authenticator: 'dingtalk',
  });
  for (const user of NOCOBASE_USERS) await createUser(nocobase, user);

  say('3/4  DingTalk sandbox: starting …');
  const sandbox = await startSandbox({ port: await portOr(4000) });

  say('4/4  Gateway: starting …');
  const port = await portOr(3000);
  const publicUrl = `http://localhost:${port}`;
  sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(`${publicUrl}/auth/dingtalk/dingtalk/callback`);
  const gateway = spawn(process.execPath, [join(root, 'dist', 'main.js')], {
    // Away from a reader's own .env.
    cwd: join(root, 'build'),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      HOST: '127.0.0.1',
      PUBLIC_URL: publicUrl,
      AUTH_COOKIE_SECRET: randomBytes(32).toString('hex'),
      DINGTALK_CLIENT_ID: DEMO_CLIENT_ID,
      DINGTALK_CLIENT_SECRET: DEMO_CLIENT_SECRET,
      DINGTALK_CORP_ID: DEMO_CORP_ID,
      DINGTALK_AUTO_SIGN_UP: 'true',
      DINGTALK_LOGIN_URL: sandbox.loginUrl,
      DINGTALK_API_URL: sandbox.apiUrl,
      DINGTALK_OAPI_URL: sandbox.oapiUrl,
      NOCOBASE_URL: nocobase.url,
      NOCOBASE_API_TOKEN: nocobase.apiKey,
      NOCOBASE_JWT_SECRET: nocobase.jwtSecret,
    },
  });
  const stop = async (): Promise<void> => {
    gateway.kill('SIGTERM');
    await Promise.allSettled([sandbox.close(), nocobase.stop()]);
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
  await listening(gateway);

  say(`\n     NocoBase itself: ${nocobase.url}/signin  (${nocobase.root.account} / ${nocobase.root.password})`);
  say('     People to sign in as:');
  for (const [who, what] of WHAT_TO_TRY) say(`       ${who}: ${what}`);
  say('     Ctrl+C ends everything; nothing is kept.\n');
  say(`READY  Open ${publicUrl}/ and click "Sign in with DingTalk", then a person on DingTalk's page.`);
}

interface Launcher {
  installRealNocoBase(options: { onProgress: (line: string) => void }): Promise<void>;
  launchRealNocoBase(options: { port: number; web: boolean; authenticator: string }): Promise<NocoBase>;
}

interface NocoBase {
  readonly url: string;
  readonly apiKey: string;
  readonly jwtSecret: string;
  readonly root: { account: string; password: string };
  stop(): Promise<void>;
}

async function createUser({ url, apiKey }: NocoBase, user: object): Promise<void> {
  const response = await fetch(`${url}/api/users:create`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(user),
  });
  if (!response.ok) throw new Error(`NocoBase refused a demo user: HTTP ${response.status}`);
}

/** The port a reader expects, or any free one where it is taken. */
async function portOr(wanted: number): Promise<number> {
  const server = createServer();
  const listening = new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', resolve);
  });
  try {
    await listening;
  } catch {
    return wanted === 0 ? Promise.reject(new Error('no free port')) : portOr(0);
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address !== null && typeof address === 'object' ? address.port : wanted;
}

async function listening(gateway: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    gateway.once('exit', (code) => reject(new Error(`the gateway ended with code ${code}`)));
    gateway.stdout?.on('data', (chunk: Buffer) => {
      const text = chunk.toString('utf8');
      if (text.includes('"listening"')) resolve();
      process.stdout.write(text.replace(/^/gm, '     ').trimEnd() + '\n');
    });
  });
}

main().catch((error: unknown) => {
  console.error(`The demo could not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
