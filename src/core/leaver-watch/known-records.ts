import { LRUCache } from 'lru-cache';
import type { Clock, Directory, LeaveRecord, Urgency } from '../dingtalk/index.js';
import type { Evidence } from '../leavers/index.js';

/** A lock does not wait longer for a nicety. */
const LOOK_MS = 1000;
/** Somebody whose leaving was just told has left within this time, if there is a record of it yet. */
const LATELY_MS = 3_600_000;
/** After a refusal, for so long. */
const PAUSE_MS = 3_600_000;
const MAX_KNOWN = 1000;

/** DingTalk's records of who left: they go with the evidence where the application may read them, and are never needed. */
export class KnownRecords {
  private readonly known = new LRUCache<string, NonNullable<Evidence['record']>>({ max: MAX_KNOWN });
  private pausedUntil = 0;

  constructor(
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  remember(records: readonly LeaveRecord[]): void {
    for (const { userid, leftAt, reason } of records) {
      if (leftAt !== undefined) this.known.set(userid, { leftAt, reason });
    }
  }

  /** One look, where somebody is to be locked at once; nothing fails because of it. */
  async of(userid: string, urgency: Urgency): Promise<Evidence['record']> {
    if (!this.known.has(userid) && urgency === 'now' && this.clock.now() >= this.pausedUntil) {
      const enough = new AbortController();
      const timeUp = this.clock.wait(LOOK_MS, enough.signal).catch(() => undefined);
      await Promise.race([this.look(), timeUp]);
      enough.abort();
    }
    return this.known.get(userid);
  }

  private async look(): Promise<void> {
    const now = this.clock.now();
    try {
      this.remember((await this.directory.leaveRecords([now - LATELY_MS, now])).records);
    } catch {
      // What is missing for this is told by whoever reads the records regularly.
      this.pausedUntil = this.clock.now() + PAUSE_MS;
    }
  }
}
