import type { Database } from '@nocobase/database';
import type { EventWay, WatchState } from '../../../../src/core/leavers/index.js';
import { findAll } from '../authenticators.js';
import type { LeaverStatus } from './admin-api.js';
import type { Leavers } from './books.js';
import { LOCKS } from './locks-collection.js';
import { permissionFor } from './permissions.js';

/** The top of the page: how each authenticator is watched, and how many people are locked. */
export async function statusOf(db: Database, leavers: Leavers): Promise<LeaverStatus> {
  const rows = await findAll(db);
  const authenticators = rows.map(async ({ name, title, enabled, settings }) => {
    const { marks, members } = leavers.of(name);
    const { troubles: told, stream, progress, nightEndedAt } = await marks.told();
    // Problems of a feature that is switched off are not reported.
    const troubles = told.filter(
      ({ what }) => settings.leavers !== 'off' && (what !== 'stream' || isWithoutEvents(settings.events, stream)),
    );
    return {
      name,
      title,
      enabled,
      by: settings.signInBy,
      mode: settings.leavers,
      events: settings.events,
      stream: settings.events === 'stream' ? (stream ?? ('none' as const)) : ('none' as const),
      troubles: troubles.map(({ what, why, detail, since }) => {
        const { permission, grantAt } = permissionFor(what, why) ?? { permission: null, grantAt: null };
        return { what, why, detail: detail ?? null, permission, grantAt, since };
      }),
      nightEndedAt: nightEndedAt ?? null,
      progress: progress ?? null,
      paused: settings.leavers === 'lock' ? await members.countPaused() : 0,
      bound: await members.count(),
      withUserid: await members.countKnown(),
    };
  });
  const locked = await db.getRepository(LOCKS).count({ filter: { undoneAt: null } });
  return { authenticators: await Promise.all(authenticators), locked };
}

/** If any process is connected, events arrive. */
function isWithoutEvents(way: EventWay, stream: WatchState['stream']): boolean {
  return way === 'push' || (way === 'stream' && stream !== 'connected');
}
