/** The messages between the benchmark and the double of both upstreams. */
export interface Setting {
  readonly dingTalkDelayMs: number;
  readonly nocoBaseDelayMs: number;
  readonly faults?: Faults;
}

/** How often a call fails, each in one of the ways of `FAULT_SHARES`, chosen by a generator with this seed. */
export interface Faults {
  readonly rate: number;
  readonly seed: number;
}

/**
 * The faults, and the share of each. `slow`: the answer arrives after every timeout. Rare, because each occupies one of the
 * gateway's 32 slots per upstream for five seconds.
 */
export const FAULT_SHARES = { 'status-500': 0.45, reset: 0.45, slow: 0.1 } as const;
export type Fault = keyof typeof FAULT_SHARES;

export type Request =
  | { readonly kind: 'set'; readonly setting: Setting }
  /** Counts since the previous request for them. */
  | { readonly kind: 'count' };

export interface Addresses {
  readonly dingTalkUrl: string;
  readonly nocoBaseUrl: string;
}

export interface Counts {
  /** Calls by name, such as `DingTalk userAccessToken`. */
  readonly calls: Readonly<Record<string, number>>;
  /** Faults by call and kind, such as `DingTalk userAccessToken reset`. */
  readonly faults: Readonly<Record<string, number>>;
}
