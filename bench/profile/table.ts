import type { Cost } from './cost-by-owner.js';

/** Shares only: a sample is also counted while the process waits for a CPU on a busy machine. */
export function table(title: string, rows: readonly Cost[], total: number): string[] {
  const share = ({ microseconds }: Cost): string => `${((100 * microseconds) / total).toFixed(1)}%`.padStart(7);
  return ['', `  share  ${title}`, ...rows.slice(0, 40).map((row) => `${share(row)}  ${row.name}`)];
}
