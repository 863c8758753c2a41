import { deferred } from '../deferred.js';
import type { Deliveries } from '../deliveries.js';
import type { Moments } from '../moments.js';
import { eventOfFrame } from '../parse.js';
import { answerTo, eventAnswer, type Frame, readFrame } from './frame.js';
import type { StreamNotice } from './stream-notice.js';
import type { SocketOpener, StreamSocket } from './stream-socket.js';

/** The whole opening of a socket, TLS and a proxy included. */
const OPENING_MS = 10_000;
/** DingTalk sends something every 20 to 30 s; sockets that stay open and say nothing occur. */
const SILENCE_MS = 60_000;

export type ConnectionEnd = 'announced_end' | 'ended' | 'silent';

export interface ConnectionHost {
  readonly open: SocketOpener;
  readonly deliveries: Deliveries;
  readonly moments: Moments;
  readonly notice: (notice: StreamNotice) => void;
}

/** One socket to DingTalk, from its opening to its end: reads frames, answers each, and notices silence. */
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

  /** Whether it opened, in time. */
  get opened(): Promise<boolean> {
    return this.opening.promise;
  }

  /** Why another one is needed. After an announced end this one still works, for some seconds. */
  get over(): Promise<ConnectionEnd> {
    return this.need.promise;
  }

  /** Nothing comes from here any more. */
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

  /** Never throws: a frame that cannot be read ends nothing. */
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
        // Of robots and cards, which nobody subscribed to here.
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
      // The same again would not be read either; the nightly look knows without it.
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
