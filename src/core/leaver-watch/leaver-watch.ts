import { LRUCache } from 'lru-cache';
import type { BoundPerson, Hint, Noted, Origin, OrganizationEvent } from '../leavers/index.js';
import { Findings } from './findings.js';
import { hintId } from './hint-id.js';
import { HintWork, type Checked } from './hint-work.js';
import { Inquiry } from './inquiry.js';
import { KnownRecords } from './known-records.js';
import { LeaveRecordPoll } from './leave-record-poll.js';
import { Lease } from './lease.js';
import { type CheckRequest, NIGHT_MARKS } from './nightly-check.js';
import { Night } from './night.js';
import { OneAtATime } from './one-at-a-time.js';
import { SameApplication } from './same-application.js';
import { Troubles } from './troubles.js';
import type { NightOutcome, WatchParts } from './watch-parts.js';
import { WorkLine } from './work-line.js';

/** The book's page size for hints (`BOOK_PAGE`). */
const NOTE_PAGE = 500;
const AT_A_TIME = 8;
/** Further hints stay in the book until there is room. */
const MAY_WAIT = 2000;
/**
 * The process that noted a hint works on it. Older ones were left by a process that has ended, or did not fit in the
 * queue.
 */
const OLD_MS = 5000;
/**
 * Two replicas that take up the same hints only cost calls, so the lease is short: a killed replica delays no one for
 * long.
 */
const LEASE_MS = 12_000;
/** Delay of the first retry after DingTalk did not answer; it doubles each time. */
const RETRY_MS = 15_000;
const LONGEST_RETRY_MS = 600_000;
/** Colleagues who turned out to be gone are checked once within this period. */
const GONE_TOO_MS = 600_000;

interface Attempts {
  readonly count: number;
  readonly nextAt: number;
}

/**
 * Watches who leaves the organization of one authenticator. Whatever it hears is a hint: noted in the book, then
 * DingTalk is asked about the person. Everything is idempotent and may be interrupted at any point; no one is locked
 * because of an absence.
 */
export class LeaverWatch {
  private readonly findings: Findings;
  private readonly work: HintWork;
  private readonly nights: Night;
  private readonly poll: LeaveRecordPoll;
  private readonly line = new WorkLine(AT_A_TIME, MAY_WAIT);
  /** `maxSize` allocates memory as needed; `max` would allocate it for each authenticator's watch at once. */
  private readonly attempts = new LRUCache<string, Attempts>({ maxSize: 10_000, sizeCalculation: () => 1 });
  private readonly resuming: Lease;
  private isClosed = false;

  constructor(private readonly parts: WatchParts) {
    const { book, directory, clock } = parts;
    const records = new KnownRecords(directory, clock);
    const inquiry = new Inquiry(directory, book, records, clock, new SameApplication(parts));
    const troubles = new Troubles(parts);
    this.findings = new Findings(parts);
    const noteGone = async (userids: readonly string[], origin: Origin): Promise<void> => this.goneToo(userids, origin);
    this.work = new HintWork(parts, inquiry, this.findings, new OneAtATime(), troubles, noteGone);
    this.nights = new Night(parts, inquiry, this.findings, troubles);
    this.poll = new LeaveRecordPoll(parts, records, troubles, async (hints) => this.note(hints));
    this.resuming = new Lease(parts, 'hints', LEASE_MS);
  }

  /** Takes an event from DingTalk. @returns whether it is noted durably; the work follows in the background */
  readonly hear = async ({ id, kind, userids }: OrganizationEvent): Promise<Noted> => {
    if (kind === 'other') return 'noted';
    if (this.isClosed) return 'later';
    const at = this.parts.clock.now();
    try {
      await this.note(userids.map((userid): Hint => ({ id: hintId(id, userid), kind, origin: 'event', userid, at })));
      return 'noted';
    } catch (error) {
      this.parts.observer?.failed?.('note', error);
      return 'later';
    }
  };

  /**
   * Learns the userid of a person who has just signed in and has none in the book: a later event of their leaving
   * contains only the userid. Runs in the background, and may be lost: the nightly check does the same.
   */
  met(unionId: string): void {
    const run = async (): Promise<void> => {
      try {
        const people = await this.parts.book.byUnionId(unionId);
        await this.work.all(
          people.filter(({ userid }) => userid === undefined),
          'event',
          false,
        );
      } catch (error) {
        this.parts.observer?.failed?.('hint', error);
      }
    };
    this.line.add({ id: hintId('met', unionId), run });
  }

  /** Asks DingTalk about a NocoBase user now, and writes the finding. @throws what the book throws */
  async ask(userId: number, origin: Origin = 'administrator'): Promise<readonly Checked[]> {
    return this.work.all(await this.parts.book.byUser(userId), origin, true);
  }

  /** The same for a person whom the caller has already loaded. */
  async askAbout(person: BoundPerson, origin: Origin): Promise<readonly Checked[]> {
    return this.work.all([person], origin, true);
  }

  /** Takes up hints that are noted but not done: after a start, and every few seconds. @throws what the book throws */
  async resume(): Promise<void> {
    const { book, clock } = this.parts;
    const now = clock.now();
    const waiting = (await book.waiting(NOTE_PAGE)).filter(({ id, at }) => {
      const isOld = Math.abs(now - at) >= OLD_MS;
      return isOld && !this.line.has(id) && (this.attempts.get(id)?.nextAt ?? 0) <= now;
    });
    if (waiting.length === 0 || !(await this.resuming.isOurs())) return;
    this.begin(waiting);
  }

  /** Reads DingTalk's records of who left. @throws what the book throws */
  async records(signal?: AbortSignal): Promise<void> {
    await this.poll.run(signal);
  }

  /** Checks everyone who is bound. @throws what the book throws; the next run resumes from there */
  async night(request?: CheckRequest): Promise<NightOutcome> {
    const outcome = await this.nights.run(request);
    this.parts.observer?.nightEnded?.(outcome);
    return outcome;
  }

  /** When the last complete check ended, in ms since 1970; undefined: never. */
  async nightEndedAt(): Promise<number | undefined> {
    const mark = await this.parts.book.mark(NIGHT_MARKS.ended);
    return mark === undefined ? undefined : Number(mark);
  }

  /** Resolves when no background work is left. */
  async idle(): Promise<void> {
    await this.line.idle();
  }

  /** Starts no more work; resolves when running work has ended. The rest stays noted. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.line.close();
  }

  private async goneToo(userids: readonly string[], origin: Origin): Promise<void> {
    const at = this.parts.clock.now();
    const when = String(Math.floor(at / GONE_TOO_MS));
    await this.note(
      userids.map((userid): Hint => ({ id: hintId('gone', userid, when), kind: 'left', origin, userid, at })),
    );
  }

  private async note(hints: readonly Hint[]): Promise<void> {
    for (let from = 0; from < hints.length; from += NOTE_PAGE) {
      this.begin(await this.parts.book.note(hints.slice(from, from + NOTE_PAGE)));
    }
  }

  private begin(hints: readonly Hint[]): void {
    for (const hint of hints) {
      // A poll after a long pause may bring hundreds of records: events do not wait for them.
      this.line.add({ id: hint.id, canWait: hint.origin === 'record', run: async () => this.lookAt(hint) });
    }
  }

  private async lookAt(hint: Hint): Promise<void> {
    try {
      if (await this.work.isDone(hint)) {
        await this.parts.book.done([hint.id]);
        this.attempts.delete(hint.id);
        return;
      }
    } catch (error) {
      this.parts.observer?.failed?.('hint', error);
    }
    const count = (this.attempts.get(hint.id)?.count ?? 0) + 1;
    const pause = Math.min(RETRY_MS * 2 ** (count - 1), LONGEST_RETRY_MS);
    this.attempts.set(hint.id, { count, nextAt: this.parts.clock.now() + pause });
  }
}
