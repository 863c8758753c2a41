import type { AuthenticatorSettings } from '../authenticators/index.js';
import type { Result } from './probe.js';

/** Which authenticators there are to look at, and what already stands in the way of others. */
export interface Examined {
  readonly authenticators: readonly AuthenticatorSettings[];
  readonly results: readonly Result[];
}
