import type { Application } from '@nocobase/server';
import { LOG } from '../texts.js';
import { codeOf } from '../why-no-answer.js';
import { enforceLocks } from './enforcement.js';
import { LockedUsers } from './locked-users.js';
import { Locks } from './locks.js';
import { LeaverTables } from './tables.js';
import { UserSockets } from './user-sockets.js';

/**
 * Where the plugin is not loaded, the locks that exist stay in force: every request of a locked user is refused, with a session or an
 * API key. A sign-in is not, but its session is of no use. Nobody is locked or unlocked meanwhile.
 *
 * NocoBase's interfaces may be different ones there. Whatever fails here, NocoBase starts, and until the locks have been read nobody is
 * refused: an upgrade must not lock a whole company out. The log says whether the locks are in force.
 */
export function keepLocks(app: Application): void {
  const sayNotInForce = (error: unknown): void => {
    app.log.error(LOG.locksNotInForce.en, { why: codeOf(error) });
  };
  try {
    const tables = new LeaverTables(app);
    const locked = new LockedUsers(app, tables);
    new Locks(app, tables, locked).guard();
    new UserSockets(app, locked, false).watch();
    sayOnceInForce(app, locked);
    enforceLocks(app, { isLocked: async (userId) => locked.isLocked(userId).catch(() => false) });
    app.on('afterStart', async () => {
      await locked.refresh().catch(sayNotInForce);
      // Also after a failure: the database may only have been busy.
      locked.start(false);
    });
    app.on('beforeStop', async () => locked.stop());
  } catch (error) {
    sayNotInForce(error);
  }
}

/** At the first time that the locks have been read, whenever that is. */
function sayOnceInForce(app: Application, locked: LockedUsers): void {
  const { onLocked } = locked;
  locked.onLocked = (userIds) => {
    app.log.warn(LOG.locksInForce.en);
    locked.onLocked = onLocked;
    onLocked(userIds);
  };
}
