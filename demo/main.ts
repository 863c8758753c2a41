import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { DEMO_CLIENT_ID, startSandbox } from '../sandbox/index.js';
import { addressesOf, startGateway } from './gateway.js';
import { type Launcher, post } from './nocobase.js';
import { NOCOBASE_USERS, WHAT_TO_TRY } from './people.js';
import { addAuthenticator, addPlugin } from './plugin.js';

// This file runs from build/demo/.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const say = (text: string): void => console.log(text);

/** `plugin`: NocoBase with the plugin, and a gateway; `alone`: the plugin without a gateway; `stock`: NocoBase without the plugin. */
type Way = 'plugin' | 'alone' | 'stock';

/** Sandbox, NocoBase and, unless `alone`, the gateway together, on this machine only. */
async function main(way: Way): Promise<void> {
  const hasPlugin = way !== 'stock';
  const hasGateway = way !== 'alone';
  const steps = hasGateway ? 4 : 3;
  const realNocoBase = pathToFileURL(join(root, 'real-nocobase', 'launch.mjs')).href;
  const launcher = (await import(realNocoBase)) as Launcher;

  say(`1/${steps}  NocoBase: installing from npm if it is not here yet (about 230 MB, a minute or two) …`);
  const beat = setInterval(() => say('     … still working'), 15_000);
  await launcher.installRealNocoBase({ onProgress: (line) => say(`     ${line}`) });
  clearInterval(beat);

  say(`2/${steps}  DingTalk sandbox: starting …`);
  const sandbox = await startSandbox({ port: await portOr(4000) });

  say(`3/${steps}  NocoBase: starting, with a database in memory …`);
  const nocobase = await launcher.launchRealNocoBase({
    port: await portOr(13_000),
    web: true,
    authenticator: hasPlugin ? '' : 'dingtalk',
    env: hasGateway ? {} : addressesOf(sandbox),
  });
  for (const user of NOCOBASE_USERS) await post(nocobase, 'users:create', user);
  if (hasPlugin) {
    say('     … and its plugin for DingTalk, packed, uploaded and enabled');
    await addPlugin(root, launcher, nocobase);
  }

  const port = await portOr(3000);
  const publicUrl = `http://localhost:${port}`;
  const callback = hasGateway
    ? `${publicUrl}/auth/dingtalk/dingtalk/callback`
    : `${nocobase.url}/api/dingtalk/callback/dingtalk`;
  sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(callback);
  if (hasPlugin) await addAuthenticator(nocobase, hasGateway ? publicUrl : undefined);

  if (hasGateway) say(`4/${steps}  Gateway: starting …`);
  const settingsFrom = hasPlugin ? 'nocobase' : 'variables';
  const gateway = hasGateway ? await startGateway({ root, port, sandbox, nocobase, settingsFrom }) : undefined;
  const stop = async (): Promise<void> => {
    gateway?.kill('SIGTERM');
    await Promise.allSettled([sandbox.close(), nocobase.stop()]);
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());

  say(`\n     NocoBase itself: ${nocobase.url}/signin  (${nocobase.root.account} / ${nocobase.root.password})`);
  say('     People to sign in as:');
  for (const [who, what] of WHAT_TO_TRY) say(`       ${who}: ${what}`);
  if (hasPlugin) {
    say(`     Where DingTalk is set up: ${nocobase.url}/admin/settings/auth/authenticators`);
    say(`     The button in NocoBase's new client: ${nocobase.url}/v/signin`);
  }
  say('     Ctrl+C ends everything; nothing is kept.\n');
  const [page, button] = hasPlugin
    ? [`${nocobase.url}/signin`, 'DingTalk']
    : [`${publicUrl}/`, 'Sign in with DingTalk'];
  say(`READY  Open ${page} and click "${button}", then a person on DingTalk's page.`);
}

/** The port that a reader expects, or a free one if it is taken. */
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

const USAGE = `npm run demo [-- OPTION]

DingTalk (a sandbox), NocoBase with the plugin, and the gateway, on this machine only. Ports that are taken are replaced
by free ones; Ctrl+C ends everything, and nothing is kept.

  --alone    NocoBase with the plugin, without the gateway
  --stock    NocoBase as it comes, without the plugin, and the gateway
  --version  print the version
  --help     print this`;

/** @returns what to start; undefined if only help was requested */
function asked(): Way | undefined {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const options = { alone: flag, stock: flag, help: { ...flag, short: 'h' }, version: flag };
    const { values } = parseArgs({ options });
    if (values.alone && values.stock) throw new Error("Options '--alone' and '--stock' are two ways: choose one");
    if (!values.help && !values.version) return values.alone ? 'alone' : values.stock ? 'stock' : 'plugin';
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
  main(wanted).catch((error: unknown) => {
    console.error(`The demo could not start: ${reason(error)}`);
    process.exit(1);
  });
}
