import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { ADDRESS_ATTEMPT_MS, proxyRefusal, throughProxy } from '../upstream/index.js';
import { errorCode } from './error-code.js';

/** Limit of the body size. */
const MAX_BODY_BYTES = 1024 * 1024;

export interface Exchange {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** undefined if the body is not JSON. */
  readonly json: unknown;
  readonly text: string;
  /** By our clock, in ms since the epoch. */
  readonly receivedAt: number;
}

/** No response. `code` is Node's, such as ECONNREFUSED or CERT_HAS_EXPIRED; ETIMEDOUT after a timeout. */
export class ExchangeError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

interface Wanted {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
  readonly timeoutMs?: number;
  /** The HTTP proxy to use. */
  readonly proxyUrl?: string | undefined;
}

/**
 * One plain HTTP exchange: no redirects, no retries, no guard. `UpstreamHttpClient`, which the gateway uses, hides what
 * a diagnosis needs: the clock in the `Date` header, a redirect, a page instead of JSON.
 *
 * @throws ExchangeError; its code is PROXY_407 if the proxy refuses, with the status of its response
 */
export async function exchange(
  url: string,
  { method = 'GET', headers = {}, body, timeoutMs = 5000, proxyUrl }: Wanted = {},
): Promise<Exchange> {
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const request = {
    method,
    headers: {
      accept: 'application/json',
      ...(sent === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(sent)) }),
      ...headers,
    },
  };
  return proxyUrl === undefined
    ? directly(url, request, sent, timeoutMs)
    : byProxy(proxyUrl, url, request, sent, timeoutMs);
}

interface Request {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
}

async function directly(url: string, sending: Request, sent: string | undefined, timeoutMs: number): Promise<Exchange> {
  const timeUp = AbortSignal.timeout(timeoutMs);
  const isTls = url.startsWith('https:');
  const request = isTls ? httpsRequest : httpRequest;
  const connecting = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS };
  const agent = isTls ? new HttpsAgent(connecting) : new HttpAgent(connecting);
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { ...sending, agent, signal: timeUp }, (answer) => {
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
    });
    function fail(error: Error): void {
      reject(new ExchangeError(timeUp.aborted ? 'ETIMEDOUT' : errorCode(error)));
    }
    outgoing.once('error', fail);
    outgoing.end(sent);
  });
}

async function byProxy(
  proxyUrl: string,
  url: string,
  sending: Request,
  sent: string | undefined,
  timeoutMs: number,
): Promise<Exchange> {
  const timeUp = AbortSignal.timeout(timeoutMs);
  const dispatcher = throughProxy(proxyUrl);
  try {
    const { origin, pathname, search } = new URL(url);
    const request = { ...sending, origin, path: pathname + search, body: sent ?? null, signal: timeUp };
    const answer = await dispatcher.request(request);
    const receivedAt = Date.now();
    const text = await answer.body.text();
    return { status: answer.statusCode, headers: answer.headers, text, json: parsed(text), receivedAt };
  } catch (error) {
    const refusal = proxyRefusal(error);
    throw new ExchangeError(
      timeUp.aborted ? 'ETIMEDOUT' : refusal === undefined ? errorCode(error) : `PROXY_${refusal}`,
    );
  } finally {
    void dispatcher.destroy();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
