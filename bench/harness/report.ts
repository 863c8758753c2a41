import type { Spread } from './statistics.js';
import type { Target } from './target.js';
import type { Outcome } from './workload.js';

/** A workload's table, targets and notes, as text. */
export function report({ contestants = {}, targets, numbers = {}, notes = [], skipped }: Outcome): string {
  if (skipped !== undefined) return `  skipped: ${skipped}`;
  const rows = Object.entries(contestants).map(([name, { done, perSecond, cpuMs, perCpuSecond, p50Ms, p99Ms }]) => [
    name,
    String(done),
    range(perSecond, 0),
    range(cpuMs, 3),
    range(perCpuSecond, 0),
    range(p50Ms, 2),
    range(p99Ms, 2),
  ]);
  const heading = ['contestant', 'done', 'per second', 'CPU ms each', 'per CPU second', 'p50 ms', 'p99 ms'];
  return [
    ...(rows.length === 0 ? [] : table([heading, ...rows])),
    ...Object.entries(numbers).map(([name, value]) => `  ${name}: ${short(value)}`),
    ...targets.map(sentence),
    ...notes.map((note) => `  ${note}`),
  ].join('\n');
}

function sentence({ name, measured, wanted, met }: Target): string {
  const limit = 'atLeast' in wanted ? `at least ${wanted.atLeast}` : `at most ${wanted.atMost}`;
  return `  ${met ? 'met   ' : 'MISSED'}  ${name}: ${range(measured, 3)}, wanted ${limit}`;
}

/** `12.3 (11.9..13.0)` */
function range({ median, min, max }: Spread, digits: number): string {
  const text = (value: number): string => value.toFixed(digits);
  return min === max ? text(median) : `${text(median)} (${text(min)}..${text(max)})`;
}

const short = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(4));

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_heading, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd());
}
