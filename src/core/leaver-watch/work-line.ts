import { AsyncResource } from 'node:async_hooks';

export interface Work {
  /** The same work twice in the line is once. */
  readonly id: string;
  /** Must not throw. */
  readonly run: () => Promise<void>;
}

/**
 * Out of whatever it was begun in, such as a sign-in: with the time that one has left, DingTalk would not be asked any more, and its
 * trace would have calls that are none of it.
 */
const apart = AsyncResource.bind(async (work: Work) => work.run());

/** Work that is done in the background: so much at a time, and so much that may wait. */
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

  /** @returns whether it is in the line; when the line is full, whoever keeps the work durably comes again */
  add(work: Work): boolean {
    if (this.isClosed || this.waiting.size >= this.mayWait) return false;
    if (!this.has(work.id)) this.waiting.set(work.id, work);
    this.move();
    return true;
  }

  /** Nothing is begun any more. Resolves when what was begun has ended. */
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
