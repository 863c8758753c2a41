import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { type Connections, MAX_BODY_BYTES } from './connections.js';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly origin: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** An HTTP proxy that leads to it. */
  readonly proxyUrl?: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** The whole exchange took too long: waiting for a connection, for the first byte or for the last. */
export class TimeUpError extends Error {}

const unpack = promisify(gunzip);

/**
 * One exchange as it is: no redirect followed, nothing repeated, a body cap.
 *
 * @throws TimeUpError, and the errors of undici, Node's sockets and zlib, which have a `code`
 */
export async function exchange(connections: Connections, request: HttpRequest, timeoutMs: number): Promise<HttpAnswer> {
  const { status, contentType, encoding, body } = await receive(connections, request, timeoutMs);
  // Nobody is asked to pack anything; a proxy may all the same.
  const plain = encoding === 'gzip' ? await unpack(body, { maxOutputLength: MAX_BODY_BYTES }) : body;
  return { status, contentType, text: plain.toString('utf8') };
}

interface Received extends Omit<HttpAnswer, 'text'> {
  readonly encoding: string;
  readonly body: Buffer;
}

async function receive(connections: Connections, request: HttpRequest, timeoutMs: number): Promise<Received> {
  return new Promise((resolve, reject) => {
    const { proxyUrl, ...sent } = request;
    const client = connections.take(sent.origin, proxyUrl);
    // What is not sent by then never is: whatever waits in a client ends with it.
    let late: TimeUpError | undefined;
    const clock = setTimeout(() => {
      late = new TimeUpError('no complete answer in time');
      void client.destroy(late);
    }, timeoutMs);
    client.dispatch(
      sent,
      new Receiver(
        (received) => {
          clearTimeout(clock);
          connections.giveBack(sent.origin, proxyUrl, client);
          resolve(received);
        },
        (error) => {
          clearTimeout(clock);
          void client.destroy();
          // A proxied connection forgets what it was ended with.
          reject(late ?? error);
        },
      ),
    );
  });
}

/**
 * Takes an answer in. By hand: `undici.request()` makes a stream of each answer and needs an abort signal for its time limit,
 * which doubles what a call costs (docs/performance.md, "A sign-in's CPU time").
 */
class Receiver implements Dispatcher.DispatchHandler {
  private readonly chunks: Buffer[] = [];
  private head = { status: 0, contentType: '', encoding: '' };

  constructor(
    private readonly done: (received: Received) => void,
    private readonly failed: (error: Error) => void,
  ) {}

  /** By this method undici tells today's handlers from those of former versions. */
  onRequestStart(): void {}

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.head = {
      status,
      contentType: String(headers['content-type'] ?? ''),
      encoding: String(headers['content-encoding'] ?? ''),
    };
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.done({ ...this.head, body: Buffer.concat(this.chunks) });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.failed(error);
  }
}
