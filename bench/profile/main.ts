import { randomBytes } from 'node:crypto';
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
import { askToStart, callback, signIn } from '../harness/sign-in.js';
import { withBench } from '../harness/with-bench.js';
import type { Bench } from '../harness/workload.js';
import { returning } from '../upstream/people.js';
import { costs } from './cost-by-owner.js';
import { table } from './table.js';

// This file runs from build/bench/profile/.
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..', '..');

const PEOPLE = 500;
const BROWSERS = 16;
/** Until the code is compiled. */
const WARM_UP = 3000;
/** Not used: no workload runs. */
const pace = { rounds: 1, seconds: 1, warmUp: { units: 1, atMostSeconds: 1 }, browsers: BROWSERS };

/** What can be profiled; each does one piece of work with the gateway at an address. */
const KINDS = {
  'sign-in': async (browser: BenchBrowser, url: string, number: number) =>
    signIn(browser, { startAt: url }, returning(number % PEOPLE)),
  start: async (browser: BenchBrowser, url: string) => askToStart(browser, url),
  refusal: async (browser: BenchBrowser, url: string) =>
    callback(browser, url, { state: randomBytes(32).toString('base64url'), code: 'r0.0' }),
};
type Kind = keyof typeof KINDS;

interface Options {
  readonly of: Kind;
  readonly seconds: number;
  readonly keep?: string;
}

async function profile(bench: Bench, { of, seconds, keep }: Options): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'));
  const file = join(folder, 'gateway.cpuprofile');
  try {
    const gateway = await bench.start(bench.gateway, { PROFILE_FILE: file }, [
      `--import=${join(here, 'on-signal.js')}`,
    ]);
    let done = 0;
    const work = async (browser: BenchBrowser): Promise<void> => {
      done += 1;
      await KINDS[of](browser, gateway.url, done);
      browser.forgetCookies();
    };
    await withBrowsers(BROWSERS, async (browsers) => {
      await driveTimes(browsers, WARM_UP, work);
      done = 0;
      const until = performance.now() + seconds * 1000;
      const cpuBefore = gateway.cpuSeconds();
      process.kill(gateway.pid, 'SIGUSR2');
      await drive(browsers, work, () => performance.now() < until);
      process.kill(gateway.pid, 'SIGUSR2');
      const each = ((gateway.cpuSeconds() - cpuBefore) * 1e6) / done;
      bench.say(`${done} of ${of}, ${each.toFixed(0)} µs of CPU time each with the profiler on`);
    });
    while (!existsSync(file)) await delay(100);
    // The profile is complete once the process has ended.
    await gateway.stop();
    const { owners, functions, total } = costs(JSON.parse(readFileSync(file, 'utf8')) as Profiler.Profile);
    for (const line of [...table('package or room', owners, total), ...table('function, own time', functions, total)]) {
      bench.say(line);
    }
    if (keep !== undefined) renameSync(file, keep);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await new Command('profile')
  .description('Shows where the CPU time of a sign-in goes in the gateway: by package or room, and by function.')
  .addOption(new Option('--of <what>', 'what to look at').choices(Object.keys(KINDS)).default('sign-in'))
  .option('--seconds <number>', 'to look on', positiveNumber, 10)
  .option('--gateway <main.js>', 'the build to look at', join(root, 'scripts', 'from-files.mjs'))
  .option('--keep <file>', 'keep the profile, which browsers and editors show as a flame graph')
  .action(async ({ gateway, ...options }: Options & { readonly gateway: string }) =>
    withBench({ root, pace, quick: false, gateway, say: console.log }, async (bench) => profile(bench, options)),
  )
  .parseAsync();
