import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { Pace } from './measure.js';
import { report } from './report.js';
import { type BenchOptions, withBench } from './with-bench.js';
import type { Outcome, Workload } from './workload.js';

/** The result file of a run, for comparisons. */
export interface RunResult {
  readonly commit: string;
  readonly date: string;
  readonly node: string;
  readonly cpu: string;
  readonly cpus: number;
  readonly loadAtStart: number;
  readonly pace: Pace;
  readonly workloads: Readonly<Record<string, Outcome & { readonly title: string }>>;
}

/** One workload after another. @throws if a contestant does not do its work */
export async function run(workloads: readonly Workload[], options: BenchOptions): Promise<RunResult> {
  const { root, pace, say } = options;
  const about = {
    commit: commitOf(root),
    date: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cpus: availableParallelism(),
    loadAtStart: loadavg()[0]!,
    pace,
  };
  say(`commit ${about.commit}, Node ${about.node}, ${about.cpus} x ${about.cpu}, load ${about.loadAtStart.toFixed(2)}`);
  say(
    `${pace.rounds} rounds of ${pace.seconds} s each, ${pace.browsers} browsers; median (lowest..highest) of the rounds`,
  );
  say(`NODE_ENV=production, log level as by default; what the contestants write goes to a file.`);
  const outcomes: Record<string, Outcome & { title: string }> = {};
  for (const workload of workloads) {
    say(`\n${workload.id}. ${workload.title}`);
    const outcome = await withBench(options, async (bench) => workload.run(bench));
    outcomes[workload.id] = { title: workload.title, ...outcome };
    say(report(outcome));
  }
  return { ...about, workloads: outcomes };
}

function commitOf(root: string): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
