import type { Hint } from '../../core/leavers/index.js';
import { type Known, LeaverMemory, type Reserved, type Seen } from './leaver-memory.js';
import { LeaverRecords } from './leaver-records.js';

/**
 * Used if there is neither Redis nor a writable folder: lasts until the process ends. It does not find people who left
 * before it has seen them, and accepts no events.
 */
export class InProcessLeaverMemory extends LeaverMemory {
  override readonly isDurable: boolean = false;

  private wasFull = false;

  /** @param onFull called once, when there is no room for another person */
  constructor(
    protected records = new LeaverRecords(),
    private readonly onFull?: () => void,
  ) {
    super();
  }

  override async known(keys: readonly string[]): Promise<readonly Known[]> {
    return this.read((records) => records.known(keys));
  }

  override async keyOf(userid: string): Promise<string | undefined> {
    return this.read((records) => records.keyOf(userid));
  }

  override async seenLast(count: number): Promise<readonly string[]> {
    return this.read((records) => records.seenLast(count));
  }

  override async seen(people: readonly Seen[]): Promise<readonly string[]> {
    const { returned, isFull } = await this.change((records) => ({
      returned: records.seen(people),
      isFull: records.isFull,
    }));
    if (isFull && !this.wasFull) {
      this.wasFull = true;
      this.onFull?.();
    }
    return returned;
  }

  override async isFull(): Promise<boolean> {
    return this.read((records) => records.isFull);
  }

  override async left(key: string, askedAt: number): Promise<void> {
    return this.change((records) => records.left(key, askedAt));
  }

  override async reserve(key: string, now: number): Promise<Reserved> {
    return this.change((records) => records.reserve(key, now));
  }

  override async release(key: string): Promise<void> {
    return this.change((records) => records.release(key));
  }

  override async ended(key: string, askedAt: number): Promise<void> {
    return this.change((records) => records.ended(key, askedAt));
  }

  override async hold(key: string): Promise<void> {
    return this.change((records) => records.hold(key));
  }

  override async held(count: number): Promise<readonly string[]> {
    return this.read((records) => records.heldFirst(count));
  }

  override async letGo(keys: readonly string[]): Promise<void> {
    return this.change((records) => records.letGo(keys));
  }

  override async note(hints: readonly Hint[], now: number): Promise<readonly Hint[]> {
    return this.change((records) => records.note(hints, now));
  }

  override async waiting(limit: number): Promise<readonly Hint[]> {
    return this.read((records) => records.waiting(limit));
  }

  override async done(ids: readonly string[], now: number): Promise<void> {
    return this.change((records) => records.done(ids, now));
  }

  override async mark(name: string): Promise<string | undefined> {
    return this.read((records) => records.mark(name));
  }

  override async setMark(name: string, value: string): Promise<void> {
    return this.change((records) => records.setMark(name, value));
  }

  override async lease(name: string, holder: string, forMs: number, now: number): Promise<boolean> {
    return this.change((records) => records.lease(name, holder, forMs, now));
  }

  protected async read<T>(work: (records: LeaverRecords) => T): Promise<T> {
    return work(this.records);
  }

  protected async change<T>(work: (records: LeaverRecords) => T): Promise<T> {
    return work(this.records);
  }
}
