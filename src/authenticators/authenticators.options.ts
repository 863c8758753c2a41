import { configurableModule } from '../config/index.js';
import type { AuthenticatorSettings } from './authenticator-settings.js';
import type { AuthenticatorsSource } from './authenticators-source.js';
import type { SharedByAuthenticators } from './sign-in.module.js';

export interface ConfiguredAuthenticators {
  /** Those known before the process starts. */
  readonly authenticators: readonly AuthenticatorSettings[];
  readonly source: AuthenticatorsSource;
}

export interface AuthenticatorsOptions extends ConfiguredAuthenticators, Omit<SharedByAuthenticators, 'lent'> {}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: AUTHENTICATORS_OPTIONS } =
  configurableModule<AuthenticatorsOptions>('Authenticators');
