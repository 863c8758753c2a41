export { AuthenticatorRegistry } from './authenticator-registry.js';
export { type AuthenticatorSettings, readAuthenticator } from './authenticator-settings.js';
export { authenticatorsJsonSchema } from './authenticators-file.schema.js';
export { AuthenticatorsModule } from './authenticators.module.js';
export { type AuthenticatorsSource, type NocoBaseSource, readAuthenticatorsSource } from './authenticators-source.js';
