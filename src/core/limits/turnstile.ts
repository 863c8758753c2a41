interface Waiting {
  /** @param isAllowed whether to look again, or to give up for want of room */
  readonly goOn: (isAllowed: boolean) => void;
}

/**
 * Where those wait who want the same thing: one at a time goes on. Room is for so many; when it is full, the largest crowd
 * gives way to others, so that nobody fills it alone.
 */
export class Turnstile {
  private readonly queues = new Map<string, Set<Waiting>>();
  private readonly crowds = new Map<string, Set<Waiting>>();
  private count = 0;

  constructor(private readonly room: number) {}

  /**
   * Until it is this one's turn, or so long.
   *
   * @param crowd whom they share their room with
   * @returns false where there is no room for them, or no more
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

  /** Lets the one go on who has waited longest. */
  open(name: string): void {
    const [longest] = this.queues.get(name) ?? [];
    longest?.goOn(true);
  }

  /** The last to come of the largest crowd goes, if that one is larger than ours would be. */
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
