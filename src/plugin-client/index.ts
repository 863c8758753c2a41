export { freshFor, Signer, SigningModule } from './signing/index.js';
export { PluginClient, type PluginTarget } from './plugin.client.js';
export { PluginClientModule } from './plugin-client.module.js';
export { PluginError } from './plugin.errors.js';
