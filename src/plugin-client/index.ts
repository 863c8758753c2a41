export { freshFor, Signer, SigningModule } from './signing/index.js';
export { PluginClient, type PluginTarget } from './plugin.client.js';
export { PluginClientModule } from './plugin-client.module.js';
export { PluginError } from './plugin.errors.js';
export { shownVersion, type VersionGap, versionGap } from './version-gap.js';
