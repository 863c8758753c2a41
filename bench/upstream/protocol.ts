/** What the benchmark tells the double of both upstreams, and what it is told: messages between two processes. */
export interface Setting {
  readonly dingTalkDelayMs: number;
  readonly nocoBaseDelayMs: number;
  readonly faults?: Faults;
}

/** How often a call goes wrong, each in one of the ways of `FAULT_SHARES`, chosen by a generator that the seed starts. */
export interface Faults {
  readonly rate: number;
  readonly seed: number;
}

/**
 * What goes wrong, and the share of each. `slow`: the answer comes after every time-out. Seldom, because each holds one of
 * the gateway's 32 places per upstream for five seconds.
 */
export const FAULT_SHARES = { 'status-500': 0.45, reset: 0.45, slow: 0.1 } as const;
export type Fault = keyof typeof FAULT_SHARES;

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
