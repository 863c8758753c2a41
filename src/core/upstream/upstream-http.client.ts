import type { z } from 'zod';
import { type CallFacts, type CallObserver, unobserved } from './call-observer.js';
import { proxyRefusal } from './dispatchers.js';
import { remainingMs } from './time-budget.js';
import { TimeUpError } from './send-by-undici.js';
import { isTrouble, UpstreamResilience } from './upstream-resilience.js';
import {
  type FailedCall,
  OutOfTimeError,
  UpstreamHttpError,
  UpstreamResponseError,
  UpstreamUnreachableError,
  type UpstreamName,
} from './upstream.errors.js';
import type { Transport } from './transport.js';
import { DETAIL } from '../texts/index.js';

/** Upstreams that receive our trace context: only the operator's own systems, not a vendor. */
const IN_OUR_TRACES: readonly UpstreamName[] = ['NocoBase'];

/** From Node, from undici, and from a proxy that does not answer CONNECT. */
const CONNECTED_TOO_LATE = ['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT'];

const READ_HEADERS = { accept: 'application/json', 'user-agent': 'sign-in-gateway' };
const WRITE_HEADERS = { ...READ_HEADERS, 'content-type': 'application/json' };

export interface UpstreamCall<Guard extends z.ZodType> {
  readonly upstream: UpstreamName;
  /** Our name for the call, in logs and errors. */
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly timeoutMs: number;
  /** An HTTP proxy configured for this upstream; none is taken from elsewhere. */
  readonly proxyUrl?: string | undefined;
  /** Whether the call may be retried. Default: only reads. */
  readonly mayRepeat?: boolean;
  /** Validates the body of a 2xx response; unknown keys are dropped. */
  readonly guard: Guard;
  /** What the log may contain of an error response's body: the upstream's own code and request id. */
  readonly reference?: (body: unknown) => string | undefined;
  /** Reads an error inside a 2xx response, if the upstream sends such; `UpstreamBusyError` may be retried. */
  readonly refusal?: (answer: z.output<Guard>) => Error | undefined;
  /**
   * The meaning of a response with an HTTP error status, if its body tells. `UpstreamBusyError` may be retried. Not
   * called for 502, 503 and 504, which always mean that the upstream is failing.
   */
  readonly translate?: (error: UpstreamHttpError) => Error;
}

/**
 * Every outgoing call of the gateway: fixed address, one time limit for the whole exchange, no redirects, no proxy from
 * the environment, a limited body, JSON only, and a guard.
 *
 * @throws UpstreamUnreachableError, UpstreamHttpError, UpstreamResponseError, UpstreamBusyError, OutOfTimeError, and
 *   what `refusal` and `translate` return
 */
export class UpstreamHttpClient {
  /** By origin: origins come from configuration and are few. */
  private readonly resilience = new Map<string, UpstreamResilience>();

  constructor(
    private readonly transport: Transport,
    private readonly observer: CallObserver = unobserved,
  ) {}

  async request<Guard extends z.ZodType>(call: UpstreamCall<Guard>): Promise<z.output<Guard>> {
    const { upstream, operation } = call;
    const mayRepeat = call.mayRepeat ?? call.method === 'GET';
    const { origin, hostname: host } = new URL(call.url);
    return this.resilienceOf(upstream, origin).run({ upstream, operation }, mayRepeat, async (resent) => {
      if (resent > 0) this.observer.count((metrics) => metrics.callRepeated({ upstream, operation }));
      const facts = { upstream, operation, method: call.method, host, resent, outcomeOf };
      try {
        return await this.observer.call(facts, async (traceparent) => this.exchange(call, traceparent));
      } catch (error) {
        throw error instanceof UpstreamHttpError && !isTrouble(error) ? (call.translate?.(error) ?? error) : error;
      }
    });
  }

  /** Called when this client only finishes running calls: it no longer reports the state of the upstreams. */
  retire(): void {
    for (const made of this.resilience.values()) this.observer.count((metrics) => metrics.unwatchUpstream(made));
  }

  private resilienceOf(upstream: UpstreamName, origin: string): UpstreamResilience {
    const known = this.resilience.get(origin);
    if (known !== undefined) return known;
    const made = new UpstreamResilience(this.observer);
    this.resilience.set(origin, made);
    this.observer.count((metrics) => metrics.watchUpstream(upstream, made));
    return made;
  }

  private async exchange<Guard extends z.ZodType>(
    call: UpstreamCall<Guard>,
    traceparent: string | undefined,
  ): Promise<z.output<Guard>> {
    const trace = traceparent !== undefined && IN_OUR_TRACES.includes(call.upstream) ? { traceparent } : {};
    const { status, contentType, text } = await this.send(call, trace);
    const json = parseJson(contentType, text);
    if (status < 200 || status > 299) throw new UpstreamHttpError(named(call), status, json, call.reference?.(json));
    if (json === undefined) throw new UpstreamResponseError(named(call), DETAIL.upstream.notJson(status).en);
    const checked = call.guard.safeParse(json);
    if (!checked.success) {
      throw new UpstreamResponseError(named(call), DETAIL.upstream.unexpectedBody(faultyFields(checked.error)).en);
    }
    const refusal = call.refusal?.(checked.data);
    if (refusal !== undefined) throw refusal;
    return checked.data;
  }

  private async send(
    call: UpstreamCall<z.ZodType>,
    trace: Readonly<Record<string, string>>,
  ): Promise<{ status: number; contentType: string; text: string }> {
    const { method, url, body } = call;
    const timeoutMs = Math.floor(Math.min(call.timeoutMs, remainingMs()));
    try {
      const response = await this.transport.request({
        method,
        url,
        headers: { ...(body === undefined ? READ_HEADERS : WRITE_HEADERS), ...trace, ...call.headers },
        ...(body === undefined ? {} : { data: JSON.stringify(body) }),
        timeout: timeoutMs,
        proxyUrl: call.proxyUrl,
      });
      const { status, headers, data: text } = response;
      return { status, contentType: textOf(headers['content-type']), text };
    } catch (error) {
      // The sign-in's remaining time was too short, which says nothing about the upstream.
      if (error instanceof TimeUpError && timeoutMs < call.timeoutMs) throw new OutOfTimeError(named(call));
      throw failedSending(named(call), error);
    }
  }
}

const outcomeOf: CallFacts['outcomeOf'] = (error) => {
  if (error instanceof UpstreamHttpError) return { outcome: 'http_error', httpStatus: error.httpStatus };
  if (error instanceof UpstreamResponseError) return { outcome: 'bad_response' };
  if (error instanceof UpstreamUnreachableError) return { outcome: error.timedOut ? 'timeout' : 'unreachable' };
  if (error instanceof OutOfTimeError) return { outcome: 'timeout' };
  // What `refusal` found inside a response.
  return { outcome: 'platform_error' };
};

/** Identifies a call without its data: an error must contain no secret, code or token. */
function named({ upstream, operation }: FailedCall): FailedCall {
  return { upstream, operation };
}

/** A repeated header is a list: its first value is used. */
function textOf(header: unknown): string {
  const [first] = [header].flat();
  return typeof first === 'string' ? first : '';
}

/** A network error may contain addresses and data; only its code is kept. */
function failedSending(call: FailedCall, error: unknown): Error {
  if (error instanceof TimeUpError) return new UpstreamUnreachableError(call, true, error.message);
  const refusal = proxyRefusal(error);
  if (refusal !== undefined) return new UpstreamUnreachableError(call, false, DETAIL.upstream.proxyAnswers(refusal).en);
  const code = codeOf(error);
  if (CONNECTED_TOO_LATE.includes(code)) {
    return new UpstreamUnreachableError(call, true, DETAIL.upstream.notConnected.en);
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE' || code === 'ERR_BUFFER_TOO_LARGE' || code.startsWith('Z_')) {
    return new UpstreamResponseError(call, DETAIL.upstream.notDecodable(code).en);
  }
  return new UpstreamUnreachableError(call, false, code);
}

function codeOf(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : 'unknown';
}

/** `undefined` if the body is not JSON: an HTML page with status 200 is no valid response. */
function parseJson(contentType: string, text: string): unknown {
  if (!/^application\/json\s*(;|$)/i.test(contentType)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Which fields are wrong and how, without their values. */
function faultyFields(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'body'} (${issue.code})`).join(', ');
}
