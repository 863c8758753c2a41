import { createHash } from 'node:crypto';
import type { Clock } from '../dingtalk/index.js';
import type { LeaverMode } from '../leavers/index.js';
import type { LeaverWatch } from './leaver-watch.js';
import { MANY_MISSING } from './nightly-check.js';
import type { WatchObserver, WatchStep } from './watch-parts.js';

const MINUTE = 60_000;
const RESUME_MS = 10_000;
const RECORDS_MS = 5 * MINUTE;
/** Delay after a check that was stopped or failed; also limits how often a missing permission is asked about. */
const AGAIN_MS = 60 * MINUTE;
/** Tolerated difference between the clocks of replicas. */
const AHEAD_MS = 60 * MINUTE;
/** Delay before finding out whether another replica has finished. */
const ELSEWHERE_MS = 5 * MINUTE;
/** Longest wait before reading the clock again, which may have been set. */
const LOOK_AT_CLOCK_MS = 10 * MINUTE;
/** UTC+8 all year: China has no daylight saving time. */
const CHINA_MS = 8 * 60 * MINUTE;

/** Whether the machine's time is UTC, in winter and in summer. */
function isMachineInUtc(): boolean {
  return [0, 6].every((month) => new Date(2026, month).getTimezoneOffset() === 0);
}

/**
 * The minute of the nightly check on a given day: fixed for each application, between ten and fifty past, because the
 * vendor asks not to start on the hour.
 * https://open.dingtalk.com/document/development/appendix-b-proposals-for-rational-use-of-resources
 *
 * The night is the machine's. UTC, as in a container, was chosen by nobody, and its night is the morning rush where
 * DingTalk's organizations are: the night is then China's.
 */
export function nightOf(clientId: string, day: Date, isInUtc = isMachineInUtc()): Date {
  const china = new Date(day.getTime() + CHINA_MS);
  const [year, month, date] = isInUtc
    ? [china.getUTCFullYear(), china.getUTCMonth(), china.getUTCDate()]
    : [day.getFullYear(), day.getMonth(), day.getDate()];
  const hash = createHash('sha256')
    .update(`${clientId} ${[year, month, date].join('-')}`)
    .digest();
  const time = [1 + (hash.readUInt8(0) % 4), 10 + (hash.readUInt8(1) % 40), hash.readUInt8(2) % 60] as const;
  return isInUtc ? new Date(Date.UTC(year, month, date, ...time) - CHINA_MS) : new Date(year, month, date, ...time);
}

/** The last nightly check due before a moment. */
export function nightBefore(clientId: string, now: number, isInUtc?: boolean): number {
  const today = nightOf(clientId, new Date(now), isInUtc).getTime();
  if (today <= now) return today;
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  return nightOf(clientId, yesterday, isInUtc).getTime();
}

export interface ScheduleParts {
  readonly watch: Pick<LeaverWatch, 'resume' | 'records' | 'night' | 'nightEndedAt'>;
  readonly mode: LeaverMode;
  readonly clientId: string;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random?: () => number;
  readonly observer?: Partial<Pick<WatchObserver, 'failed'>>;
  /** Whether its time is UTC; default: whether the machine's is. */
  readonly isInUtc?: boolean;
}

/** Runs everything that a watch does by itself, until it is stopped. It does not keep the process alive. */
export class WatchSchedule {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>[] = [];
  /** The due time of a check that is skipped on purpose. */
  private missed = 0;

  constructor(private readonly parts: ScheduleParts) {}

  start(): void {
    if (this.parts.mode === 'off' || this.running.length > 0 || this.stopping.signal.aborted) return;
    this.running.push(this.resumes(), this.records(), this.nights());
  }

  /** Resolves when nothing runs any more: running work is interrupted where that is safe. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running);
  }

  private async resumes(): Promise<void> {
    do await this.step('resume', async () => this.parts.watch.resume());
    while (await this.pause(RESUME_MS));
  }

  private async records(): Promise<void> {
    await this.pause(MINUTE * (1 + this.chance()));
    while (!this.stopping.signal.aborted) {
      await this.step('records', async () => this.parts.watch.records(this.stopping.signal));
      await this.pause(RECORDS_MS * (0.9 + 0.2 * this.chance()));
    }
  }

  private async nights(): Promise<void> {
    // After a night that was missed, or before the first check, check soon: events are useful only with known userids.
    await this.pause(MINUTE * (1 + this.chance()));
    while (!this.stopping.signal.aborted) {
      await this.pause((await this.step('night', async () => this.night())) ?? AGAIN_MS);
    }
  }

  /** @returns when to check again */
  private async night(): Promise<number> {
    const { watch, clock, clientId, isInUtc } = this.parts;
    const due = nightBefore(clientId, clock.now(), isInUtc);
    const endedAt = (await watch.nightEndedAt()) ?? 0;
    // That time comes from the clock of the replica that checked. A time in the future must not block checks until
    // then.
    if (endedAt - clock.now() > AHEAD_MS || due > Math.max(endedAt, this.missed)) {
      const { end, detail } = await watch.night({ signal: this.stopping.signal });
      // This is reported, and repeated tomorrow unless an administrator acts.
      if (end === 'stopped' && detail?.startsWith(MANY_MISSING) === true) this.missed = due;
      else if (end !== 'done') return end === 'elsewhere' ? ELSEWHERE_MS : AGAIN_MS;
    }
    return Math.min(this.untilNight(), LOOK_AT_CLOCK_MS);
  }

  private untilNight(): number {
    const { clientId, clock, isInUtc } = this.parts;
    const tomorrow = new Date(clock.now());
    tomorrow.setDate(tomorrow.getDate() + 1);
    const next = [new Date(clock.now()), tomorrow]
      .map((day) => nightOf(clientId, day, isInUtc).getTime() - clock.now())
      .find((left) => left > 0);
    return next ?? LOOK_AT_CLOCK_MS;
  }

  private async step<T>(name: WatchStep, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.parts.observer?.failed?.(name, error);
      return undefined;
    }
  }

  /** @returns whether to continue */
  private async pause(milliseconds: number): Promise<boolean> {
    const { signal } = this.stopping;
    await this.parts.clock.wait(milliseconds, signal, true).catch(() => undefined);
    return !signal.aborted;
  }

  private chance(): number {
    return (this.parts.random ?? Math.random)();
  }
}
