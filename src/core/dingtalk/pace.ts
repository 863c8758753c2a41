import { type Clock, systemClock } from './clock.js';

/**
 * DingTalk allows 20 calls a second from one application to one of its APIs, and other programs of the same application
 * share this quota. https://open.dingtalk.com/document/development/how-to-process-api-throttling-on-the-dingtalk-server
 */
const CALLS_PER_SECOND = 15;

/** `now`: a person is waiting, or is about to be locked; `night`: hours are available. */
export type Urgency = 'now' | 'night';

/** The queue for one API. */
interface Line {
  freeAt: number;
  isMoving: boolean;
  readonly waiting: Record<Urgency, (() => void)[]>;
}

/** Spreads the calls of one application evenly, by API; urgent calls go first. */
export class Pace {
  private readonly lines = new Map<string, Line>();
  private readonly interval: number;

  constructor(
    private readonly clock: Clock = systemClock,
    perSecond = CALLS_PER_SECOND,
  ) {
    this.interval = 1000 / perSecond;
  }

  /** Resolves when it is this call's turn. */
  async turn(api: string, urgency: Urgency): Promise<void> {
    const line = this.lineOf(api);
    const turn = new Promise<void>((resolve) => line.waiting[urgency].push(resolve));
    if (!line.isMoving) void this.move(line);
    return turn;
  }

  private async move(line: Line): Promise<void> {
    line.isMoving = true;
    while (line.waiting.now.length + line.waiting.night.length > 0) {
      const early = line.freeAt - this.clock.now();
      // A longer wait means that the clock was set back.
      if (early > 0) await this.clock.wait(Math.min(early, this.interval));
      const now = this.clock.now();
      line.freeAt = (line.freeAt - now > this.interval ? now : Math.max(line.freeAt, now)) + this.interval;
      (line.waiting.now.shift() ?? line.waiting.night.shift())?.();
    }
    line.isMoving = false;
  }

  private lineOf(api: string): Line {
    const known = this.lines.get(api);
    if (known !== undefined) return known;
    const made: Line = { freeAt: 0, isMoving: false, waiting: { now: [], night: [] } };
    this.lines.set(api, made);
    return made;
  }
}

/** One pace for all users of an application in this process. */
export class Paces {
  private readonly known = new Map<string, Pace>();

  constructor(private readonly clock: Clock = systemClock) {}

  of(clientId: string): Pace {
    const known = this.known.get(clientId);
    if (known !== undefined) return known;
    const made = new Pace(this.clock);
    this.known.set(clientId, made);
    return made;
  }
}
