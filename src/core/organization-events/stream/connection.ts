import { deferred } from '../deferred.js';
import type { Deliveries } from '../deliveries.js';
import type { Moments } from '../moments.js';
import { eventOfFrame } from '../parse.js';
import { answerTo, eventAnswer, type Frame, readFrame } from './frame.js';
import type { StreamNotice } from './stream-notice.js';
import type { SocketOpener, StreamSocket } from './stream-socket.js';

/** Timeout for opening a socket, including TLS and a proxy. */
const OPENING_MS = 10_000;
/** DingTalk sends something every 20 to 30 s; sockets can stay open without sending anything. */
const SILENCE_MS = 60_000;

export type ConnectionEnd = 'announced_end' | 'ended' | 'silent';

export interface ConnectionHost {
  readonly open: SocketOpener;
  readonly deliveries: Deliveries;
  readonly moments: Moments;
  readonly notice: (notice: StreamNotice) => void;
}

/** One socket to DingTalk, from opening to end: reads frames, answers each, and detects silence. */
export class Connection {
  private readonly opening = deferred<boolean>();
  private readonly need = deferred<ConnectionEnd>();
  private readonly end = deferred<void>();
  private readonly socket: StreamSocket;
  private isEnded = false;
  private callOff: () => void;

  constructor(
    address: string,
    private readonly host: ConnectionHost,
  ) {
    this.callOff = host.moments.after(OPENING_MS, () => {
      this.opening.resolve(false);
      this.close();
    });
    this.socket = host.open(address, {
      opened: () => this.whenOpened(),
      message: (text) => this.read(text),
      ended: () => this.whenEnded(),
    });
  }

  /** Whether it opened in time. */
  get opened(): Promise<boolean> {
    return this.opening.promise;
  }

  /** Why a new connection is needed. After an announced end this one still works for some seconds. */
  get over(): Promise<ConnectionEnd> {
    return this.need.promise;
  }

  /** Resolves when nothing more will arrive. */
  get ended(): Promise<void> {
    return this.end.promise;
  }

  close(): void {
    if (this.isEnded) return;
    this.callOff();
    this.socket.close();
  }

  private whenOpened(): void {
    this.listenForSilence();
    this.opening.resolve(true);
  }

  private whenEnded(): void {
    this.isEnded = true;
    this.callOff();
    this.opening.resolve(false);
    this.need.resolve('ended');
    this.end.resolve();
  }

  private listenForSilence(): void {
    this.callOff();
    this.callOff = this.host.moments.after(SILENCE_MS, () => {
      this.need.resolve('silent');
      this.close();
    });
  }

  /** Never throws: an unreadable frame does not end the connection. */
  private read(text: unknown): void {
    this.listenForSilence();
    const frame = readFrame(text);
    if (frame === undefined) return this.host.notice('unreadable_frame');
    switch (frame.type) {
      case 'EVENT':
        return void this.take(frame);
      case 'SYSTEM':
        return this.obey(frame);
      case 'CALLBACK':
        // For robots and cards, which are not subscribed to.
        return this.answer(frame, 200, JSON.stringify({ response: null }));
      default:
        this.host.notice('unknown_topic');
        return this.answer(frame, 404, '');
    }
  }

  private async take({ headers, data, messageId }: Frame): Promise<void> {
    const { moments, deliveries, notice } = this.host;
    if (messageId === undefined) return notice('unreadable_frame');
    const event = eventOfFrame(headers, data, moments.now());
    if (event === undefined) {
      notice('unreadable_event');
      // Sending it again would not help; the nightly check does without it.
      return this.send(eventAnswer(messageId, true));
    }
    notice('event');
    const isNoted = (await deliveries.deliver(event)) === 'noted';
    if (!isNoted) notice('later');
    this.send(eventAnswer(messageId, isNoted));
  }

  private obey(frame: Frame): void {
    switch (frame.topic.toLowerCase()) {
      case 'ping':
        return this.answer(frame, 200, typeof frame.data === 'string' ? frame.data : JSON.stringify(frame.data ?? {}));
      case 'disconnect':
        return this.need.resolve('announced_end');
      case 'connected':
      case 'registered':
      case 'keepalive':
        return undefined;
      default:
        this.host.notice('unknown_topic');
        return this.answer(frame, 404, '');
    }
  }

  private answer({ messageId }: Frame, code: 200 | 404, data: string): void {
    if (messageId !== undefined) this.send(answerTo(messageId, code, data));
  }

  private send(text: string): void {
    if (!this.isEnded) this.socket.send(text);
  }
}
