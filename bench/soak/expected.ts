import { type Fault, FAULT_SHARES } from '../upstream/protocol.js';

const RESET: Fault = 'reset';

/**
 * The calls of a returning person's sign-in, and whether the gateway repeats them: reads after a broken connection
 * (src/upstream). A 500 or a time-out is not repeated, and no call that may have been carried out is.
 */
const CALLS = {
  'DingTalk userAccessToken': { repeated: false },
  'DingTalk currentUser': { repeated: true },
  'NocoBase usersAuthenticators:list': { repeated: true },
  'NocoBase issuedTokens:create': { repeated: false },
} as const;

/** Asked only now and then, whether the user still exists: it costs sign-ins, but does not change the rate. */
const SELDOM = { 'NocoBase users:list': { repeated: true } } as const;

const COUNTED: ReadonlyMap<string, { readonly repeated: boolean }> = new Map(Object.entries({ ...CALLS, ...SELDOM }));

/** Of the faults that were injected, those that cost a sign-in. @param faults by call and kind, as the double counts them */
export function fatalFaults(faults: Readonly<Record<string, number>>): number {
  return Object.entries(faults)
    .filter(([key]) => isFatal(key))
    .reduce((sum, [, count]) => sum + count, 0);
}

function isFatal(key: string): boolean {
  const end = key.lastIndexOf(' ');
  const call = COUNTED.get(key.slice(0, end));
  // What is read ahead and kept (token policy) fails nobody.
  if (call === undefined) return false;
  return !(call.repeated && key.slice(end + 1) === RESET);
}

/** The share of sign-ins that fails when so many calls do. @param rate faults per call */
export function expectedFailureRate(rate: number): number {
  const healed = rate * FAULT_SHARES.reset;
  // A repeated call may go wrong again, one way or the other.
  const ofRepeated = (rate - healed) / (1 - healed);
  return 1 - Object.values(CALLS).reduce((good, { repeated }) => good * (1 - (repeated ? ofRepeated : rate)), 1);
}

/** How far a count of failures may lie from what is expected by chance: three standard deviations (99.7 %). */
export function binomialError(signIns: number, rate: number): number {
  return 3 * Math.sqrt(signIns * rate * (1 - rate));
}
