interface Waiting {
  /** @param isAllowed whether to try again, or to give up because the queue is full */
  readonly goOn: (isAllowed: boolean) => void;
}

/**
 * A queue of waiters by name: one at a time continues. It has limited room; when it is full, the largest crowd gives
 * way to others, so that no one can fill it alone.
 */
export class Turnstile {
  private readonly queues = new Map<string, Set<Waiting>>();
  private readonly crowds = new Map<string, Set<Waiting>>();
  private count = 0;

  constructor(private readonly room: number) {}

  /**
   * Waits for this one's turn, up to a timeout.
   *
   * @param crowd the group that shares room
   * @returns false if there is no room, or no longer any
   */
  async wait(name: string, crowd: string, atMostMs: number): Promise<boolean> {
    if (this.count >= this.room && !this.makeRoom(crowd)) return false;
    return new Promise((resolve) => {
      const waiting: Waiting = {
        goOn: (isAllowed) => {
          clearTimeout(timer);
          if (!leave(this.queues, name, waiting)) return;
          leave(this.crowds, crowd, waiting);
          this.count -= 1;
          resolve(isAllowed);
        },
      };
      const timer = setTimeout(() => waiting.goOn(true), atMostMs);
      join(this.queues, name, waiting);
      join(this.crowds, crowd, waiting);
      this.count += 1;
    });
  }

  /** Releases the longest waiter. */
  open(name: string): void {
    const [longest] = this.queues.get(name) ?? [];
    longest?.goOn(true);
  }

  /** Removes the newest of the largest crowd, if that crowd is larger than ours would be. */
  private makeRoom(crowd: string): boolean {
    let largest = new Set<Waiting>();
    for (const one of this.crowds.values()) if (one.size > largest.size) largest = one;
    if (largest.size <= (this.crowds.get(crowd)?.size ?? 0) + 1) return false;
    [...largest].at(-1)?.goOn(false);
    return true;
  }
}

function join(places: Map<string, Set<Waiting>>, name: string, waiting: Waiting): void {
  const place = places.get(name) ?? new Set();
  places.set(name, place.add(waiting));
}

function leave(places: Map<string, Set<Waiting>>, name: string, waiting: Waiting): boolean {
  const place = places.get(name);
  const wasThere = place?.delete(waiting) ?? false;
  if (place?.size === 0) places.delete(name);
  return wasThere;
}
