import { LRUCache } from 'lru-cache';
import type { EventListener, Noted, OrganizationEvent } from '../leavers/index.js';
import type { Moments } from './moments.js';

/**
 * DingTalk's timeout is 2.5 s (HTTP) or 3 s (Stream):
 * https://open.dingtalk.com/document/development/appendix-b-proposals-for-rational-use-of-resources
 */
const ANSWER_MS = 2300;
/** Maximum number being noted at a time. Further events are sent again. */
const MAX_AT_A_TIME = 100;
/** DingTalk stops retrying an event within minutes. */
const REMEMBERED = 10_000;
const REMEMBERED_MS = 3_600_000;

/**
 * Passes each event on once, and responds in time: `noted` only if the listener said so. A duplicate that arrives while
 * the event is being noted waits for the same result; the book checks ids as well.
 */
export class Deliveries {
  private readonly noted = new LRUCache<string, true>({ max: REMEMBERED, ttl: REMEMBERED_MS });
  private readonly underWay = new Map<string, Promise<Noted>>();

  constructor(
    private readonly listener: EventListener,
    private readonly moments: Moments,
  ) {}

  /** Never fails. */
  async deliver(event: OrganizationEvent): Promise<Noted> {
    if (this.noted.has(event.id)) return 'noted';
    const running = this.underWay.get(event.id);
    if (running === undefined && this.underWay.size >= MAX_AT_A_TIME) return 'later';
    return this.inTime(running ?? this.begin(event));
  }

  private begin(event: OrganizationEvent): Promise<Noted> {
    const noting = this.note(event);
    this.underWay.set(event.id, noting);
    return noting;
  }

  /** A listener that fails has noted nothing. */
  private async note(event: OrganizationEvent): Promise<Noted> {
    try {
      // The next delivery of the same event must find this promise first.
      await Promise.resolve();
      if ((await this.listener(event)) !== 'noted') return 'later';
      this.noted.set(event.id, true);
      return 'noted';
    } catch {
      return 'later';
    } finally {
      this.underWay.delete(event.id);
    }
  }

  /** An event noted too late is remembered, for when it arrives again. */
  private async inTime(noting: Promise<Noted>): Promise<Noted> {
    let callOff: () => void = () => undefined;
    const late = new Promise<Noted>((resolve) => {
      callOff = this.moments.after(ANSWER_MS, () => resolve('later'));
    });
    return Promise.race([noting, late]).finally(callOff);
  }
}
