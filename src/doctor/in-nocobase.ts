import { failed, type Result } from '../core/doctor/index.js';
import type { AuthenticatorSettings, NocoBaseSource } from '../authenticators/index.js';
import { InvalidEnvironmentError } from '../config/index.js';
import type { PluginTrouble } from '../core/errors/index.js';
import { type PluginClient, PluginError } from '../plugin-client/index.js';
import type { Examined } from './examined.js';
import { pluginProbe } from './probes/nocobase-plugin.probe.js';
import { pluginTrouble } from './probes/plugin-trouble.js';
import { joined, type Text } from '../core/texts/index.js';
import { PLUGIN_SETTINGS } from './texts/plugin.js';

/**
 * The authenticators that NocoBase's administrator has configured for this gateway, requested once.
 *
 * @param wanted only the one with this name, enabled or not; default: all enabled ones
 */
export async function inNocoBase(
  source: NocoBaseSource,
  plugin: PluginClient,
  gatewayUrl: string,
  wanted?: string,
): Promise<Examined> {
  const inTrouble = (trouble: PluginTrouble): Examined => {
    const { what, fix } = pluginTrouble(trouble, gatewayUrl);
    return { authenticators: [], results: [{ id: pluginProbe.id, title: pluginProbe.title, ...failed(what, fix) }] };
  };
  try {
    const { authenticators: forms } = await plugin.settings(source.target);
    const asked = forms.filter(({ name, enabled }) => (wanted === undefined ? enabled : name === wanted));
    if (asked.length === 0) return inTrouble(wanted === undefined ? 'none_enabled' : 'gateway_unknown');
    const authenticators: AuthenticatorSettings[] = [];
    const results: Result[] = [];
    for (const form of asked) {
      try {
        authenticators.push(source.read(form));
      } catch (error) {
        if (!(error instanceof InvalidEnvironmentError)) throw error;
        results.push(incomplete(error.texts));
      }
    }
    return { authenticators, results };
  } catch (error) {
    if (error instanceof PluginError) return inTrouble(error.trouble);
    throw error;
  }
}

function incomplete(problems: readonly Text[]): Result {
  return {
    id: 'nocobase.settings',
    title: PLUGIN_SETTINGS.title,
    ...failed(joined(problems, '\n'), PLUGIN_SETTINGS.correctForm),
  };
}
