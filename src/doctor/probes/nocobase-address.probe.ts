import { PluginError } from '../../plugin-client/index.js';
import type { PluginPatient } from '../patient.js';
import { failed, ok, type Probe } from '../probe.js';
import { text } from '../../core/texts/index.js';
import { pluginTrouble } from './plugin-trouble.js';

/** Tickets are for one address of NocoBase: the gateway's configuration and NocoBase's form must mean the same. */
export const addressProbe: Probe<PluginPatient> = {
  id: 'nocobase.address',
  title: text("NocoBase's address in its form", 'NocoBase 表单中的地址'),
  needs: ['nocobase.plugin'],
  run: async (patient) => {
    const { publicUrl } = patient.authenticator.nocobase;
    try {
      await patient.pluginSettings();
      return ok(text(`${publicUrl} here and there`, `两处均为 ${publicUrl}`));
    } catch (error) {
      if (!(error instanceof PluginError) || error.trouble !== 'address_differs') throw error;
      return failed(
        text(`here ${publicUrl}, in NocoBase another one`, `此处为 ${publicUrl}，NocoBase 中不同`),
        pluginTrouble('address_differs', patient.publicUrl).fix,
      );
    }
  },
};
