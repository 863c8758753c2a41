import { type Fault, FAULT_SHARES, type Faults } from './protocol.js';

/** Decides for each call which fault occurs; the same seed gives the same choices. */
export function faultChooser(faults: Faults | undefined): () => Fault | undefined {
  if (faults === undefined || faults.rate === 0) return () => undefined;
  const next = randomNumbers(faults.seed);
  return () => {
    const number = next();
    return number < faults.rate ? kindAt(number / faults.rate) : undefined;
  };
}

/** @param position from 0 to below 1 */
function kindAt(position: number): Fault {
  if (position < FAULT_SHARES['status-500']) return 'status-500';
  return position < FAULT_SHARES['status-500'] + FAULT_SHARES.reset ? 'reset' : 'slow';
}

/** mulberry32, a generator with 32 bits of state: numbers from 0 to below 1 that depend only on the seed. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
