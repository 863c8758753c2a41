import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { GATEWAY } from '../contestants/index.js';
import { drive, withBrowsers } from '../harness/drive.js';
import { freePort } from '../harness/free-port.js';
import { Program } from '../harness/program.js';
import { environmentOf } from '../harness/with-bench.js';
import { askToStart, signIn } from '../harness/sign-in.js';
import { returning } from '../upstream/people.js';
import { Upstreams } from '../upstream/upstreams.js';
import { type Cost, costs } from './cost-by-owner.js';

// Where the CPU time of a sign-in goes. This file runs from build/bench/profile/.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const WARM_UP_SECONDS = 8;
const PEOPLE = 500;
const BROWSERS = 16;

interface Options {
  readonly starts: boolean;
  readonly seconds: string;
  readonly script: string;
  readonly keep?: string;
}

async function profile({ starts, seconds, script, keep }: Options): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'));
  const file = join(folder, 'gateway.cpuprofile');
  const upstreams = await Upstreams.start(join(root, 'build/bench/upstream/double.js'));
  const port = await freePort();
  const environment = {
    ...environmentOf(upstreams, port),
    NODE_OPTIONS: `--import=${join(root, 'build/bench/profile/on-signal.js')}`,
    PROFILE_FILE: file,
  };
  const program = await Program.start('gateway', resolve(root, script), { environment, port, folder });
  try {
    let number = 0;
    let done = 0;
    const loadFor = async (wanted: number): Promise<void> =>
      withBrowsers(BROWSERS, async (browsers) => {
        const until = performance.now() + wanted * 1000;
        await drive(
          browsers,
          async (browser) => {
            if (starts) await askToStart(browser, program.url);
            else await signIn(browser, { startAt: program.url }, returning((number += 1) % PEOPLE));
            if (starts) browser.forgetCookies();
            done += 1;
          },
          () => performance.now() < until,
        );
      });
    await loadFor(WARM_UP_SECONDS);
    process.kill(program.pid, 'SIGUSR2');
    done = 0;
    const cpuBefore = program.cpuSeconds();
    await loadFor(Number(seconds));
    const cpu = ((program.cpuSeconds() - cpuBefore) * 1e6) / done;
    process.kill(program.pid, 'SIGUSR2');
    while (!existsSync(file)) await delay(100);
    await program.stop();
    const { owners, functions, total } = costs(JSON.parse(readFileSync(file, 'utf8')) as Profiler.Profile);
    console.log(
      `${done} ${starts ? 'starts' : 'sign-ins'}, ${cpu.toFixed(0)} µs of CPU time each with the profiler on`,
    );
    print('package or room', owners.slice(0, 30), { done, total });
    print('function, own time', functions.slice(0, 50), { done, total });
    if (keep !== undefined) renameSync(file, keep);
  } finally {
    await program.stop();
    await upstreams.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function print(title: string, rows: readonly Cost[], { done, total }: { done: number; total: number }): void {
  console.log(`\n${'µs each'.padStart(8)}  ${'share'.padStart(6)}  ${title}`);
  for (const { name, microseconds } of rows) {
    const share = `${((100 * microseconds) / total).toFixed(1)}%`;
    console.log(`${(microseconds / done).toFixed(1).padStart(8)}  ${share.padStart(6)}  ${name}`);
  }
}

await new Command('profile')
  .description('Shows where the CPU time of a sign-in goes in the gateway: by package and by function.')
  .option('--starts', 'of the start redirect only', false)
  .option('--seconds <number>', 'to look on', '10')
  .option('--script <main.js>', 'the build to look at', GATEWAY.script)
  .option('--keep <file>', 'keep the profile, which browsers and editors show as a flame graph')
  .action(profile)
  .parseAsync();
