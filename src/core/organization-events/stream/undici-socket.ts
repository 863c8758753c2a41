import type { Duplex } from 'node:stream';
import { type Dispatcher, WebSocket } from 'undici';
import { Dispatchers } from '../../upstream/index.js';
import type { Moments } from '../moments.js';
import type { SocketListener, SocketOpener, StreamSocket } from './stream-socket.js';

/** The longest honest frame, with a thousand ids, is below 100 KiB. */
export const MAX_FRAME_BYTES = 1024 * 1024;
const MAX_FRAGMENTS = 1024;
/** Answers that DingTalk does not read. */
const MAX_UNSENT_BYTES = 1024 * 1024;
/** Timeout of the closing handshake (RFC 6455, section 7.1.1). */
const GOODBYE_MS = 2000;

/** Connections by undici, through the proxy for DingTalk if one is configured. */
export function undiciSockets(proxyUrl: string | undefined, moments: Moments): SocketOpener {
  const dispatchers = new Dispatchers();
  return (address, listener) => new UndiciSocket(dispatchers.by(proxyUrl), address, listener, moments);
}

class UndiciSocket implements StreamSocket {
  private readonly webSocket: WebSocket;
  private connection: Duplex | undefined;
  private callOff: () => void = () => undefined;

  constructor(
    dispatcher: Dispatcher,
    address: string,
    listener: SocketListener,
    private readonly moments: Moments,
  ) {
    const webSocket = new WebSocket(address, {
      dispatcher: forFrames(dispatcher, (socket) => (this.connection = socket)),
    });
    this.webSocket = webSocket;
    webSocket.binaryType = 'arraybuffer';
    webSocket.addEventListener('open', () => listener.opened());
    webSocket.addEventListener('message', ({ data }) => listener.message(data));
    // Its message may contain an address; a close event follows.
    webSocket.addEventListener('error', () => undefined);
    webSocket.addEventListener(
      'close',
      () => {
        this.callOff();
        listener.ended();
      },
      { once: true },
    );
  }

  send(text: string): void {
    if (this.webSocket.readyState !== WebSocket.OPEN) return;
    if (this.webSocket.bufferedAmount > MAX_UNSENT_BYTES) this.connection?.destroy();
    else this.webSocket.send(text);
  }

  close(): void {
    this.callOff();
    // undici itself would wait indefinitely for the other end's close frame.
    this.callOff = this.moments.after(GOODBYE_MS, () => this.connection?.destroy());
    this.webSocket.close();
  }
}

/** The same dispatcher, with limits on received data (a ProxyAgent accepts none), and with access to its connection. */
function forFrames(dispatcher: Dispatcher, caught: (socket: Duplex) => void): Dispatcher {
  const limits = { maxFragments: MAX_FRAGMENTS, maxPayloadSize: MAX_FRAME_BYTES };
  const dispatch: Dispatcher['dispatch'] = (options, handler) =>
    dispatcher.dispatch(options, catching(handler, caught));
  return new Proxy(dispatcher, {
    get: (target, key) => {
      if (key === 'dispatch') return dispatch;
      return key === 'webSocketOptions' ? limits : Reflect.get(target, key);
    },
  });
}

type Handler = Parameters<Dispatcher['dispatch']>[1];

function catching(handler: Handler, caught: (socket: Duplex) => void): Handler {
  // A handler keeps its state in itself: methods that are not overridden must find it there.
  return new Proxy(handler, {
    get: (target, key) => {
      const own: unknown = Reflect.get(target, key);
      if (typeof own !== 'function' || !isUpgrade(key)) return own;
      return (...given: unknown[]): unknown => {
        // The socket is the last argument of both forms.
        caught(given.at(-1) as Duplex);
        return Reflect.apply(own, target, given);
      };
    },
  });
}

const isUpgrade = (key: string | symbol): boolean => key === 'onRequestUpgrade' || key === 'onUpgrade';
