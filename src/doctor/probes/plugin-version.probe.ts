import { version } from '../../config/index.js';
import { shownVersion, versionGap } from '../../plugin-client/index.js';
import type { PluginContext } from '../doctor-context.js';
import { attention, ok, type Probe } from '../../core/doctor/index.js';
import { PLUGIN_VERSION } from '../texts/plugin.js';

/** Whether gateway and plugin have the same version: only those are tested together. */
export const pluginVersionProbe: Probe<PluginContext> = {
  id: 'nocobase.plugin.version',
  title: PLUGIN_VERSION.title,
  // Without a response from the plugin its version is unknown.
  needs: ['nocobase.plugin', 'nocobase.address'],
  run: async (context) => {
    const [own, plugin] = [version(), (await context.pluginSettings()).version];
    const gap = versionGap(own, plugin);
    if (gap === undefined) return ok(PLUGIN_VERSION.same(own));
    const shown = shownVersion(plugin);
    const { fix, what } = PLUGIN_VERSION;
    const todo = gap === 'gateway_older' ? fix[gap](shown) : fix[gap](context.publicUrl);
    return attention(what[gap](own, shown), todo);
  },
};
