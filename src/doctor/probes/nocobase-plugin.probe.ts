import { attention, failed, ok, type Probe } from '../../core/doctor/index.js';
import { PluginError, shownVersion } from '../../plugin-client/index.js';
import type { PluginContext } from '../doctor-context.js';
import { pluginTrouble } from './plugin-trouble.js';
import { PLUGIN } from '../texts/plugin.js';

/** Whether the plugin responds, accepts our signature, and has this authenticator for this gateway. */
export const pluginProbe: Probe<PluginContext> = {
  id: 'nocobase.plugin',
  title: PLUGIN.title,
  needs: ['nocobase.reachable'],
  run: async (context) => {
    const { name } = context.authenticator;
    try {
      const { version, authenticators } = await context.pluginSettings();
      const found = authenticators.find((one) => one.name === name);
      if (found === undefined) {
        const { what, fix } = pluginTrouble('gateway_unknown', context.publicUrl);
        return failed(what, fix);
      }
      const known = shownVersion(version);
      if (found.enabled && context.plugin.isKnownByOlderKey) {
        const key = context.plugin.firstThumbprint;
        return attention(PLUGIN.takesOlderKey(known, key), PLUGIN.pinNewKey(key));
      }
      if (found.enabled) {
        return ok(PLUGIN.knowsKey(known, context.plugin.firstThumbprint));
      }
      return attention(PLUGIN.notEnabled(name), pluginTrouble('none_enabled', context.publicUrl).fix);
    } catch (error) {
      if (!(error instanceof PluginError)) throw error;
      // Another probe reports that; the plugin has accepted our signature.
      if (error.trouble === 'address_differs') return ok(PLUGIN.knows);
      const { what, fix } = pluginTrouble(error.trouble, context.publicUrl);
      return failed(what, fix);
    }
  },
};
