// Runs Jest, lists the slowest suites, and reruns failures once.
//   node scripts/run-tests.mjs [--summary file] [Jest's arguments, --selectProjects last]
//
// A test that fails and then passes is reported as FLAKY with its name. Such a run passes, so that chance blocks nobody; the line
// still is an order: its cause has to be found, in the test or in the product. A test that fails twice has failed.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { outcome, slowest } from './test-outcome.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const SLOWEST = 10;

/** More suites than this did not fail by chance, and rerunning them takes as long as the run. */
const MOST_REPEATED_SUITES = 8;

const say = (line) => process.stdout.write(`${line}\n`);

/** @returns Jest's report; undefined if it ended without one */
async function jest(parameters, file) {
  const program = join(root, 'node_modules/jest/bin/jest.js');
  // A failing test may leave a server open, and a suite that is rerun alone would wait for it forever.
  const child = spawn(process.execPath, [program, '--forceExit', '--json', `--outputFile=${file}`, ...parameters], {
    cwd: root,
    // The report is in the file; standard output would contain it again, in a single line.
    stdio: ['inherit', 'ignore', 'inherit'],
  });
  const [code, signal] = await new Promise((resolve) => child.once('close', (...end) => resolve(end)));
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  say(`Jest ended without a report: ${signal ?? `code ${code}`}`);
  return undefined;
}

async function main(parameters, folder) {
  const first = await jest(parameters, join(folder, 'first.json'));
  if (first === undefined) return { passed: 0, failed: 1, skipped: 0, flaky: [] };
  say(`The slowest suites:\n${slowest(first, root, SLOWEST).join('\n')}`);

  const suites = [...new Set(first.testResults.filter(({ status }) => status === 'failed').map(({ name }) => name))];
  if (suites.length === 0 || suites.length > MOST_REPEATED_SUITES) return outcome(first, undefined, root);

  say(`Once more, what failed: ${suites.map((suite) => relative(root, suite)).join(', ')}`);
  const repetition = [...projectsOf(parameters), '--runTestsByPath', ...suites];
  const result = outcome(first, await jest(repetition, join(folder, 'again.json')), root);
  for (const failure of result.flaky) say(`FLAKY: ${failure}`);
  return result;
}

/** The projects without the patterns: the rerun has paths instead. */
function projectsOf(parameters) {
  const at = parameters.indexOf('--selectProjects');
  return at < 0 ? [] : parameters.slice(at);
}

const [flag, summaryFile, ...rest] = process.argv.slice(2);
const hasSummary = flag === '--summary';

const folder = mkdtempSync(join(tmpdir(), 'test-report-'));
try {
  const summary = await main(hasSummary ? rest : process.argv.slice(2), folder);
  if (hasSummary) writeFileSync(summaryFile, JSON.stringify(summary));
  process.exitCode = summary.failed > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
