import { OneTimeStore, StoreUnavailableError } from '../../../../src/core/sign-in/index.js';
import { REMEMBERED_AFTER_END_SECONDS } from '../gateway-keys.js';
import { DETAIL } from '../texts.js';
import { codeOf } from '../why-no-answer.js';
import type { UsedTickets } from '../used-tickets.js';

/** Used states, in the table of used tickets and kept equally long after they expire: the primary key decides which node was first. */
export class UsedStates extends OneTimeStore {
  constructor(private readonly table: UsedTickets) {
    super();
  }

  override async useUp(key: string, ttlSeconds: number): Promise<boolean> {
    try {
      return await this.table.use(key, Math.ceil(Date.now() / 1000) + ttlSeconds + REMEMBERED_AFTER_END_SECONDS);
    } catch (error) {
      throw new StoreUnavailableError(DETAIL.usedStates(codeOf(error)).en);
    }
  }

  override async check(): Promise<void> {
    await this.table.prune();
  }
}
