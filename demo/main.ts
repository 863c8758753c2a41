import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_CORP_ID, startSandbox } from '../sandbox/index.js';
import { type Launcher, type NocoBase, post } from './nocobase.js';
import { NOCOBASE_USERS, WHAT_TO_TRY } from './people.js';
import { addAuthenticator, addPlugin } from './plugin.js';

// This file runs from build/demo/.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const say = (text: string): void => console.log(text);

/**
 * Sandbox, NocoBase and gateway together, on this machine only.
 *
 * @param withPlugin NocoBase has the companion plugin, and DingTalk is set up there; else NocoBase is as it comes, and
 *   the gateway's own variables say everything
 */
async function main(withPlugin: boolean): Promise<void> {
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
    authenticator: withPlugin ? '' : 'dingtalk',
  });
  for (const user of NOCOBASE_USERS) await post(nocobase, 'users:create', user);
  if (withPlugin) {
    say('     … and its plugin for DingTalk, packed, uploaded and enabled');
    await addPlugin(root, launcher, nocobase);
  }

  say('3/4  DingTalk sandbox: starting …');
  const sandbox = await startSandbox({ port: await portOr(4000) });

  say('4/4  Gateway: starting …');
  const port = await portOr(3000);
  const publicUrl = `http://localhost:${port}`;
  sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(`${publicUrl}/auth/dingtalk/dingtalk/callback`);
  if (withPlugin) await addAuthenticator(nocobase, publicUrl);
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
      DINGTALK_LOGIN_URL: sandbox.loginUrl,
      DINGTALK_API_URL: sandbox.apiUrl,
      DINGTALK_OAPI_URL: sandbox.oapiUrl,
      NOCOBASE_URL: nocobase.url,
      ...(withPlugin ? { AUTHENTICATORS_SOURCE: 'nocobase' } : settings(nocobase)),
    },
  });
  const stop = async (): Promise<void> => {
    gateway.kill('SIGTERM');
    await Promise.allSettled([sandbox.close(), nocobase.stop()]);
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
  await listening(gateway);
  await ready(publicUrl);

  say(`\n     NocoBase itself: ${nocobase.url}/signin  (${nocobase.root.account} / ${nocobase.root.password})`);
  say('     People to sign in as:');
  for (const [who, what] of WHAT_TO_TRY) say(`       ${who}: ${what}`);
  if (withPlugin) {
    say(`     Where DingTalk is set up: ${nocobase.url}/admin/settings/auth/authenticators`);
    say(`     The button in NocoBase's new client: ${nocobase.url}/v/signin`);
  }
  say('     Ctrl+C ends everything; nothing is kept.\n');
  const [page, button] = withPlugin
    ? [`${nocobase.url}/signin`, 'DingTalk']
    : [`${publicUrl}/`, 'Sign in with DingTalk'];
  say(`READY  Open ${page} and click "${button}", then a person on DingTalk's page.`);
}

/** What the gateway is told where NocoBase has no plugin. */
function settings({ apiKey, jwtSecret }: NocoBase): Record<string, string> {
  return {
    DINGTALK_CLIENT_ID: DEMO_CLIENT_ID,
    DINGTALK_CLIENT_SECRET: DEMO_CLIENT_SECRET,
    DINGTALK_CORP_ID: DEMO_CORP_ID,
    DINGTALK_AUTO_SIGN_UP: 'true',
    NOCOBASE_API_TOKEN: apiKey,
    NOCOBASE_JWT_SECRET: jwtSecret,
  };
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

/** Where NocoBase has the plugin, the gateway asks it every five seconds what is set up there. */
async function ready(publicUrl: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (
    !(await fetch(`${publicUrl}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (Date.now() > deadline) throw new Error('the gateway did not hear from NocoBase');
    await delay(250);
  }
}

const USAGE = `npm run demo [-- OPTION]

DingTalk (a sandbox), NocoBase with the plugin, and the gateway, on this machine only. Ports that are taken are replaced
by free ones; Ctrl+C ends everything, and nothing is kept.

  --stock    NocoBase as it comes, without the plugin
  --version  print the version
  --help     print this`;

/** @returns what to start; undefined where a word was all that was asked for */
function asked(): { withPlugin: boolean } | undefined {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({ options: { stock: flag, help: { ...flag, short: 'h' }, version: flag } });
    if (!values.help && !values.version) return { withPlugin: !values.stock };
    say(values.help ? USAGE : version());
  } catch (error) {
    console.error(`${reason(error)}\n\n${USAGE}`);
    process.exitCode = 2;
  }
  return undefined;
}

function version(): string {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const wanted = asked();
if (wanted !== undefined) {
  main(wanted.withPlugin).catch((error: unknown) => {
    console.error(`The demo could not start: ${reason(error)}`);
    process.exit(1);
  });
}
