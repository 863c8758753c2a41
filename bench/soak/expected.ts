import { type Fault, FAULT_SHARES } from '../upstream/protocol.js';

const RESET: Fault = 'reset';

/**
 * The calls of a returning person's sign-in, and whether the gateway retries them: reads, after a broken connection (src/upstream).
 * A 500 or a timeout is not retried, and neither is any call that may have been carried out.
 */
const CALLS = {
  'DingTalk userAccessToken': { repeated: false },
  'DingTalk currentUser': { repeated: true },
  'NocoBase usersAuthenticators:list': { repeated: true },
  'NocoBase issuedTokens:create': { repeated: false },
} as const;

/** Only an occasional check that the user still exists: it can fail sign-ins, but does not change the rate. */
const SELDOM = { 'NocoBase users:list': { repeated: true } } as const;

const COUNTED: ReadonlyMap<string, { readonly repeated: boolean }> = new Map(Object.entries({ ...CALLS, ...SELDOM }));

/** The injected faults that make a sign-in fail. @param faults by call and kind, as the double counts them */
export function fatalFaults(faults: Readonly<Record<string, number>>): number {
  return Object.entries(faults)
    .filter(([key]) => isFatal(key))
    .reduce((sum, [, count]) => sum + count, 0);
}

function isFatal(key: string): boolean {
  const end = key.lastIndexOf(' ');
  const call = COUNTED.get(key.slice(0, end));
  // Values that are refreshed ahead and cached (token policy) make no sign-in fail.
  if (call === undefined) return false;
  return !(call.repeated && key.slice(end + 1) === RESET);
}

/** The share of sign-ins that fails at a given fault rate. @param rate faults per call */
export function expectedFailureRate(rate: number): number {
  const healed = rate * FAULT_SHARES.reset;
  // A retried call may fail again, in either way.
  const ofRepeated = (rate - healed) / (1 - healed);
  return 1 - Object.values(CALLS).reduce((good, { repeated }) => good * (1 - (repeated ? ofRepeated : rate)), 1);
}

/** How far a number of failures may randomly deviate from the expectation: three standard deviations (99.7 %). */
export function binomialError(signIns: number, rate: number): number {
  return 3 * Math.sqrt(signIns * rate * (1 - rate));
}
