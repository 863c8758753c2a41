import { version } from '../config/index.js';
import type { PluginPackage } from './plugin-package.js';

export const PLUGIN_FILE = 'plugin.tgz';

/** What an administrator is told of the plugin. */
export interface OfferedPlugin {
  readonly version: string;
  /** For NocoBase, Plugin manager, Add by URL. */
  readonly url: string;
  readonly sha256: string;
}

/** @returns undefined where the build did not leave it */
export async function offeredPlugin(plugin: PluginPackage, publicUrl: string): Promise<OfferedPlugin | undefined> {
  const packed = await plugin.read();
  return packed && { version: version(), url: `${publicUrl}/${PLUGIN_FILE}`, sha256: packed.sha256 };
}
