import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { ADDRESS_ATTEMPT_MS } from '../upstream/index.js';
import { errorCode } from './error-code.js';

/** The largest body that is read. */
const MAX_BODY_BYTES = 1024 * 1024;

export interface Exchange {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** undefined where the body is not JSON. */
  readonly json: unknown;
  readonly text: string;
  /** By our clock, in ms since the epoch. */
  readonly receivedAt: number;
}

/** No answer. `code` is Node's, such as ECONNREFUSED or CERT_HAS_EXPIRED; ETIMEDOUT when the time was up. */
export class ExchangeError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/**
 * One HTTP exchange as it is: no redirect followed, nothing repeated, no guard. `UpstreamHttpClient`, which the gateway
 * uses, hides what a diagnosis needs to see: the clock in the `Date` header, a redirect, a page where JSON should be.
 */
export async function exchange(
  url: string,
  {
    method = 'GET',
    headers = {},
    body,
    timeoutMs = 5000,
  }: { method?: 'GET' | 'POST'; headers?: Record<string, string>; body?: object; timeoutMs?: number } = {},
): Promise<Exchange> {
  const timeUp = AbortSignal.timeout(timeoutMs);
  const sent = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? httpsRequest : httpRequest;
    const outgoing = request(
      url,
      {
        method,
        agent: false,
        autoSelectFamily: true,
        autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
        signal: timeUp,
        headers: {
          accept: 'application/json',
          ...(sent === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }),
          ...headers,
        },
      },
      (answer) => {
        const receivedAt = Date.now();
        const chunks: Buffer[] = [];
        let length = 0;
        answer.on('data', (chunk: Buffer) => {
          length += chunk.length;
          if (length > MAX_BODY_BYTES) answer.destroy(new ExchangeError('BODY_TOO_LARGE'));
          else chunks.push(chunk);
        });
        answer.once('error', fail);
        answer.once('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json: parsed(text), receivedAt });
        });
      },
    );
    function fail(error: Error): void {
      reject(new ExchangeError(timeUp.aborted ? 'ETIMEDOUT' : errorCode(error)));
    }
    outgoing.once('error', fail);
    outgoing.end(sent);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
