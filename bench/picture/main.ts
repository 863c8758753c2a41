import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { differences } from './compare.js';
import { type Picture, takePicture } from './take.js';

// This file runs from build/bench/picture/.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const MEASURED = 'measured.json';
/** Per file, on the screen. */
const SHOWN = 40;

const program = new Command('picture')
  .description(
    'A picture of what a change of the inside must leave as it is. Exit code 1: it differs from the one to compare with.',
  )
  .option('--out <folder>', 'write the picture there')
  .option('--compare <folder>', 'compare with the picture that was written there')
  .action(async ({ out, compare }: { out?: string; compare?: string }) => {
    if (out === undefined && compare === undefined) program.error('say --out <folder>, --compare <folder> or both');
    // Before the long work, so that a wrong folder is reported immediately.
    const before = compare === undefined ? undefined : readPicture(compare);
    const now = await takePicture(root, (line) => console.error(line));
    if (out !== undefined) writePicture(out, now);
    if (before !== undefined) process.exitCode = report(before, now);
  });

function readPicture(folder: string): Picture {
  const texts = Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const),
  );
  const { [MEASURED]: measured, ...exact } = texts;
  if (measured === undefined) throw new Error(`${folder} holds no picture: there is no ${MEASURED}`);
  return { exact, measured: JSON.parse(measured) as Picture['measured'] };
}

function writePicture(folder: string, { exact, measured }: Picture): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(exact)) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, MEASURED), `${JSON.stringify(measured, undefined, 2)}\n`);
}

function report(before: Picture, now: Picture): number {
  const { exact, measured } = differences(before, now);
  for (const [name, lines] of Object.entries(exact)) {
    console.log(`${name}: ${lines.length} lines differ`);
    for (const line of lines.slice(0, SHOWN)) console.log(`  ${line}`);
    if (lines.length > SHOWN) console.log(`  … and ${lines.length - SHOWN} more`);
  }
  console.log('Measured, before -> now:');
  for (const line of measured) console.log(`  ${line}`);
  const same = Object.keys(exact).length === 0;
  console.log(same ? 'The picture is the same.' : 'The picture differs.');
  return same ? 0 : 1;
}

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
