import type { Moments } from './moments.js';
import type { SocketListener, SocketOpener, StreamSocket } from './stream/stream-socket.js';

/** A clock that advances only when a spec says so; timers run in the order in which they are due. */
export class FakeMoments implements Moments {
  private readonly due: { at: number; run: () => void }[] = [];

  constructor(private time = Date.UTC(2026, 8, 30, 10)) {}

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    const entry = { at: this.time + ms, run };
    this.due.push(entry);
    return () => this.forget(entry);
  }

  /** @returns the time until the next timer, if there is one */
  next(): number | undefined {
    return this.due.length === 0 ? undefined : Math.min(...this.due.map(({ at }) => at)) - this.time;
  }

  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settled();
      const entry = this.due.filter(({ at }) => at <= end).toSorted((one, other) => one.at - other.at)[0];
      if (entry === undefined) break;
      this.time = Math.max(this.time, entry.at);
      this.forget(entry);
      entry.run();
    }
    this.time = end;
    await settled();
  }

  private forget(entry: { at: number; run: () => void }): void {
    const place = this.due.indexOf(entry);
    if (place !== -1) this.due.splice(place, 1);
  }
}

/** Resolves after all pending promise callbacks. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A socket whose other end is the spec. */
export class FakeSocket implements StreamSocket {
  readonly sent: { code: number; headers: { messageId: string }; data: string }[] = [];
  isClosed = false;

  constructor(
    readonly address: string,
    readonly listener: SocketListener,
  ) {}

  send(text: string): void {
    this.sent.push(JSON.parse(text) as (typeof this.sent)[number]);
  }

  /** The other end answers the closing handshake at once. */
  close(): void {
    this.end();
  }

  end(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.listener.ended();
  }

  says(type: string, headers: object, data: unknown = ''): void {
    this.listener.message(JSON.stringify({ type, headers, data }));
  }
}

export class FakeSockets {
  readonly made: FakeSocket[] = [];
  mostAtATime = 0;
  readonly open: SocketOpener = (address, listener) => {
    const socket = new FakeSocket(address, listener);
    this.made.push(socket);
    this.mostAtATime = Math.max(this.mostAtATime, this.alive.length);
    return socket;
  };

  get alive(): FakeSocket[] {
    return this.made.filter(({ isClosed }) => !isClosed);
  }

  get last(): FakeSocket {
    return this.made.at(-1)!;
  }
}
