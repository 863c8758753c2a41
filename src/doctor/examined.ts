import type { Result } from '../core/doctor/index.js';
import type { AuthenticatorSettings } from '../authenticators/index.js';

/** Which authenticators there are to look at, and what already stands in the way of others. */
export interface Examined {
  readonly authenticators: readonly AuthenticatorSettings[];
  readonly results: readonly Result[];
}
