import type { Contestant } from '../contestants/index.js';
import type { Upstreams } from '../upstream/upstreams.js';
import type { Pace, Summary } from './measure.js';
import type { Program } from './program.js';
import type { Target } from './target.js';

export interface Workload {
  /** The letter that `--only` takes. */
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
  /** Whom the nightly look is about, where somebody says how many. */
  readonly people: number | undefined;
  pace(own?: Partial<Pace>): Pace;
  /** As built, or as `--gateway` says. */
  readonly gateway: Contestant;
  /** That, and beside it another build where `--against` names one. */
  readonly gateways: readonly Contestant[];
  /**
   * Starts a contestant; it ends with the workload.
   *
   * @param environment beside, or in place of, what all get
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
  /** Other numbers, by name with their unit. */
  readonly numbers?: Readonly<Record<string, number>>;
  readonly notes?: readonly string[];
  /** Why it was not run. */
  readonly skipped?: string;
}
