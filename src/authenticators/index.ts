export { AuthenticatorRegistry } from './authenticator-registry.js';
export { type AuthenticatorSettings, passwordUrl, readAuthenticator } from './authenticator-settings.js';
export { authenticatorsJsonSchema } from './authenticators-file.schema.js';
export { inWordsOfTheEntry } from './entry-variables.js';
export { besideTheFile } from './ignored-variables.js';
export { AuthenticatorsModule } from './authenticators.module.js';
export { SessionWatch } from './session-watch.js';
export { type AuthenticatorsSource, type NocoBaseSource, readAuthenticatorsSource } from './authenticators-source.js';
