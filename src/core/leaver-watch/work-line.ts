import { AsyncResource } from 'node:async_hooks';

export interface Work {
  /** Work with the same id is queued once. */
  readonly id: string;
  /** Starts only when no other work waits. */
  readonly canWait?: boolean;
  /** Must not throw. */
  readonly run: () => Promise<void>;
}

/**
 * Runs outside of the caller's async context, such as a sign-in: otherwise that sign-in's time budget would prevent
 * calls to DingTalk, and its trace would contain unrelated calls.
 */
const apart = AsyncResource.bind(async (work: Work) => work.run());

/** A background work queue with limits for running and for waiting work. */
export class WorkLine {
  private readonly urgent = new Map<string, Work>();
  private readonly patient = new Map<string, Work>();
  private readonly running = new Set<string>();
  private isClosed = false;
  private whenIdle: (() => void)[] = [];

  constructor(
    private readonly atATime: number,
    private readonly mayWait: number,
  ) {}

  has(id: string): boolean {
    return this.urgent.has(id) || this.patient.has(id) || this.running.has(id);
  }

  /** @returns whether it is queued; if the queue is full, the caller, who keeps the work durably, retries */
  add(work: Work): boolean {
    if (this.isClosed || this.waiting >= this.mayWait) return false;
    if (!this.has(work.id)) (work.canWait === true ? this.patient : this.urgent).set(work.id, work);
    this.move();
    return true;
  }

  /** Starts no more work. Resolves when running work has ended. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.urgent.clear();
    this.patient.clear();
    await this.idle();
  }

  async idle(): Promise<void> {
    if (this.waiting + this.running.size === 0) return;
    await new Promise<void>((resolve) => this.whenIdle.push(resolve));
  }

  private get waiting(): number {
    return this.urgent.size + this.patient.size;
  }

  private next(): Work | undefined {
    const queue = this.urgent.size > 0 ? this.urgent : this.patient;
    const [work] = queue.values();
    if (work !== undefined) queue.delete(work.id);
    return work;
  }

  private move(): void {
    while (this.running.size < this.atATime) {
      const work = this.next();
      if (work === undefined) break;
      this.running.add(work.id);
      void apart(work).finally(() => {
        this.running.delete(work.id);
        this.move();
      });
    }
    if (this.running.size > 0) return;
    for (const resolve of this.whenIdle.splice(0)) resolve();
  }
}
