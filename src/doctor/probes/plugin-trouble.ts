import type { PluginTrouble } from '../../core/errors/index.js';
import type { Text } from '../../core/texts/index.js';
import { PLUGIN_TROUBLES } from '../texts/plugin.js';

/** The meaning of the companion plugin's refusals, and what to do. `gatewayUrl` is the address to enter in NocoBase. */
export function pluginTrouble(trouble: PluginTrouble, gatewayUrl: string): { readonly what: Text; readonly fix: Text } {
  const { what, fix } = PLUGIN_TROUBLES[trouble];
  return { what, fix: typeof fix === 'function' ? fix(gatewayUrl) : fix };
}
