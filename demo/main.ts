import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { DEMO_CLIENT_ID, startSandbox } from '../sandbox/index.js';
import { addressesOf, startGateway } from './gateway.js';
import { type Launcher, post } from './nocobase.js';
import { NOCOBASE_USERS } from './people.js';
import { addAuthenticator, addPlugin } from './plugin.js';
import { NOCOBASE_LANGUAGE, TEXTS, WHAT_TO_TRY } from './texts.js';

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

  say(`1/${steps}  ${TEXTS.installing}`);
  const beat = setInterval(() => say(TEXTS.stillWorking), 15_000);
  await launcher.installRealNocoBase({ onProgress: (line) => say(`     ${line}`) });
  clearInterval(beat);

  say(`2/${steps}  ${TEXTS.sandbox}`);
  const sandbox = await startSandbox({ port: await portOr(4000) });

  say(`3/${steps}  ${TEXTS.nocobase}`);
  const nocobase = await launcher.launchRealNocoBase({
    port: await portOr(13_000),
    web: true,
    authenticator: hasPlugin ? '' : 'dingtalk',
    env: { ...NOCOBASE_LANGUAGE, ...(hasGateway ? {} : addressesOf(sandbox)) },
  });
  for (const user of NOCOBASE_USERS) await post(nocobase, 'users:create', user);
  if (hasPlugin) {
    say(TEXTS.plugin);
    await addPlugin(root, launcher, nocobase);
  }

  const port = await portOr(3000);
  const publicUrl = `http://localhost:${port}`;
  const callback = hasGateway
    ? `${publicUrl}/auth/dingtalk/dingtalk/callback`
    : `${nocobase.url}/api/dingtalk/callback/dingtalk`;
  sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(callback);
  if (hasPlugin) await addAuthenticator(nocobase, hasGateway ? publicUrl : undefined);

  if (hasGateway) say(`4/${steps}  ${TEXTS.gateway}`);
  const settingsFrom = hasPlugin ? 'nocobase' : 'variables';
  const gateway = hasGateway ? await startGateway({ root, port, sandbox, nocobase, settingsFrom }) : undefined;
  const stop = async (): Promise<void> => {
    gateway?.kill('SIGTERM');
    await Promise.allSettled([sandbox.close(), nocobase.stop()]);
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());

  say(`\n     ${TEXTS.nocobaseItself}${nocobase.url}/signin  (${nocobase.root.account} / ${nocobase.root.password})`);
  say(`     ${TEXTS.people}`);
  for (const [who, what] of WHAT_TO_TRY) say(`       ${TEXTS.person(who, what)}`);
  if (hasPlugin) {
    say(`     ${TEXTS.settings}${nocobase.url}/admin/settings/auth/authenticators`);
    say(`     ${TEXTS.newClient}${nocobase.url}/v/signin`);
  }
  say(`     ${TEXTS.ends}\n`);
  const [page, button] = hasPlugin ? [`${nocobase.url}/signin`, 'DingTalk'] : [`${publicUrl}/`, TEXTS.signInButton];
  say(TEXTS.ready(page, button));
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

/** @returns what to start; undefined if only help was requested */
function asked(): Way | undefined {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const options = { alone: flag, stock: flag, help: { ...flag, short: 'h' }, version: flag };
    const { values } = parseArgs({ options });
    if (values.alone && values.stock) throw new Error(TEXTS.chooseOne);
    if (!values.help && !values.version) return values.alone ? 'alone' : values.stock ? 'stock' : 'plugin';
    say(values.help ? TEXTS.usage : version());
  } catch (error) {
    console.error(`${reason(error)}\n\n${TEXTS.usage}`);
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
    console.error(TEXTS.couldNotStart(reason(error)));
    process.exit(1);
  });
}
