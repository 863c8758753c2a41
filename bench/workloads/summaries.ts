import type { Contestant } from '../contestants/index.js';
import { type Measured, summary, type Summary } from '../harness/measure.js';
import { against, of, perCpuSecond } from '../harness/target.js';

export function summaries(measured: readonly Measured[]): Record<string, Summary> {
  return Object.fromEntries(measured.map((one) => [one.name, summary(one)]));
}

/** The gain of this build over the one of `--against`. */
export function versus(measured: readonly Measured[], [gateway, other]: readonly Contestant[]): string[] {
  if (gateway === undefined || other === undefined) return [];
  const { median, min, max } = against(of(measured, gateway), of(measured, other), perCpuSecond);
  return [`per CPU second, of the other build: ${median.toFixed(3)} (${min.toFixed(3)}..${max.toFixed(3)})`];
}
