import { ratios, type Spread } from './statistics.js';
import type { Measured, Round } from './measure.js';

/** A statement about the measurements, and whether it is true. */
export interface Target {
  readonly name: string;
  readonly measured: Spread;
  readonly wanted: { readonly atLeast: number } | { readonly atMost: number };
  readonly met: boolean;
}

export function target(name: string, measured: Spread, wanted: Target['wanted']): Target {
  const met = 'atLeast' in wanted ? measured.median >= wanted.atLeast : measured.median <= wanted.atMost;
  return { name, measured, wanted, met };
}

/** One contestant against another, by a number of each round. */
export function against(ours: Measured, theirs: Measured, value: (round: Round) => number): Spread {
  return ratios(ours.rounds.map(value), theirs.rounds.map(value));
}

/** What a dedicated core would handle: independent of how many cores the load generator and the upstreams use. */
export const perCpuSecond = ({ cpuMs }: Round): number => 1000 / cpuMs;
export const perSecond = (round: Round): number => round.perSecond;

/** @throws Error if no contestant has this name */
export function of(measured: readonly Measured[], { name }: { readonly name: string }): Measured {
  const found = measured.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} was not measured`);
  return found;
}
