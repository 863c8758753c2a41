import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation small until the gateway serves. Loading the program leaves so much garbage that V8 would
 * grow it, and an idle gateway would hold 8 to 11 MiB that it never uses (docs/performance.md). On a V8 without this
 * flag it has no effect.
 *
 * @returns lets it grow as usual, for sign-ins
 */
export function holdYoungGeneration(): () => void {
  setFlagsFromString('--semi-space-growth-factor=1');
  // V8's default.
  return () => setFlagsFromString('--semi-space-growth-factor=2');
}
