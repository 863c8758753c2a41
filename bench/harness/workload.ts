import type { Contestant } from '../contestants/index.js';
import type { Upstreams } from '../upstream/upstreams.js';
import type { Pace, Summary } from './measure.js';
import type { Program } from './program.js';
import type { Target } from './target.js';

export interface Workload {
  /** The letter for `--only`. */
  readonly id: string;
  readonly title: string;
  run(bench: Bench): Promise<Outcome>;
}

/** What a workload works with. */
export interface Bench {
  /** The project's folder. */
  readonly root: string;
  readonly upstreams: Upstreams;
  readonly quick: boolean;
  /** Number of people for the nightly check, if it was given. */
  readonly people: number | undefined;
  pace(own?: Partial<Pace>): Pace;
  /** The current build, or the one of `--gateway`. */
  readonly gateway: Contestant;
  /** The same, and a second build if `--against` names one. */
  readonly gateways: readonly Contestant[];
  /**
   * Starts a contestant; it is stopped when the workload ends.
   *
   * @param environment adds to, or overrides, the common variables
   * @param flags for Node
   */
  start(
    contestant: Contestant,
    environment?: Readonly<Record<string, string>>,
    flags?: readonly string[],
  ): Promise<Program>;
  say(line: string): void;
}

export interface Outcome {
  readonly contestants?: Readonly<Record<string, Summary>>;
  readonly targets: readonly Target[];
  /** Further numbers, by name with their unit. */
  readonly numbers?: Readonly<Record<string, number>>;
  readonly notes?: readonly string[];
  /** Why it was skipped. */
  readonly skipped?: string;
}
