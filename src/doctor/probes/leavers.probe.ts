import { attention, failed, type Finding, ok, type Probe } from '../../core/doctor/index.js';
import { bookAnswers } from '../../core/plugin-protocol/index.js';
import { canKeepFiles, LeaverMemories, MAX_PEOPLE } from '../../leavers/index.js';
import { PluginError } from '../../plugin-client/index.js';
import type { PluginContext, StockContext } from '../doctor-context.js';
import type { RedisClient } from '../../shared-store/index.js';
import { BOOK, KEPT } from '../texts/leavers.js';
import { triedRedis } from '../tried-redis.js';

/** A leave event contains only a userid: without stored userids it is useless. */
export const keptProbe: Probe<StockContext> = {
  id: 'leavers.kept',
  title: KEPT.title,
  applies: ({ watch }) => watch.mode !== 'off',
  run: async ({ settings, authenticator }) => {
    const { stateFolder } = settings.auth;
    if (settings.redis !== undefined) {
      return triedRedis(settings.redis, keptIn, (code) => failed(KEPT.notInRedis(code), KEPT.repairRedis));
    }
    if (!canKeepFiles(stateFolder)) return attention(KEPT.nowhere(stateFolder), KEPT.giveFolder);
    const isFull = await new LeaverMemories(undefined, stateFolder).of(authenticator.nocobase).isFull();
    return isFull ? attention(KEPT.full(MAX_PEOPLE), KEPT.setRedis) : ok(KEPT.inFile(stateFolder));
  },
};

/** Asks for what version 6.2 brought (https://redis.io/docs/latest/commands/zmscore/), about a key that is never written. */
async function keptIn(redis: RedisClient): Promise<Finding> {
  if (!(await knowsScores(redis))) return failed(KEPT.inOldRedis, KEPT.updateRedis);
  return (await forgets(redis)) ? attention(KEPT.inVolatileRedis, KEPT.letRedisPersist) : ok(KEPT.inRedis);
}

async function knowsScores(redis: RedisClient): Promise<boolean> {
  try {
    await redis.zmscore('sign-in-gateway:doctor:none', 'nobody');
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('ERR unknown command')) return false;
    throw error;
  }
}

/** Whether a restart loses everything; false if Redis does not say: both commands are often forbidden. */
async function forgets(redis: RedisClient): Promise<boolean> {
  try {
    if (!/^aof_enabled:0\r?$/m.test(await redis.info('persistence'))) return false;
    const [, savePoints] = (await redis.config('GET', 'save')) as readonly unknown[];
    return savePoints === '';
  } catch {
    return false;
  }
}

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
