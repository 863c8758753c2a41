import type { BoundPerson, Finding } from '../leavers/index.js';
import type { Findings } from './findings.js';
import { inParallel } from './in-parallel.js';
import type { Inquiry } from './inquiry.js';
import type { Lease } from './lease.js';
import { type NightMark, nightMarkAsText, nightMarkOf } from './night-mark.js';
import { concernsAll } from './unclear-of.js';
import type { NightCounts, NightOutcome, WatchParts } from './watch-parts.js';

/** People in memory at a time. */
export const NIGHT_PAGE = 200;
/** Concurrent calls. The pace limits their rate; several are in flight so that a slow one does not delay the others. */
const AT_A_TIME = 8;
/** After this many silences in a row, DingTalk is considered down. */
const MAX_SILENCES = 20;
/**
 * If more than this share of the first `SAMPLE` people seen at the last check are missing, it stops and says so. Of fewer
 * people a quarter soon really leaves, such as one of three: there the brake of the book alone stops a mistake, after ten.
 */
const SAMPLE = 200;
const MISSING_SHARE = 0.25;
/** Until that is decided none of them is locked; at most this many are kept. */
const MAX_HELD = 1000;

export const NIGHT_MARKS = {
  /** The mark of a running check; empty: none is running. */
  under: 'night',
  /** When the last complete check started, and when it ended. */
  began: 'night.began',
  ended: 'night.ended',
} as const;

/** Prefix of outcome details that are not DingTalk's. */
export const MANY_MISSING = 'many_missing';
export const SCOPE_CHANGED = 'scope_changed';

export interface CheckRequest {
  readonly signal?: AbortSignal;
  /** Locks no one: the next scheduled check is still due, and asks about everyone. */
  readonly isTrial?: boolean;
  /** An administrator has seen that many are missing, and wants to continue. */
  readonly evenIfMany?: boolean;
  /** For a terminal. */
  readonly onProgress?: (done: number, of: number) => void;
  /** Who asks: an administrator by the command, or the schedule. */
  readonly origin?: 'night' | 'command';
  /** The finding about each person, for a terminal. */
  readonly onFinding?: (person: BoundPerson, finding: Finding) => void;
}

export const NOTHING: NightCounts = { bound: 0, asked: 0, here: 0, left: 0, unclear: 0 };

interface Found {
  readonly person: BoundPerson;
  readonly finding: Finding;
}

/** One check of everyone who is bound, under the lease. */
export class NightlyCheck {
  private readonly counts = { ...NOTHING };
  private readonly sample = { expected: 0, missing: 0 };
  /** People who have left, until it is known whether too many have. */
  private held: Found[] | undefined;
  private silences = 0;
  private lastLookAt = 0;
  private stop: Omit<NightOutcome, 'counts'> | undefined;
  private readonly isTrial: boolean;

  constructor(
    private readonly parts: WatchParts,
    private readonly inquiry: Inquiry,
    private readonly findings: Findings,
    private readonly lease: Lease,
    private readonly request: CheckRequest,
  ) {
    this.held = request.evenIfMany === true ? undefined : [];
    this.isTrial = request.isTrial === true;
  }

  async run(): Promise<NightOutcome> {
    const { book, clock } = this.parts;
    let mark = nightMarkOf(this.isTrial ? undefined : await book.mark(NIGHT_MARKS.under), clock.now());
    this.lastLookAt = Number(await book.mark(NIGHT_MARKS.began)) || 1;
    this.counts.bound = await book.count();
    const scope = await this.scope();
    while (this.stop === undefined) {
      const people = await book.people(mark.after, NIGHT_PAGE);
      if (people.length === 0 && mark.phase === 'look') return await this.end(mark, scope);
      mark =
        people.length === 0 ? { ...mark, phase: 'look', done: 0, after: undefined } : await this.page(people, mark);
    }
    return { ...this.stop, counts: this.counts };
  }

  private async page(people: readonly BoundPerson[], mark: NightMark): Promise<NightMark> {
    const { phase, startedAt } = mark;
    const after = people.at(-1)?.bindingId;
    if (after === mark.after) throw new Error('the book gives a page of bound people that it gave before');
    const toAsk = people.filter(
      ({ userid, seenAt }) => (userid === undefined) === (phase === 'fill') && seenAt < startedAt,
    );
    const found: Found[] = [];
    const again: BoundPerson[] = [];
    const askAbout = async (some: readonly BoundPerson[], isLast: boolean): Promise<void> =>
      inParallel(some, AT_A_TIME, async (person) => {
        if (!(await this.mayGoOn())) return;
        const finding = await this.ask(person);
        if (finding === undefined) return;
        // A second silence about the same person says nothing new about DingTalk.
        if (!isLast || !isSilence(finding)) this.listen(finding);
        if (!isLast && isWorthAnotherTry(finding)) {
          again.push(person);
          return;
        }
        this.judge(person, finding, phase);
        found.push({ person, finding });
      });
    await askAbout(toAsk, false);
    // In the meantime a possible witness was seen, and a rate limit has passed. Without this retry they would wait
    // until tomorrow.
    await askAbout(again, true);
    await this.write(found);
    const next = { ...mark, done: mark.done + people.length, after };
    await this.remember(next, toAsk.length > 0);
    return next;
  }

  /**
   * Where to resume after a restart: never past a person who was not asked about, or whose finding is not written yet.
   */
  private async remember(mark: NightMark, wasAnybodyAsked: boolean): Promise<void> {
    const { book } = this.parts;
    this.request.onProgress?.(mark.done, this.counts.bound);
    if (this.stop !== undefined || !wasAnybodyAsked || this.isTrial) return;
    await book.state({ progress: { done: mark.done, of: Math.max(this.counts.bound, mark.done) } });
    if ((this.held ?? []).length === 0) await book.setMark(NIGHT_MARKS.under, nightMarkAsText(mark));
  }

  private async mayGoOn(): Promise<boolean> {
    if (this.stop !== undefined) return false;
    if (this.request.signal?.aborted === true) this.stop ??= { end: 'aborted' };
    else if (!(await this.lease.isOurs())) this.stop ??= { end: 'elsewhere' };
    return this.stop === undefined;
  }

  /** For a person who is already locked, it only matters whether they are back. */
  private async ask(person: BoundPerson): Promise<Finding | undefined> {
    this.counts.asked++;
    if (person.hasLeft && person.lock !== 'none') return this.inquiry.isBack(person, 'night');
    return (await this.inquiry.about(person, 'night')).finding;
  }

  /** Decides whether further calls are useful. */
  private listen(finding: Finding): void {
    this.silences = isSilence(finding) ? this.silences + 1 : 0;
    if (finding.kind === 'unclear' && (concernsAll(finding.why) || this.silences >= MAX_SILENCES)) {
      const { why, detail } = finding;
      this.stop ??= { end: 'stopped', why, ...(detail !== undefined && { detail }) };
    }
  }

  private judge({ hasLeft, seenAt }: BoundPerson, finding: Finding, phase: NightMark['phase']): void {
    this.counts[finding.kind]++;
    const isExpected = phase === 'look' && !hasLeft && seenAt >= this.lastLookAt;
    if (!isExpected || this.sample.expected >= SAMPLE) return;
    this.sample.expected++;
    if (finding.kind !== 'here') this.sample.missing++;
  }

  private async write(found: readonly Found[]): Promise<void> {
    for (const { person, finding } of found) this.request.onFinding?.(person, finding);
    await this.findings.writeSeen(
      found.flatMap(({ person, finding }) => (finding.kind === 'here' ? [this.findings.seen(person, finding)] : [])),
    );
    const left = found.filter(({ finding }) => finding.kind === 'left');
    if (this.held === undefined) await this.writeEach(left);
    else await this.hold(left);
    // Silence is reported once for all.
    await this.writeEach(found.filter(({ finding }) => finding.kind === 'unclear' && finding.why !== 'no_answer'));
  }

  private async hold(left: readonly Found[]): Promise<void> {
    this.held?.push(...left);
    const { expected, missing } = this.sample;
    if (expected < SAMPLE && (this.held ?? []).length < MAX_HELD) return;
    if (missing > expected * MISSING_SHARE) {
      this.stop ??= { end: 'stopped', why: 'out_of_scope', detail: `${MANY_MISSING} ${missing}/${expected}` };
      // The next check starts again: people already seen would distort its sample.
      if (!this.isTrial) await this.parts.book.setMark(NIGHT_MARKS.under, '');
    }
    await this.release();
  }

  private async release(): Promise<void> {
    const left = this.held ?? [];
    this.held = undefined;
    await this.writeEach(left);
  }

  /** After a stop no one is locked. */
  private async writeEach(found: readonly Found[]): Promise<void> {
    const { origin = 'night' } = this.request;
    for (const { person, finding } of found) {
      if (this.stop === undefined) await this.findings.write(person, finding, origin);
    }
  }

  private async end({ startedAt, done }: NightMark, scope: string | undefined): Promise<NightOutcome> {
    await this.release();
    if (!this.isTrial) await this.rememberEnd(startedAt, done);
    const isOtherScope = scope !== undefined && ((await this.scope()) ?? scope) !== scope;
    return {
      end: 'done',
      ...(isOtherScope && { why: 'out_of_scope', detail: SCOPE_CHANGED }),
      counts: this.counts,
    };
  }

  private async rememberEnd(startedAt: number, done: number): Promise<void> {
    const { book, clock } = this.parts;
    const endedAt = clock.now();
    await book.setMark(NIGHT_MARKS.began, String(startedAt));
    await book.setMark(NIGHT_MARKS.ended, String(endedAt));
    await book.setMark(NIGHT_MARKS.under, '');
    await book.state({ nightEndedAt: endedAt, progress: { done, of: done } });
  }

  /** Useful only for comparison; a failure to read it says nothing about anyone. */
  private async scope(): Promise<string | undefined> {
    return this.parts.directory.scopeFingerprint().catch(() => undefined);
  }
}

function isWorthAnotherTry(finding: Finding): boolean {
  return isSilence(finding) || (finding.kind === 'unclear' && finding.why === 'no_witness');
}

function isSilence(finding: Finding): boolean {
  return finding.kind === 'unclear' && finding.why === 'no_answer';
}
