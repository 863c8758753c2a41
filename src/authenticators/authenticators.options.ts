import { configurableModule } from '../config/index.js';
import type { AuthenticatorSettings } from './authenticator-settings.js';
import type { AuthenticatorsSource } from './authenticators-source.js';
import type { SharedByAuthenticators } from './sign-in.module.js';

export interface AuthenticatorsOptions extends Omit<SharedByAuthenticators, 'lent'> {
  /** Those that are known before the process starts. */
  readonly authenticators: readonly AuthenticatorSettings[];
  readonly source: AuthenticatorsSource;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: AUTHENTICATORS_OPTIONS } =
  configurableModule<AuthenticatorsOptions>('Authenticators');
