import { LRUCache } from 'lru-cache';
import type { EventListener, Noted, OrganizationEvent } from '../leavers/index.js';
import type { Moments } from './moments.js';

/** DingTalk waits for 2.5 s (HTTP) or 3 s (Stream): https://open.dingtalk.com/document/development/appendix-b-proposals-for-rational-use-of-resources */
const ANSWER_MS = 2300;
/** Being noted at a time. What comes beyond them comes again. */
const MAX_AT_A_TIME = 100;
/** DingTalk gives up on an event within minutes. */
const REMEMBERED = 10_000;
const REMEMBERED_MS = 3_600_000;

/**
 * Each event is handed on once, and its answer is in time: `noted` only when the listener said so. An event that comes twice
 * while it is being noted waits for the one noting; the book's own look at ids is behind this.
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
      // Not before the promise of it is known to the next delivery of the same event.
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

  /** What is noted too late is remembered, for when it comes again. */
  private async inTime(noting: Promise<Noted>): Promise<Noted> {
    let callOff: () => void = () => undefined;
    const late = new Promise<Noted>((resolve) => {
      callOff = this.moments.after(ANSWER_MS, () => resolve('later'));
    });
    return Promise.race([noting, late]).finally(callOff);
  }
}
