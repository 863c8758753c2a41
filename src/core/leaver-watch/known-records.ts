import { LRUCache } from 'lru-cache';
import type { Clock, Directory, LeaveRecord, Urgency } from '../dingtalk/index.js';
import type { Evidence } from '../leavers/index.js';

/** Timeout: a lock does not wait longer for optional data. */
const LOOK_MS = 1000;
/** A person whose leaving was just reported left within this period, if there is a record yet. */
const LATELY_MS = 3_600_000;
/** Pause after a refusal. */
const PAUSE_MS = 3_600_000;
const MAX_KNOWN = 1000;

/** DingTalk's leave records: added to the evidence if the application may read them, never required. */
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

  /** One lookup when a person is about to be locked; nothing fails because of it. */
  async of(userid: string, urgency: Urgency): Promise<Evidence['record']> {
    if (!this.known.has(userid) && urgency === 'now' && this.clock.now() >= this.pausedUntil) {
      const enough = new AbortController();
      const timeUp = this.clock.wait(LOOK_MS, enough.signal).catch(() => undefined);
      await Promise.race([this.fetch(), timeUp]);
      enough.abort();
    }
    return this.known.get(userid);
  }

  private async fetch(): Promise<void> {
    const now = this.clock.now();
    try {
      this.remember((await this.directory.leaveRecords([now - LATELY_MS, now])).records);
    } catch {
      // The regular poll of the records reports a missing permission.
      this.pausedUntil = this.clock.now() + PAUSE_MS;
    }
  }
}
