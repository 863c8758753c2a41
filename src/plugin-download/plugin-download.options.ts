import { configurableModule } from '../config/index.js';
import type { PluginDownloadSettings } from './plugin-download.config.js';

export interface PluginDownloadOptions extends PluginDownloadSettings {
  /** The gateway's address as browsers see it. */
  readonly publicUrl: string;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: PLUGIN_DOWNLOAD_OPTIONS } =
  configurableModule<PluginDownloadOptions>('PluginDownload');
