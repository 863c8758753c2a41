import { Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../core/errors/index.js';
import type { WatchObserver } from '../core/leaver-watch/index.js';
import type { WatchState } from '../core/leavers/index.js';
import type { PushNotice } from '../core/organization-events/index.js';
import type { Telemetry } from '../telemetry/index.js';

/** The same failure is logged once in this period. */
const AGAIN_MS = 600_000;

/**
 * The output of a watch: to the log with ids and codes, never a name or a number, and to metrics. One line for every
 * person who, according to DingTalk, left or is back: the audit log of changes to accounts.
 */
export class WatchLog implements WatchObserver {
  private readonly logger = new Logger('Leavers');
  private readonly said = new LRUCache<string, true>({ max: 100, ttl: AGAIN_MS });
  private stream: WatchState['stream'];

  constructor(
    private readonly authenticator: string,
    private readonly telemetry: Telemetry,
  ) {}

  readonly concluded: WatchObserver['concluded'] = ({ userId }, conclusion, origin, evidence) => {
    this.telemetry.count((metrics) => metrics.leaverConcluded(this.authenticator, conclusion));
    const { code, userid, askedAt, requestId, witness } = evidence;
    const line = {
      ...this.line('leaver'),
      userId,
      conclusion,
      origin,
      code,
      userid,
      requestId,
      witness: witness?.userid,
    };
    this.logger.log({ ...line, askedAt: new Date(askedAt).toISOString() });
  };

  /** With a small scope there are many in one night; the night's line counts them. */
  readonly unclear: WatchObserver['unclear'] = ({ userId }, why, origin) => {
    this.telemetry.count((metrics) => metrics.leaverUnclear(this.authenticator, why));
    this.logger.debug({ ...this.line('leaver_unclear'), userId, why, origin });
  };

  readonly returned: WatchObserver['returned'] = (people) => {
    for (const { userId } of people) {
      this.telemetry.count((metrics) => metrics.leaverConcluded(this.authenticator, 'returned'));
      this.logger.log({ ...this.line('leaver_returned'), userId });
    }
  };

  readonly failed: WatchObserver['failed'] = (step, error) => {
    const reason = error instanceof GatewayError ? (error.detail ?? error.code) : nameOf(error);
    const setting = error instanceof GatewayError && 'setting' in error ? error.setting : undefined;
    if (this.said.has(`${step} ${reason}`)) return;
    this.said.set(`${step} ${reason}`, true);
    this.logger.warn({ ...this.line('leaver_watch_failed'), step, reason, setting });
  };

  readonly nightEnded: WatchObserver['nightEnded'] = ({ end, why, detail, counts }) => {
    if (end === 'elsewhere') return;
    if (end === 'done') this.nightAt(Date.now());
    const line = { ...this.line('leaver_night'), end, why, detail, ...counts };
    if (end === 'stopped') this.logger.warn(line);
    else this.logger.log(line);
  };

  /** When the last complete check ended, or the watch started. */
  nightAt(at: number): void {
    this.telemetry.count((metrics) => metrics.leaverNight(this.authenticator, at));
  }

  readonly state = ({ trouble, stream }: WatchState): void => {
    // It is reported every minute.
    if (stream !== undefined && stream !== this.stream) {
      this.stream = stream;
      this.telemetry.count((metrics) => metrics.leaverStream(this.authenticator, stream === 'connected'));
      this.logger.log({ ...this.line('leaver_stream'), stream });
    }
    if (trouble === undefined) return;
    const { what, why, detail } = trouble;
    if (why === 'none') this.logger.log({ ...this.line('leaver_trouble_over'), what });
    else this.logger.warn({ ...this.line('leaver_trouble'), what, why, detail });
  };

  /**
   * About calls that claim to be from DingTalk; the caller learns nothing. There may be many refused ones, so each
   * reason is logged once.
   */
  readonly pushed = (notice: PushNotice): void => {
    if (notice === 'event') return;
    if (notice === 'check') this.logger.log(this.line('leaver_push_checked'));
    else if (!this.said.has(`push ${notice}`)) {
      this.said.set(`push ${notice}`, true);
      this.logger.warn({ ...this.line('leaver_push_refused'), reason: notice });
    }
  };

  /** What prevents it from working as configured, logged once at its start. */
  notice(event: string, more: object): void {
    this.logger.warn({ ...this.line(event), ...more });
  }

  private line(event: string): { readonly event: string; readonly authenticator: string } {
    return { event, authenticator: this.authenticator };
  }
}

/** Only the name, because the message may contain anything. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
