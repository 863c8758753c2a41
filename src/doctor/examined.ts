import type { Result } from '../core/doctor/index.js';
import type { AuthenticatorSettings } from '../authenticators/index.js';

/** The authenticators to check, and known obstacles for others. */
export interface Examined {
  readonly authenticators: readonly AuthenticatorSettings[];
  readonly results: readonly Result[];
}
