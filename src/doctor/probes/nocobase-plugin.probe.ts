import { PluginError } from '../../plugin-client/index.js';
import type { PluginPatient } from '../patient.js';
import { attention, failed, ok, type Probe } from '../probe.js';
import { pluginTrouble } from './plugin-trouble.js';
import { PLUGIN } from '../texts/plugin.js';

/** Whether the plugin answers, takes our signature, and has this authenticator for this gateway. */
export const pluginProbe: Probe<PluginPatient> = {
  id: 'nocobase.plugin',
  title: PLUGIN.title,
  needs: ['nocobase.reachable'],
  run: async (patient) => {
    const { name } = patient.authenticator;
    try {
      const { version, authenticators } = await patient.pluginSettings();
      const found = authenticators.find((one) => one.name === name);
      if (found === undefined) {
        const { what, fix } = pluginTrouble('gateway_unknown', patient.publicUrl);
        return failed(what, fix);
      }
      const known = /^[\w.+-]+$/.test(version) ? version : '?';
      if (found.enabled && patient.plugin.isKnownByOlderKey) {
        const key = patient.plugin.firstThumbprint;
        return attention(PLUGIN.takesOlderKey(known, key), PLUGIN.pinNewKey(key));
      }
      if (found.enabled) {
        return ok(PLUGIN.knowsKey(known, patient.plugin.firstThumbprint));
      }
      return attention(PLUGIN.notEnabled(name), pluginTrouble('none_enabled', patient.publicUrl).fix);
    } catch (error) {
      if (!(error instanceof PluginError)) throw error;
      // Another probe's question; to ask it the plugin has taken our signature.
      if (error.trouble === 'address_differs') return ok(PLUGIN.knows);
      const { what, fix } = pluginTrouble(error.trouble, patient.publicUrl);
      return failed(what, fix);
    }
  },
};
