import { configurableModule } from '../config/index.js';

export interface PluginClientOptions {
  /** The gateway's address as browsers see it, which identifies it to the plugin. */
  readonly publicUrl: string;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: PLUGIN_CLIENT_OPTIONS } =
  configurableModule<PluginClientOptions>('PluginClient');
