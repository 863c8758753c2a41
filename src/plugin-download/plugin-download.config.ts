import { type Environment, fromEnvironment, Namespace } from '../config/index.js';
import { flag, section } from '../core/settings/index.js';

const plugin = section('plugin', { download: flag({ default: true }) });

export interface PluginDownloadSettings {
  /** Whether NocoBase's companion plugin is served. */
  readonly enabled: boolean;
}

export function readPluginDownloadSettings(environment: Environment): PluginDownloadSettings {
  return { enabled: fromEnvironment(plugin, environment).download };
}

export const pluginDownloadConfig = new Namespace<PluginDownloadSettings>('pluginDownload');
