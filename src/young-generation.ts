import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation small until the gateway serves. Loading the program leaves so much behind that V8 would raise
 * it, and an idle gateway would hold 8 to 11 MiB that it never uses (docs/performance.md). A flag that another V8 does not know
 * changes nothing.
 *
 * @returns lets it grow as always, as sign-ins want it to
 */
export function holdYoungGeneration(): () => void {
  setFlagsFromString('--semi-space-growth-factor=1');
  // V8's default.
  return () => setFlagsFromString('--semi-space-growth-factor=2');
}
