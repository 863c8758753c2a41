import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { withComputed, withMeasured } from './capacity/page.js';
import { GATEWAY } from './contestants/index.js';
import { resultFile } from './harness/comparison.js';
import { OF_STOCK, ofStock } from './workloads/nocobase-ways.js';
import { OURS } from './workloads/real-nocobase.js';

// This file runs from build/bench/.
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const CHAPTER = '14-capacity.md';

/** The results of a bench run, by the letters of the chapter's measured table. */
function measuredBy(path: string): Map<string, number> {
  const { workloads } = resultFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  const cpuMs = (id: string, contestant: string): number | undefined => {
    const perCpuSecond = workloads[id]?.contestants?.[contestant]?.perCpuSecond.median;
    return perCpuSecond === undefined ? undefined : 1000 / perCpuSecond;
  };
  const idleMb = workloads['footprint']?.targets.find(({ name }) => name.startsWith('resident when idle'));
  const ratios = Object.entries(OF_STOCK).map(([letter, name]) => [letter, workloads['h']?.numbers?.[ofStock(name)]]);
  const found: Record<string, number | undefined> = {
    ...Object.fromEntries(ratios),
    g: cpuMs('b', GATEWAY.name),
    n: cpuMs('e', OURS),
    m: idleMb?.measured.median,
  };
  return new Map(Object.entries(found).filter((entry): entry is [string, number] => entry[1] !== undefined));
}

const program = new Command('capacity')
  .description("Computes the tables of the handbook's chapter on capacity from its measured one, in both languages.")
  .option('--json <file>', 'first takes the measured figures from a result of `npm run bench -- --json <file>`')
  .action(({ json }: { readonly json?: string }) => {
    const measured = json === undefined ? new Map<string, number>() : measuredBy(json);
    for (const language of ['en', 'zh']) {
      const file = join(root, 'docs', 'handbook', language, CHAPTER);
      writeFileSync(file, withComputed(withMeasured(readFileSync(file, 'utf8'), measured)));
    }
  });

program.parse();
