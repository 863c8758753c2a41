import { AsyncResource } from 'node:async_hooks';

export interface Work {
  /** Work with the same id is queued once. */
  readonly id: string;
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
  private readonly waiting = new Map<string, Work>();
  private readonly running = new Set<string>();
  private isClosed = false;
  private whenIdle: (() => void)[] = [];

  constructor(
    private readonly atATime: number,
    private readonly mayWait: number,
  ) {}

  has(id: string): boolean {
    return this.waiting.has(id) || this.running.has(id);
  }

  /** @returns whether it is queued; if the queue is full, the caller, who keeps the work durably, retries */
  add(work: Work): boolean {
    if (this.isClosed || this.waiting.size >= this.mayWait) return false;
    if (!this.has(work.id)) this.waiting.set(work.id, work);
    this.move();
    return true;
  }

  /** Starts no more work. Resolves when running work has ended. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.waiting.clear();
    await this.idle();
  }

  async idle(): Promise<void> {
    if (this.waiting.size + this.running.size === 0) return;
    await new Promise<void>((resolve) => this.whenIdle.push(resolve));
  }

  private move(): void {
    for (const work of this.waiting.values()) {
      if (this.running.size >= this.atATime) return;
      this.waiting.delete(work.id);
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
