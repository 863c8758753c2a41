import type { Picture } from './take.js';

export interface Differences {
  /** By file, `-` for removed and `+` for added lines. */
  readonly exact: Readonly<Record<string, readonly string[]>>;
  /** A line for each number, with its ratio. */
  readonly measured: readonly string[];
}

export function differences(before: Picture, now: Picture): Differences {
  const files = [...new Set([...Object.keys(before.exact), ...Object.keys(now.exact)])];
  const changed = files.map((name) => [name, changedLines(before.exact[name] ?? '', now.exact[name] ?? '')] as const);
  const numbers = [...new Set([...Object.keys(before.measured), ...Object.keys(now.measured)])];
  return {
    exact: Object.fromEntries(changed.filter(([, lines]) => lines.length > 0)),
    measured: numbers.map((name) => `${name}: ${ratio(before.measured[name], now.measured[name])}`),
  };
}

/** Also if only their order changed, or how often one appears. */
export function changedLines(before: string, now: string): string[] {
  if (before === now) return [];
  const [old, fresh] = [before.split('\n'), now.split('\n')];
  const changed = [
    ...without(old, fresh).map((line) => `- ${line}`),
    ...without(fresh, old).map((line) => `+ ${line}`),
  ];
  return changed.length === 0 ? ['! the same lines in another order'] : changed;
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    if (count > 0) left.set(line, count - 1);
    return count === 0;
  });
}

function ratio(before: number | undefined, now: number | undefined): string {
  if (before === undefined) return `was not measured -> ${short(now ?? Number.NaN)}`;
  if (now === undefined) return `${short(before)} -> is not measured`;
  return `${short(before)} -> ${short(now)} (x ${(now / before).toFixed(3)})`;
}

function short(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}
