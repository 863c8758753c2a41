import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { DETAIL } from '../texts/index.js';
import { type Dispatchers, MAX_BODY_BYTES } from './dispatchers.js';
import type { TransportRequest, TransportResponse } from './transport.js';

/** The whole exchange timed out: waiting for a connection, for the first byte or for the last. */
export class TimeUpError extends Error {}

const unpack = promisify(gunzip);

/**
 * Sends a request by undici, whose connections cost a third of the CPU time of axios's own (ADR 9).
 *
 * @throws TimeUpError, and the errors of undici, Node's sockets and zlib, which have a `code`; none contains the
 *   request
 */
export async function sendByUndici(
  dispatchers: Dispatchers,
  { method, url, headers, data, timeout, proxyUrl }: TransportRequest,
): Promise<TransportResponse> {
  const { origin, pathname, search } = new URL(url);
  const sent = {
    origin,
    path: pathname + search,
    method: method.toUpperCase(),
    headers: { ...headers },
    body: data ?? null,
  };
  const dispatcher = dispatchers.by(proxyUrl);
  return inTime(timeout, async (signal) => {
    const { statusCode: status, headers: received, body } = await dispatcher.request({ ...sent, signal });
    // We do not request compression, but a proxy may compress all the same.
    const text =
      received['content-encoding'] === 'gzip'
        ? (await unpack(await body.arrayBuffer(), { maxOutputLength: MAX_BODY_BYTES })).toString('utf8')
        : await body.text();
    // undici considers a connection free one turn after its response, and would open another one for an earlier call.
    await nextTurn();
    return { status, headers: received, data: text };
  });
}

/** undici itself checks a signal only once it is connected; a call aborted before that is never sent. */
async function inTime<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const end = new AbortController();
  let clock: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    clock = setTimeout(() => {
      reject(new TimeUpError(DETAIL.upstream.notAnswered.en));
      end.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([work(end.signal), late]);
  } finally {
    clearTimeout(clock);
  }
}
