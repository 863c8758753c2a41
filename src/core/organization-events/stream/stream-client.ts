import type { EventListener } from '../../leavers/index.js';
import { DETAIL } from '../../texts/index.js';
import type { UpstreamHttpClient } from '../../upstream/index.js';
import { deferred } from '../deferred.js';
import { Deliveries } from '../deliveries.js';
import { type Moments, realMoments } from '../moments.js';
import { backOffMs, STABLE_MS } from './back-off.js';
import { Connection } from './connection.js';
import type { StreamNotice, StreamState, StreamTrouble } from './stream-notice.js';
import type { SocketOpener } from './stream-socket.js';
import { askForAddress, StreamOpeningError, type StreamApplication } from './ticket.js';
import { undiciSockets } from './undici-socket.js';

/** An announced end comes about ten seconds later; by then the next connection has long taken over. */
const RETIRING_MS = 10_000;

export interface StreamHost {
  /** A separate client: failures of the stream must not affect sign-ins. */
  readonly http: UpstreamHttpClient;
  readonly listener: EventListener;
  /** Called after each change. */
  readonly state?: (state: StreamState) => void;
  readonly notice?: (notice: StreamNotice) => void;
  readonly moments?: Moments;
  readonly random?: () => number;
  readonly sockets?: SocketOpener;
}

/**
 * DingTalk's Stream: a connection that we open, over which DingTalk reports changes. It is kept open permanently, with
 * at most two sockets at a time: the next one opens before one whose end was announced is closed. Several replicas may
 * each have one; every event goes to one of them. The reported states contain no secret, ticket or address.
 * https://open-dingtalk.github.io/developerpedia/docs/learn/stream/protocol
 */
export class StreamClient {
  private readonly moments: Moments;
  private readonly random: () => number;
  private readonly sockets: SocketOpener;
  private readonly deliveries: Deliveries;
  /** Sockets that have not ended, and those of them that opened. */
  private readonly held = new Set<Connection>();
  private readonly open = new Set<Connection>();
  private readonly closing = deferred<void>();
  private running: Promise<void> | undefined;
  private isClosed = false;
  private told: StreamState | undefined;

  constructor(
    private readonly application: StreamApplication,
    private readonly host: StreamHost,
  ) {
    this.moments = host.moments ?? realMoments;
    this.random = host.random ?? Math.random;
    this.sockets = host.sockets ?? undiciSockets(application.proxyUrl, this.moments);
    this.deliveries = new Deliveries(host.listener, this.moments);
  }

  /** Undefined until the first attempt has ended. */
  get state(): StreamState | undefined {
    return this.told;
  }

  start(): void {
    if (!this.isClosed) this.running ??= this.keepConnected();
  }

  /**
   * Resolves when no socket is left. Events being noted stay noted, and DingTalk sends them to another replica as well.
   */
  async close(): Promise<void> {
    this.isClosed = true;
    this.closing.resolve();
    for (const connection of this.held) connection.close();
    await this.running;
    await Promise.all([...this.held].map(async ({ ended }) => ended));
  }

  private async keepConnected(): Promise<void> {
    let failures = 0;
    let before: Connection | undefined;
    while (!this.isClosed) {
      if (failures > 0) await this.pause(backOffMs(failures, this.random));
      const connection = await this.connect();
      if (connection === undefined) {
        failures += 1;
        continue;
      }
      this.retire(before);
      const since = this.moments.now();
      const end = await connection.over;
      this.notice(end);
      failures = this.moments.now() - since >= STABLE_MS ? 0 : failures + 1;
      // A third socket is never opened: the oldest one is closed.
      before?.close();
      await before?.ended;
      before = connection;
    }
  }

  /** @returns undefined if it did not open; its socket has ended by then */
  private async connect(): Promise<Connection | undefined> {
    try {
      const address = await Promise.race([askForAddress(this.host.http, this.application), this.closing.promise]);
      if (address === undefined || this.isClosed) return undefined;
      const connection = this.hold(address);
      if (await connection.opened) {
        this.open.add(connection);
        this.notice('opened');
        this.tell({ kind: 'connected' });
        return connection;
      }
      await connection.ended;
      throw new StreamOpeningError('no_answer', DETAIL.stream.notOpened.en);
    } catch (error) {
      const failed = error instanceof StreamOpeningError ? error : UNKNOWN;
      this.notice('opening_failed');
      this.tellOfLoss(failed.why, failed.message);
      return undefined;
    }
  }

  private hold(address: string): Connection {
    const { moments, deliveries, sockets } = this;
    const notice = (what: StreamNotice): void => this.notice(what);
    const connection = new Connection(address, { open: sockets, deliveries, moments, notice });
    this.held.add(connection);
    void this.forget(connection);
    return connection;
  }

  private async forget(connection: Connection): Promise<void> {
    await connection.ended;
    this.held.delete(connection);
    if (this.open.delete(connection)) this.tellOfLoss('no_answer', DETAIL.stream.ended.en);
  }

  /** The next one has taken over. */
  private retire(connection: Connection | undefined): void {
    if (connection === undefined) return;
    const callOff = this.moments.after(RETIRING_MS, () => connection.close());
    void connection.ended.then(callOff);
  }

  /** Nothing is lost while another connection is open, and a deliberate close is not reported. */
  private tellOfLoss(why: StreamTrouble, detail: string): void {
    if (this.open.size === 0 && !this.isClosed) this.tell({ kind: 'disconnected', why, detail });
  }

  private tell(state: StreamState): void {
    const [before, after] = [this.told, state].map((told) => told && [told.kind, 'why' in told && told.why].join());
    this.told = state;
    if (before !== after) this.host.state?.(state);
  }

  private notice(notice: StreamNotice): void {
    this.host.notice?.(notice);
  }

  private async pause(ms: number): Promise<void> {
    const time = deferred<void>();
    const callOff = this.moments.after(ms, time.resolve);
    await Promise.race([time.promise, this.closing.promise]);
    callOff();
  }
}

/** For an unforeseen error, whose message may contain anything. */
const UNKNOWN = new StreamOpeningError('no_answer', DETAIL.stream.notPossible.en);
