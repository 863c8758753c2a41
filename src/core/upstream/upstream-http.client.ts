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

/** Whom we tell which trace a call belongs to: the operator's own system. To a vendor it would be a stranger's header. */
const IN_OUR_TRACES: readonly UpstreamName[] = ['NocoBase'];

/** Of Node, of undici, and of a proxy that does not answer CONNECT. */
const CONNECTED_TOO_LATE = ['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT'];

const READ_HEADERS = { accept: 'application/json', 'user-agent': 'sign-in-gateway' };
const WRITE_HEADERS = { ...READ_HEADERS, 'content-type': 'application/json' };

export interface UpstreamCall<Guard extends z.ZodType> {
  readonly upstream: UpstreamName;
  /** Our name of the call, for logs and errors. */
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly timeoutMs: number;
  /** An HTTP proxy that the operator named for this upstream; none is taken from anywhere else. */
  readonly proxyUrl?: string | undefined;
  /** Whether the call may be sent again after a failure. Default: reads may. */
  readonly mayRepeat?: boolean;
  /** Looks at the body of a 2xx answer; what it does not know is dropped. */
  readonly guard: Guard;
  /** What the log may say of an error answer, from its body: the upstream's own code and request id. */
  readonly reference?: (body: unknown) => string | undefined;
  /** Reads an error inside a 2xx answer, where an upstream has such; `UpstreamBusyError` may be repeated. */
  readonly refusal?: (answer: z.output<Guard>) => Error | undefined;
  /**
   * What an answer with an HTTP error status means, where the upstream says it in the body. `UpstreamBusyError` may be
   * repeated. Not asked about 502, 503 and 504: whatever they say, the upstream is in trouble.
   */
  readonly translate?: (error: UpstreamHttpError) => Error;
}

/**
 * Every outgoing call of the gateway: fixed address, one time limit for the whole exchange, no redirect followed, no
 * proxy taken from the environment, a body cap, JSON only, and a guard.
 *
 * @throws UpstreamUnreachableError, UpstreamHttpError, UpstreamResponseError, UpstreamBusyError, OutOfTimeError, and what
 * `refusal` and `translate` make of an answer
 */
export class UpstreamHttpClient {
  /** By origin: they come from configuration and are few. */
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

  /** For when only calls under way still come through here: what they meet is no news of the upstreams any more. */
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
      // The last of a sign-in's time was not enough: that says nothing of the upstream.
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
  // What `refusal` found inside an answer.
  return { outcome: 'platform_error' };
};

/** The name of a call without what it carries: an error must hold no secret, code or token. */
function named({ upstream, operation }: FailedCall): FailedCall {
  return { upstream, operation };
}

/** A header that came twice is a list: the first counts. */
function textOf(header: unknown): string {
  const [first] = [header].flat();
  return typeof first === 'string' ? first : '';
}

/** An error of the network may carry addresses and bytes; only its code goes on. */
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

/** `undefined` where the body is not JSON: an HTML ban page with status 200 is not an answer. */
function parseJson(contentType: string, text: string): unknown {
  if (!/^application\/json\s*(;|$)/i.test(contentType)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Which fields are wrong and how, never what stood in them. */
function faultyFields(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'body'} (${issue.code})`).join(', ');
}
