import type { Clock } from '../../src/core/dingtalk/index.js';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * A clock without real delays: when all code is waiting, it jumps to the next time that something waits for. For endless loops,
 * `advance` sets the limit.
 */
export class VirtualClock implements Clock {
  private time = Date.UTC(2026, 8, 30, 12);
  private sleepers: Sleeper[] = [];
  private isMoving = false;

  /** @param runsByItself otherwise only `advance` moves it */
  constructor(private readonly runsByItself = true) {}

  now(): number {
    return this.time;
  }

  async wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const giveUp = (): void => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        reject(signal?.reason as Error);
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const sleeper = { at: this.time + milliseconds, wake };
      this.sleepers.push(sleeper);
      signal?.addEventListener('abort', giveUp);
      if (this.runsByItself && !this.isMoving) void this.move(Infinity);
    });
  }

  async advance(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    await this.move(end);
    this.time = end;
  }

  private async move(end: number): Promise<void> {
    this.isMoving = true;
    // One turn of the event loop: everything that does not wait runs before.
    for (await turn(); ; await turn()) {
      const [next] = this.sleepers.toSorted((one, other) => one.at - other.at);
      if (next === undefined || next.at > end) break;
      this.sleepers = this.sleepers.filter((sleeper) => sleeper !== next);
      this.time = Math.max(this.time, next.at);
      next.wake();
    }
    this.isMoving = false;
  }
}

async function turn(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
