/** The results of a bench run for one sign-in of a returning person. */
export interface Measured {
  /** CPU time of the gateway, in ms. */
  readonly gatewayMs: number;
  /** CPU time of NocoBase in stock mode, in ms. */
  readonly nocobaseMs: number;
}

/** How sign-ins are distributed. Each field has a letter in the handbook's chapter on capacity. */
export interface Assumptions {
  /** `k`: sign-ins of one person on the busiest day. */
  readonly signInsPerPerson: number;
  /** `s`: the share of that day's sign-ins that falls into the busiest half hour. */
  readonly shareInWindow: number;
  /** `b`: the busiest minute over the mean of that half hour. */
  readonly burst: number;
  /** `u`: the CPU utilization up to which nobody has to queue. */
  readonly load: number;
  /** `q`: sign-ins that DingTalk allows per second and application. */
  readonly perApplication: number;
}

export interface Plan {
  readonly people: number;
  readonly perSecond: number;
  readonly gatewayCpus: number;
  readonly gatewayProcesses: number;
  readonly nocobaseCpus: number;
  readonly nocobaseProcesses: number;
  readonly applications: number;
  /** Through one application, at its full rate. */
  readonly minutesForAll: number;
}

const WINDOW_SECONDS = 1800;

const EVERYBODY: Assumptions = { signInsPerPerson: 1, shareInWindow: 0.5, burst: 2, load: 0.5, perApplication: 20 };

/** By their names in the chapter (`<!-- computed: monday -->`). */
export const SCENARIOS: Readonly<Record<string, Assumptions>> = {
  /** NocoBase's default token policy: a weekend ends every session. */
  monday: EVERYBODY,
  /** Sessions of 30 days outlast a weekend, so sign-ins are spread over 22 working days. */
  spread: { ...EVERYBODY, signInsPerPerson: 1 / 22 },
};

export const COMPANIES: readonly number[] = [1000, 100_000, 10_000_000];

export function plan(people: number, measured: Measured, assumed: Assumptions): Plan {
  const signIns = people * assumed.signInsPerPerson;
  const perSecond = ((signIns * assumed.shareInWindow) / WINDOW_SECONDS) * assumed.burst;
  const gatewayCpus = (perSecond * measured.gatewayMs) / 1000;
  const nocobaseCpus = (perSecond * measured.nocobaseMs) / 1000;
  return {
    people,
    perSecond,
    gatewayCpus,
    gatewayProcesses: Math.ceil(gatewayCpus / assumed.load),
    nocobaseCpus,
    nocobaseProcesses: Math.ceil(nocobaseCpus / assumed.load),
    applications: Math.ceil(perSecond / assumed.perApplication),
    minutesForAll: signIns / assumed.perApplication / 60,
  };
}
