import type { AuthenticatorSettings } from '../authenticators/index.js';
import type { Environment } from '../config/index.js';
import { readSettings, type Settings } from '../settings.js';

export type { AuthenticatorSettings };

/** What the commands look at: the gateway's own settings, and each way of signing in. */
export interface CommandSettings {
  readonly gateway: Settings;
  /** The first is the default. */
  readonly authenticators: Settings['authenticators'];
}

/** @throws InvalidEnvironmentError */
export function readCommandSettings(environment: Environment): CommandSettings {
  const gateway = readSettings(environment);
  return { gateway, authenticators: gateway.authenticators };
}
