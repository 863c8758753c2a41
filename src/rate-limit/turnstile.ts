/** Where those wait who want the same thing: one at a time goes on. */
export class Turnstile {
  private readonly queues = new Map<string, Set<() => void>>();
  private count = 0;

  get waiting(): number {
    return this.count;
  }

  /** Until it is this one's turn, or so long. */
  async wait(name: string, atMostMs: number): Promise<void> {
    const queue = this.queues.get(name) ?? new Set();
    this.queues.set(name, queue);
    this.count += 1;
    await new Promise<void>((resolve) => {
      const goOn = (): void => {
        clearTimeout(timer);
        if (!queue.delete(goOn)) return;
        if (queue.size === 0 && this.queues.get(name) === queue) this.queues.delete(name);
        this.count -= 1;
        resolve();
      };
      const timer = setTimeout(goOn, atMostMs);
      queue.add(goOn);
    });
  }

  /** Lets the one go on who has waited longest. */
  open(name: string): void {
    const [longest] = this.queues.get(name) ?? [];
    longest?.();
  }
}
