import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import type { BenchBrowser } from '../harness/browser.js';
import { drive, driveTimes, withBrowsers } from '../harness/drive.js';
import { positiveNumber } from '../harness/positive-number.js';
import { withBench } from '../harness/with-bench.js';
import type { Bench } from '../harness/workload.js';
import { WAYS, waysOf } from '../nocobase/contestants.js';
import { PEOPLE } from '../nocobase/people.js';
import { sideBySide } from '../nocobase/ways-side-by-side.js';
import { costs } from './cost-by-owner.js';
import { table } from './table.js';

// This file runs from build/bench/profile/.
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..', '..');

const BROWSERS = 8;
const pace = { rounds: 1, seconds: 1, warmUp: { units: 1, atMostSeconds: 1 }, browsers: BROWSERS };

interface Options {
  readonly of: string;
  readonly seconds: number;
  readonly warmUp: number;
  readonly keep?: string;
}

async function profile(bench: Bench, { of, seconds, warmUp, keep }: Options): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'));
  const file = join(folder, 'nocobase.cpuprofile');
  const environment = { NODE_OPTIONS: `--import=${join(here, 'on-signal.js')}`, PROFILE_FILE: file };
  const look = async (way: ReturnType<typeof waysOf>[number], pid: number): Promise<void> => {
    let done = 0;
    const work = async (browser: BenchBrowser): Promise<void> => void (await way.go(browser, (done += 1)));
    await withBrowsers(1, async (one) => driveTimes(one, PEOPLE, work));
    await withBrowsers(BROWSERS, async (browsers) => {
      await driveTimes(browsers, warmUp, work);
      done = 0;
      const until = performance.now() + seconds * 1000;
      const cpuBefore = way.cpuSeconds();
      process.kill(pid, 'SIGUSR2');
      await drive(browsers, work, () => performance.now() < until);
      process.kill(pid, 'SIGUSR2');
      const each = ((way.cpuSeconds() - cpuBefore) * 1000) / done;
      bench.say(`${done} of ${of}, ${each.toFixed(2)} ms of NocoBase's CPU time each with the profiler on`);
    });
    while (!existsSync(file)) await delay(100);
    await delay(1000);
  };
  try {
    await sideBySide(
      bench,
      async (all) => {
        const way = waysOf(all).find(({ name }) => name === of)!;
        await look(way, all[way.database].pid);
      },
      environment,
    );
    const { owners, functions, total } = costs(JSON.parse(readFileSync(file, 'utf8')) as Profiler.Profile);
    for (const line of [...table('package', owners, total), ...table('function, own time', functions, total)]) {
      bench.say(line);
    }
    if (keep !== undefined) renameSync(file, keep);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await new Command('profile-nocobase')
  .description('Shows where the CPU time of a sign-in goes in NocoBase: by package, and by function.')
  .addOption(new Option('--of <what>', 'what to look at').choices(WAYS).default(WAYS[1]))
  .option('--seconds <number>', 'to look on', positiveNumber, 10)
  .option('--warm-up <number>', 'how often before', positiveNumber, 500)
  .option('--keep <file>', 'keep the profile, which browsers and editors show as a flame graph')
  .action(async (options: Options) =>
    withBench({ root, pace, quick: false, say: console.log }, async (bench) => profile(bench, options)),
  )
  .parseAsync();
