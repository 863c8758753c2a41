import { attention, ok, type Probe } from '../../core/doctor/index.js';
import { bookAnswers } from '../../core/plugin-protocol/index.js';
import { canKeepFiles } from '../../leavers/index.js';
import { PluginError } from '../../plugin-client/index.js';
import type { PluginContext, StockContext } from '../doctor-context.js';
import { BOOK, KEPT } from '../texts/leavers.js';

/** A leave event contains only a userid: without stored userids it is useless. */
export const keptProbe: Probe<StockContext> = {
  id: 'leavers.kept',
  title: KEPT.title,
  applies: ({ watch }) => watch.mode !== 'off',
  run: async ({ settings }) => {
    const { stateFolder } = settings.auth;
    if (settings.redis !== undefined) return ok(KEPT.inRedis);
    return canKeepFiles(stateFolder)
      ? ok(KEPT.inFile(stateFolder))
      : attention(KEPT.nowhere(stateFolder), KEPT.giveFolder);
  },
};

/** With the plugin, its book decides. */
export const bookProbe: Probe<PluginContext> = {
  id: 'leavers.book',
  title: BOOK.title,
  needs: ['nocobase.plugin'],
  run: async (context) => {
    const { name, nocobase } = context.authenticator;
    const { authenticators } = await context.pluginSettings();
    const mode = authenticators.find((one) => one.name === name)?.leavers;
    if (mode === undefined) return attention(BOOK.none, BOOK.update);
    if (mode === 'off') return ok(BOOK.isOff);
    try {
      return ok(
        BOOK.answers(await context.plugin.book(nocobase, { authenticator: name, call: 'count' }, bookAnswers.count)),
      );
    } catch (error) {
      if (!(error instanceof PluginError)) throw error;
      return attention(BOOK.none, BOOK.update);
    }
  },
};
