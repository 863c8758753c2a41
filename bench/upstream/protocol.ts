/** What the benchmark tells the double of both upstreams, and what it is told: messages between two processes. */
export interface Setting {
  readonly dingTalkDelayMs: number;
  readonly nocoBaseDelayMs: number;
  readonly faults?: Faults;
}

/** How often a call goes wrong, each in one of the ways of `FAULTS`, chosen by a generator that the seed starts. */
export interface Faults {
  readonly rate: number;
  readonly seed: number;
}

/** `slow`: the answer comes after every time-out. */
export const FAULTS = ['status-500', 'reset', 'slow'] as const;
export type Fault = (typeof FAULTS)[number];

export type Request =
  | { readonly kind: 'set'; readonly setting: Setting }
  /** Counts since the last such question. */
  | { readonly kind: 'count' };

export interface Addresses {
  readonly dingTalkUrl: string;
  readonly nocoBaseUrl: string;
}

export interface Counts {
  /** Calls by what they ask, such as `DingTalk userAccessToken`. */
  readonly calls: Readonly<Record<string, number>>;
  /** Faults by what was asked and what went wrong, such as `DingTalk userAccessToken reset`. */
  readonly faults: Readonly<Record<string, number>>;
}
