export { type OfferedPlugin, offeredPlugin } from './offered-plugin.js';
export {
  pluginDownloadConfig,
  type PluginDownloadSettings,
  readPluginDownloadSettings,
} from './plugin-download.config.js';
export { PluginDownloadModule } from './plugin-download.module.js';
export { PluginDownload } from './plugin-download.service.js';
export { PluginPackage } from './plugin-package.js';
