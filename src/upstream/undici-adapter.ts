import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { AxiosAdapter } from 'axios';
import { request } from 'undici';
import { type Dispatchers, MAX_BODY_BYTES } from './dispatchers.js';
import { DETAIL } from '../core/texts/index.js';

declare module 'axios' {
  interface AxiosRequestConfig {
    /** An HTTP proxy for this request alone: axios's own `proxy` would take one from the environment. */
    proxyUrl?: string | undefined;
  }
}

/** The whole exchange took too long: waiting for a connection, for the first byte or for the last. */
export class TimeUpError extends Error {}

const unpack = promisify(gunzip);

/**
 * How axios sends: by undici, whose connections cost a third of the CPU time of those that axios makes itself (ADR 9).
 *
 * Takes a whole address and a text as body. `timeout` is for the whole exchange; no redirect is followed, nothing repeated,
 * and a body has a cap. What fails fails with TimeUpError or with the errors of undici, Node's sockets and zlib, which have a
 * `code`; none carries the request.
 */
export function undiciAdapter(dispatchers: Dispatchers): AxiosAdapter {
  return async (config) => {
    const { method = 'GET', url = '', headers, data, timeout = 0, proxyUrl } = config;
    const sent = {
      method: method.toUpperCase(),
      headers: headers.toJSON() as Record<string, string>,
      body: typeof data === 'string' ? data : null,
      dispatcher: dispatchers.by(proxyUrl),
    };
    return inTime(timeout, async (signal) => {
      const { statusCode, headers: received, body } = await request(url, { ...sent, signal });
      // Nobody is asked to pack anything; a proxy may all the same.
      const text =
        received['content-encoding'] === 'gzip'
          ? (await unpack(await body.arrayBuffer(), { maxOutputLength: MAX_BODY_BYTES })).toString('utf8')
          : await body.text();
      // undici counts a connection as free one turn after its answer, and makes another one for a call before that.
      await nextTurn();
      return { status: statusCode, statusText: '', headers: received as Record<string, string>, data: text, config };
    });
  };
}

/** undici itself looks at a signal only once it is connected; what was not sent by then never is. */
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
