import type { Log } from '@nocobase/server';
import { PublicError } from '../sign-in.errors.js';
import { LOG } from '../texts.js';
import { codeOf } from '../why-no-answer.js';
import { type LockedUsers, LocksUnreadableError } from './locked-users.js';

/** @throws PublicError if it is not known yet who is locked: nobody is let in then */
export async function isLocked(
  locked: Pick<LockedUsers, 'isLocked'>,
  userId: number,
  log: Pick<Log, 'error'>,
  translate: ConstructorParameters<typeof PublicError>[2],
): Promise<boolean> {
  try {
    return await locked.isLocked(userId);
  } catch (error) {
    if (!(error instanceof LocksUnreadableError)) throw error;
    log.error(LOG.locksUnreadable.en, { why: codeOf(error) });
    throw new PublicError(503, 'temporarily_unavailable', translate);
  }
}
