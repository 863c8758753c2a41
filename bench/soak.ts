import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { positiveNumber } from './harness/positive-number.js';
import { withBench } from './harness/with-bench.js';
import { runSoak, type SoakResult } from './soak/run-soak.js';

// This file runs from build/bench/.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

interface Options {
  readonly minutes: number;
  readonly rate?: number;
  readonly faults: number;
  readonly seed: number;
  readonly json?: string;
}

const program = new Command('soak')
  .description(
    'Runs the gateway for a while beside upstreams that fail now and then. Exit code 1: something was wrong.',
  )
  .option('--minutes <number>', 'how long', positiveNumber, 10)
  .option('--rate <number>', 'sign-ins a second (default: half of what the gateway takes)', positiveNumber)
  .option('--faults <percent>', 'of the upstream calls', positiveNumber, 2)
  .option('--seed <number>', 'chooses which', positiveNumber, 1)
  .option('--json <file>', 'write the numbers')
  .action(async ({ minutes, rate, faults, seed, json }: Options) => {
    const pace = { rounds: 1, seconds: 1, warmUp: { units: 1, atMostSeconds: 1 }, browsers: 1 };
    const options = { minutes, perSecond: rate, faultRate: faults / 100, seed };
    const result = await withBench({ root, pace, quick: false, say: console.log }, async (bench) =>
      runSoak(bench, options),
    );
    print(result);
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, undefined, 2)}\n`);
    if (result.checks.some(({ passed }) => !passed)) process.exitCode = 1;
  });

function print({ faults, reasons, memory, checks }: SoakResult): void {
  printCounts('faults', faults);
  printCounts('why sign-ins failed', reasons);
  const each = Math.max(1, Math.floor(memory.length / 10));
  console.log('memory:');
  for (const { minute, residentMb, heapMb } of memory.filter((_look, index) => index % each === 0)) {
    console.log(
      `  after ${minute.toFixed(1)} minutes: resident ${residentMb.toFixed(0)} MB, heap ${heapMb.toFixed(0)} MB`,
    );
  }
  for (const { name, detail, passed } of checks) console.log(`${passed ? 'ok    ' : 'WRONG '}  ${name}: ${detail}`);
}

function printCounts(title: string, counts: Readonly<Record<string, number>>): void {
  console.log(`${title}:`);
  for (const name of Object.keys(counts).toSorted()) console.log(`  ${name}: ${counts[name]}`);
}

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
