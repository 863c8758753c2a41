import { failed, ok, type Probe } from '../../core/doctor/index.js';
import { PluginError } from '../../plugin-client/index.js';
import type { PluginContext } from '../doctor-context.js';
import { pluginTrouble } from './plugin-trouble.js';
import { ADDRESS } from '../texts/plugin.js';

/**
 * Tickets are for one address of NocoBase, which must be the same in the gateway's configuration and in NocoBase's
 * form.
 */
export const addressProbe: Probe<PluginContext> = {
  id: 'nocobase.address',
  title: ADDRESS.title,
  needs: ['nocobase.plugin'],
  run: async (context) => {
    const { publicUrl } = context.authenticator.nocobase;
    try {
      await context.pluginSettings();
      return ok(ADDRESS.same(publicUrl));
    } catch (error) {
      if (!(error instanceof PluginError) || error.trouble !== 'address_differs') throw error;
      return failed(ADDRESS.differs(publicUrl), pluginTrouble('address_differs', context.publicUrl).fix);
    }
  },
};
