import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { positiveNumber } from './harness/positive-number.js';
import { run } from './harness/run.js';
import { WORKLOADS } from './workloads/index.js';

// This file runs from build/bench/.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

interface Options {
  readonly only?: readonly string[];
  readonly rounds?: number;
  readonly seconds?: number;
  readonly browsers: number;
  readonly people?: number;
  readonly quick: boolean;
  readonly json?: string;
  readonly gateway?: string;
  readonly against?: string;
  readonly profile?: string;
}

const ids = WORKLOADS.map(({ id }) => id);
const list = (text: string): string[] => {
  const wanted = text.split(',');
  const unknown = wanted.find((id) => !ids.includes(id));
  if (unknown !== undefined) throw new InvalidArgumentError(`there is no ${unknown}; there are ${ids.join(', ')}`);
  return wanted;
};

const program = new Command('bench')
  .description('Measures the gateway beside programs that do the same. Exit code 1: a sign-in came out wrong.')
  .option('--only <list>', `workloads, separated by commas: ${ids.join(', ')}`, list)
  .option('--rounds <number>', 'rounds of each workload (default: 7; quick: 1)', positiveNumber)
  .option('--seconds <number>', 'of one contestant in one round (default: 3; quick: 0.5)', positiveNumber)
  .option('--browsers <number>', 'at a time', positiveNumber, 16)
  .option('--people <number>', 'people in the nightly check (default: 100000; quick: 2000)', positiveNumber)
  .option('--quick', 'a short look, whose numbers say little', false)
  .option('--json <file>', 'write the numbers for `node build/bench/compare.js`')
  .option('--gateway <main.js>', 'measure this build of the gateway (default: dist/main.js)')
  .option('--against <main.js>', 'measure another build beside it')
  .option('--profile <folder>', 'write a CPU profile of each gateway into it (slows them down)')
  .action(async ({ only, rounds, seconds, browsers, people, quick, json, gateway, against, profile }: Options) => {
    const pace = {
      rounds: rounds ?? (quick ? 1 : 7),
      seconds: seconds ?? (quick ? 0.5 : 3),
      warmUp: quick ? { units: 200, atMostSeconds: 0.5 } : { units: 3000, atMostSeconds: 20 },
      browsers,
    };
    const wanted = WORKLOADS.filter(({ id }) => only === undefined || only.includes(id));
    const result = await run(wanted, { root, pace, quick, people, gateway, against, profile, say: console.log });
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, undefined, 2)}\n`);
  });

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
