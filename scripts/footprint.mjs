// What a start of the built gateway costs: node scripts/footprint.mjs [starts] [dist/main.js] [options for Node]
// Also lists the packages that are loaded, as seen from its compiled files: the program itself bundles them in a handful of files.
// Makes no upstream calls. Linux: memory and CPU time are read from /proc.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const say = (line) => process.stdout.write(`${line}\n`);
const SELF = fileURLToPath(import.meta.url);
const FROM_FILES = fileURLToPath(new URL('./from-files.mjs', import.meta.url));
const IDLE_MS = 3000;
/** Clock ticks of /proc/PID/stat: USER_HZ is 100 on every current Linux. */
const TICK_MS = 10;

const [, self, starts = '7', main = 'dist/main.js', ...flags] = process.argv;
if (self === SELF) await measure(Number(starts), resolve(main), flags);
else process.once('message', () => process.send(loadedScripts()));

async function measure(starts, main, flags) {
  const runs = [];
  for (let count = 0; count < starts; count += 1) runs.push(await start(main, flags));
  say(`Node ${process.version}, ${starts} starts: median (lowest to highest)`);
  for (const name of Object.keys(runs[0])) {
    const values = runs.map((run) => run[name]).toSorted((a, b) => a - b);
    const [middle, lowest, highest] = [values[values.length >> 1], values[0], values.at(-1)].map(Math.round);
    say(`  ${name.padEnd(34)} ${middle} (${lowest} to ${highest})`);
  }
  const packages = Object.entries(await byPackage(FROM_FILES)).toSorted(([, a], [, b]) => b.modules - a.modules);
  for (const [name, { modules, bytes }] of packages)
    say(`  ${name.padEnd(34)} ${String(modules).padStart(5)} modules ${String(bytes >> 10).padStart(6)} KB`);
}

async function start(main, flags) {
  const before = performance.now();
  const gateway = await listening(main, flags);
  const wall = performance.now() - before;
  const [user, system] = read(gateway, 'stat').split(') ').at(-1).split(' ').slice(11, 13).map(Number);
  await delay(IDLE_MS);
  const status = read(gateway, 'status');
  const mebibytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)[1]) / 1024;
  const found = {
    'to "listening", ms': wall,
    'CPU time until then, ms': (user + system) * TICK_MS,
    'resident when idle, MiB': mebibytes('VmRSS'),
    'of that not of files, MiB': mebibytes('RssAnon'),
  };
  await end(gateway);
  return found;
}

async function byPackage(main) {
  const gateway = await listening(main, ['--import', SELF], ['ipc']);
  gateway.send('which scripts?');
  const [scripts] = await once(gateway, 'message');
  await end(gateway);
  const packages = { all: { modules: 0, bytes: 0 } };
  for (const { url, length } of scripts) {
    const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? '(the gateway)';
    for (const sum of [packages.all, (packages[name] ??= { modules: 0, bytes: 0 })]) {
      sum.modules += 1;
      sum.bytes += length;
    }
  }
  return packages;
}

/** In the gateway's process: V8 tells a debugger that connects late about every loaded script. */
function loadedScripts() {
  const scripts = [];
  const session = new Session();
  session.connect();
  session.on('Debugger.scriptParsed', ({ params }) => scripts.push({ url: params.url, length: params.length }));
  session.post('Debugger.enable');
  session.disconnect();
  return scripts.filter(({ url }) => /^(file:|\/)/.test(url) && !url.endsWith('scripts/footprint.mjs'));
}

async function listening(main, flags, more = []) {
  const gateway = spawn(process.execPath, [...flags, main], {
    // Away from the reader's own .env file.
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit', ...more],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      PUBLIC_URL: 'http://127.0.0.1:3000',
      AUTH_COOKIE_SECRET: 'only-to-start-the-application-once',
      DINGTALK_CLIENT_ID: 'none',
      DINGTALK_CLIENT_SECRET: 'none',
      NOCOBASE_URL: 'http://127.0.0.1:1',
      NOCOBASE_API_TOKEN: 'none',
      NOCOBASE_JWT_SECRET: 'none',
    },
  });
  for await (const chunk of gateway.stdout.iterator({ destroyOnReturn: false })) {
    if (chunk.includes('"listening"')) return gateway;
  }
  throw new Error('the gateway did not start');
}

async function end(gateway) {
  const ended = once(gateway, 'exit');
  gateway.kill('SIGKILL');
  await ended;
}

function read({ pid }, file) {
  return readFileSync(`/proc/${pid}/${file}`, 'utf8');
}
