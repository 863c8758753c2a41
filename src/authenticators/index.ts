export {
  type AuthenticatorSettings,
  type ConfiguredAuthenticators,
  readAuthenticator,
} from './authenticator-settings.js';
export { readAuthenticatorsFile } from './authenticators-file.js';
export { authenticatorsJsonSchema } from './authenticators-file.schema.js';
export { AuthenticatorsModule } from './authenticators.module.js';
export type { ReloadOptions } from './authenticators-reload.js';
