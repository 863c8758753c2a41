import { version } from '../config/index.js';
import type { PluginPackage } from './plugin-package.js';

export const PLUGIN_FILE = 'plugin.tgz';

/** The plugin as shown to an administrator. */
export interface OfferedPlugin {
  readonly version: string;
  /** For NocoBase, Plugin manager, Add by URL. */
  readonly url: string;
  readonly sha256: string;
}

/** @returns undefined if the build did not create it */
export async function offeredPlugin(plugin: PluginPackage, publicUrl: string): Promise<OfferedPlugin | undefined> {
  const packed = await plugin.read();
  return packed && { version: version(), url: `${publicUrl}/${PLUGIN_FILE}`, sha256: packed.sha256 };
}
