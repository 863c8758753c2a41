import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Inspector } from '../harness/inspector.js';
import { interleave } from '../harness/measure.js';
import { signIn } from '../harness/sign-in.js';
import { spread } from '../harness/statistics.js';
import type { Bench } from '../harness/workload.js';
import { returning } from '../upstream/people.js';
import { callsPerSignIn } from '../workloads/calls-per-sign-in.js';

const STARTS = 5;
const IDLE_MS = 3000;
const PEOPLE = 500;

/** Modules that a start loads, from the compiled files: our own by name, packages by their number of modules. */
export async function modulesAtStart(bench: Bench): Promise<string[]> {
  const { flags, port } = await Inspector.flags();
  const gateway = await bench.start({ name: 'from files', script: 'scripts/from-files.mjs' }, {}, flags);
  const inspector = await Inspector.attach(gateway, port);
  const loaded = await inspector.loadedFiles();
  inspector.close();
  const packages = new Map<string, number>();
  const ours: string[] = [];
  for (const path of loaded) {
    const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
    if (name !== undefined) packages.set(name, (packages.get(name) ?? 0) + 1);
    else if (path.includes('/dist/')) ours.push(path.slice(path.indexOf('/dist/') + 1));
  }
  return [...ours.toSorted(), ...[...packages].map(([name, count]) => `${name}: ${count}`).toSorted()];
}

/** The upstream calls of one sign-in. */
export async function upstreamCalls(bench: Bench): Promise<string[]> {
  const gateway = await bench.start(bench.gateway);
  const calls = await callsPerSignIn([gateway], bench.upstreams, () => returning(0));
  await gateway.stop();
  return Object.entries(calls).map(([name, count]) => `${name}: ${count}`);
}

/** Never the same twice: to be read as ratios. */
export async function costs(bench: Bench): Promise<Record<string, number>> {
  const starts: { wall: number; cpu: number; resident: number }[] = [];
  for (let count = 0; count < STARTS; count += 1) {
    const gateway = await bench.start(bench.gateway);
    const cpu = gateway.cpuSeconds() * 1000;
    await delay(IDLE_MS);
    starts.push({ wall: gateway.startMs, cpu, resident: gateway.residentBytes() / 1e6 });
    await gateway.stop();
  }
  const gateway = await bench.start(bench.gateway);
  let number = 0;
  const [measured] = await interleave(
    [gateway],
    async ({ url }, browser) => signIn(browser, { startAt: url }, returning((number += 1) % PEOPLE)),
    bench.pace({ rounds: 3, seconds: 2 }),
  );
  const median = (values: readonly number[]): number => spread(values).median;
  return {
    'start, ms': median(starts.map(({ wall }) => wall)),
    'start, CPU ms': median(starts.map(({ cpu }) => cpu)),
    'resident when idle, MB': median(starts.map(({ resident }) => resident)),
    'CPU per sign-in, ms': median((measured?.rounds ?? []).map(({ cpuMs }) => cpuMs)),
  };
}

/** In bytes. */
export function sizes(root: string): Record<string, number> {
  const packed = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' }),
  ) as [{ size: number; unpackedSize: number }];
  const plugin = join(root, 'dist-plugin');
  const archives = existsSync(plugin) ? readdirSync(plugin).filter((name) => name.endsWith('.tgz')) : [];
  return {
    'program, bytes': bytesIn(join(root, 'dist/program'), /\.js$/),
    ...Object.fromEntries(
      browserBundles(root).map((path) => [`${path}, bytes`, statSync(join(root, path)).size] as const),
    ),
    'gateway .tgz, bytes': packed[0].size,
    'gateway unpacked, bytes': packed[0].unpackedSize,
    ...Object.fromEntries(archives.map((name) => ['plugin .tgz, bytes', statSync(join(plugin, name)).size] as const)),
  };
}

/** What `scripts/client.mjs` writes for the gateway's pages. */
function browserBundles(root: string): string[] {
  const folder = join('dist', 'assets');
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(folder, name));
}

function bytesIn(folder: string, name: RegExp): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => name.test(path))
    .reduce((sum, path) => sum + statSync(join(folder, path)).size, 0);
}
