import { LRUCache } from 'lru-cache';
import type { LeaveRecord, LeaveRecords } from '../dingtalk/index.js';
import type { Hint } from '../leavers/index.js';
import type { KnownRecords } from './known-records.js';
import { hintId } from './hint-id.js';
import { Lease } from './lease.js';
import type { Troubles } from './troubles.js';
import { concernsAll, unclearOf } from './unclear-of.js';
import type { WatchParts } from './watch-parts.js';

/** DingTalk does not document its delay: late records are read with the next poll. */
const OVERLAP_MS = 15 * 60_000;
/** Without a mark: the nightly check finds those who left earlier. */
const FIRST_MS = 24 * 3_600_000;
/**
 * DingTalk's maximum.
 * https://open.dingtalk.com/document/development/query-the-details-of-employees-who-have-left-office
 */
const LONGEST_MS = 364 * 24 * 3_600_000;
/** Pause after a refusal that only an administrator can resolve. */
const PAUSE_MS = 3_600_000;
/** A hundred thousand records. More pages than that are an error. */
const MAX_PAGES = 2000;
const MARK = 'records';
const LEASE_MS = 120_000;

/** Reads who left since the last poll. A record is a hint, like an event: DingTalk is asked about the person. */
export class LeaveRecordPoll {
  private pausedUntil = 0;
  private readonly lease: Lease;
  /** Noted records within the overlap. `maxSize`: see LeaverWatch. */
  private readonly noted = new LRUCache<string, true>({ maxSize: 10_000, sizeCalculation: () => 1 });

  constructor(
    private readonly parts: WatchParts,
    private readonly known: KnownRecords,
    private readonly troubles: Troubles,
    private readonly note: (hints: readonly Hint[]) => Promise<void>,
  ) {
    this.lease = new Lease(parts, MARK, LEASE_MS);
  }

  /** @throws what the book throws; then the mark is unchanged */
  async run(signal?: AbortSignal): Promise<void> {
    const { book, clock } = this.parts;
    const now = clock.now();
    if (now < this.pausedUntil || !(await this.lease.isOurs())) return;
    const mark = Number((await book.mark(MARK)) ?? now - FIRST_MS + OVERLAP_MS) || now;
    const from = Math.max(Math.min(mark, now) - OVERLAP_MS, now - LONGEST_MS);
    if (!(await this.read([from, now], signal))) return;
    await book.setMark(MARK, String(now));
    await this.troubles.none('records');
  }

  /** @returns whether all pages were read */
  private async read(between: readonly [number, number], signal: AbortSignal | undefined): Promise<boolean> {
    const pages = new Set<string | undefined>();
    let page: string | undefined;
    do {
      if (signal?.aborted === true) return false;
      if (pages.has(page) || pages.size >= MAX_PAGES) {
        await this.troubles.tell('records', { why: 'no_answer', detail: 'pages_repeat' });
        return false;
      }
      pages.add(page);
      const read = await this.page(between, page);
      if (read === undefined) return false;
      await this.hear(read.records, between[0]);
      page = read.next;
    } while (page !== undefined);
    return true;
  }

  private async page(between: readonly [number, number], page: string | undefined): Promise<LeaveRecords | undefined> {
    try {
      return await this.parts.directory.leaveRecords(between, page);
    } catch (error) {
      const trouble = unclearOf(error);
      if (concernsAll(trouble.why)) this.pausedUntil = this.parts.clock.now() + PAUSE_MS;
      await this.troubles.tell('records', trouble);
      return undefined;
    }
  }

  private async hear(records: readonly LeaveRecord[], from: number): Promise<void> {
    this.known.remember(records);
    const at = this.parts.clock.now();
    const hints = records.map(({ userid, leftAt }): Hint => {
      const id = hintId('record', userid, String(leftAt ?? from));
      return { id, kind: 'left', origin: 'record', userid, at };
    });
    const fresh = hints.filter(({ id }) => !this.noted.has(id));
    await this.note(fresh);
    for (const { id } of fresh) this.noted.set(id, true);
  }
}
