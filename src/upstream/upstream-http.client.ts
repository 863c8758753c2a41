import { HttpModule, HttpService } from '@nestjs/axios';
import { Injectable, Module, Optional } from '@nestjs/common';
import { isAxiosError } from 'axios';
import type { z } from 'zod';
import { type CallFacts, Telemetry } from '../telemetry/index.js';
import { agents } from './agents.js';
import { remainingMs } from './time-budget.js';
import { UpstreamResilience } from './upstream-resilience.js';
import {
  type FailedCall,
  OutOfTimeError,
  UpstreamHttpError,
  UpstreamResponseError,
  UpstreamUnreachableError,
  type UpstreamName,
} from './upstream.errors.js';

/** The largest body we read, after decompression. The longest honest answer is a few KiB. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Whom we tell which trace a call belongs to: the operator's own system. To a vendor it would be a stranger's header. */
const IN_OUR_TRACES: readonly UpstreamName[] = ['NocoBase'];

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
  /** Whether the call may be sent again after a failure. Default: reads may. */
  readonly mayRepeat?: boolean;
  /** Looks at the body of a 2xx answer; what it does not know is dropped. */
  readonly guard: Guard;
  /** Reads an error inside a 2xx answer, where an upstream has such; `UpstreamBusyError` may be repeated. */
  readonly refusal?: (answer: z.output<Guard>) => Error | undefined;
}

/**
 * Every outgoing call of the gateway: fixed address, one time limit for the whole exchange, no redirect followed, no
 * proxy taken from the environment, a body cap, JSON only, and a guard.
 *
 * @throws UpstreamUnreachableError, UpstreamHttpError, UpstreamResponseError
 */
@Injectable()
export class UpstreamHttpClient {
  /** By origin: they come from configuration and are few. */
  private readonly resilience = new Map<string, UpstreamResilience>();

  constructor(
    private readonly http: HttpService,
    @Optional() private readonly telemetry: Telemetry = Telemetry.off,
  ) {}

  async request<Guard extends z.ZodType>(call: UpstreamCall<Guard>): Promise<z.output<Guard>> {
    const { upstream, operation } = call;
    const mayRepeat = call.mayRepeat ?? call.method === 'GET';
    const { origin, hostname: host } = new URL(call.url);
    return this.resilienceOf(upstream, origin).run({ upstream, operation }, mayRepeat, async (resent) => {
      if (resent > 0) this.telemetry.count((metrics) => metrics.callRepeated({ upstream, operation }));
      const facts = { upstream, operation, method: call.method, host, resent, outcomeOf };
      return this.telemetry.call(facts, async (traceparent) => this.exchange(call, traceparent));
    });
  }

  /** For when only calls under way still come through here: what they meet is no news of the upstreams any more. */
  retire(): void {
    for (const made of this.resilience.values()) this.telemetry.count((metrics) => metrics.unwatchUpstream(made));
  }

  private resilienceOf(upstream: UpstreamName, origin: string): UpstreamResilience {
    const known = this.resilience.get(origin);
    if (known !== undefined) return known;
    const made = new UpstreamResilience(this.telemetry);
    this.resilience.set(origin, made);
    this.telemetry.count((metrics) => metrics.watchUpstream(upstream, made));
    return made;
  }

  private async exchange<Guard extends z.ZodType>(
    call: UpstreamCall<Guard>,
    traceparent: string | undefined,
  ): Promise<z.output<Guard>> {
    const trace = traceparent !== undefined && IN_OUR_TRACES.includes(call.upstream) ? { traceparent } : {};
    const { status, contentType, text } = await this.send(call, trace);
    const json = parseJson(contentType, text);
    if (status < 200 || status > 299) throw new UpstreamHttpError(named(call), status, json);
    if (json === undefined) throw new UpstreamResponseError(named(call), `not JSON (HTTP ${status})`);
    const checked = call.guard.safeParse(json);
    if (!checked.success) {
      throw new UpstreamResponseError(named(call), `unexpected body: ${faultyFields(checked.error)}`);
    }
    const refusal = call.refusal?.(checked.data);
    if (refusal !== undefined) throw refusal;
    return checked.data;
  }

  private async send(
    call: UpstreamCall<z.ZodType>,
    trace: Readonly<Record<string, string>>,
  ): Promise<{ status: number; contentType: string; text: string }> {
    const timeoutMs = Math.floor(Math.min(call.timeoutMs, remainingMs()));
    const timeUp = AbortSignal.timeout(timeoutMs);
    try {
      const response = await this.http.axiosRef.request<string>({
        method: call.method,
        url: call.url,
        headers: { accept: 'application/json', ...trace, ...call.headers },
        ...(call.body === undefined ? {} : { data: call.body }),
        // axios' own `timeout` is an idle limit once bytes flow; the signal bounds the whole exchange.
        signal: timeUp,
      });
      return {
        status: response.status,
        contentType: String(response.headers['content-type'] ?? ''),
        text: response.data,
      };
    } catch (error) {
      // The last of a sign-in's time was not enough: that says nothing of the upstream.
      if (timeUp.aborted && timeoutMs < call.timeoutMs) throw new OutOfTimeError(named(call));
      throw failedSending(named(call), error, timeUp.aborted);
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

/** An axios error carries headers and body; only its code goes on. */
function failedSending(call: FailedCall, error: unknown, timedOut: boolean): Error {
  if (timedOut) return new UpstreamUnreachableError(call, true, 'no complete answer in time');
  const code = isAxiosError(error) ? (error.code ?? 'unknown') : 'unknown';
  if (code === 'ETIMEDOUT') return new UpstreamUnreachableError(call, true, 'no connection in time');
  if (code === 'ERR_BAD_RESPONSE' || code.startsWith('Z_')) {
    return new UpstreamResponseError(call, `body too large, cut off or not decodable (${code})`);
  }
  return new UpstreamUnreachableError(call, false, code);
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

@Module({
  imports: [
    HttpModule.register({
      maxRedirects: 0,
      proxy: false,
      maxContentLength: MAX_BODY_BYTES,
      maxBodyLength: MAX_BODY_BYTES,
      responseType: 'text',
      transformResponse: (body: string) => body,
      validateStatus: () => true,
      ...agents(),
    }),
  ],
  providers: [UpstreamHttpClient],
  exports: [UpstreamHttpClient],
})
export class UpstreamModule {}
