import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { GatewayError } from '../core/errors/index.js';
import { boundedOperation } from './bounded-operation.js';
import type { CallFacts, CallObserver } from '../core/upstream/index.js';
import type { Metrics, Outcome } from './metrics.js';
import { runAs, spanFor } from './running-work.js';
import type { Attributes, Span, SpanStart, Tracing } from './tracing.js';
import { LOG } from '../core/texts/index.js';

export interface SignInFacts {
  readonly requestId: string;
  /** From configuration, never from a request. */
  readonly authenticator: string;
  /** Method and route pattern, such as `GET /auth/…/callback`: never the path of a request. */
  readonly route: string;
  /** The header of that name, unparsed. */
  readonly traceparent: unknown;
  /** Called at the end, when it is known. */
  readonly subjectHash: () => string | undefined;
}

/**
 * Measures and traces work. Whatever fails in here, the work is done and its result is the same: no sign-in fails
 * because of telemetry.
 */
export class Telemetry implements CallObserver, OnApplicationShutdown {
  /** Does the work and nothing else: for an application without the TelemetryModule. */
  static readonly off = new Telemetry(undefined, undefined);

  private readonly logger = new Logger(Telemetry.name);
  private hasFailed = false;

  constructor(
    private readonly metrics: Metrics | undefined,
    private readonly tracing: Tracing | undefined,
  ) {}

  /** A whole sign-in, as a served request. */
  async signIn<T extends { readonly match: string }>(facts: SignInFacts, work: () => Promise<T>): Promise<T> {
    const { authenticator, requestId, route, traceparent, subjectHash } = facts;
    const [method = '', path = ''] = route.split(' ');
    const span: SpanStart = {
      kind: 'server',
      name: route,
      attributes: {
        'http.request.method': method,
        'http.route': path,
        'gateway.authenticator': authenticator,
        'gateway.request_id': requestId,
      },
      cameWith: traceparent,
    };
    return this.observe(span, work, (end, seconds) => {
      const code = 'error' in end ? codeOf(end.error) : undefined;
      const match = 'value' in end ? end.value.match : undefined;
      this.count((metrics) => metrics.signInEnded({ authenticator, outcome: outcomeOf(end), match, code }, seconds));
      return {
        attributes: { 'gateway.subject_hash': subjectHash(), 'gateway.match': match, 'gateway.code': code },
        // A refusal is a normal response: for a server only its own failures and those of its upstreams are errors.
        // https://opentelemetry.io/docs/specs/semconv/http/http-spans/#status
        error: 'error' in end && statusOf(end.error) >= 500 ? code : undefined,
      };
    });
  }

  /** A step of a sign-in. Called by `step()`, which finds the running sign-in. */
  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.observe({ kind: 'internal', name, attributes: {} }, work, (end, seconds) => {
      this.count((metrics) => metrics.stepEnded(name, outcomeOf(end), seconds));
      return { attributes: {}, error: 'error' in end ? codeOf(end.error) : undefined };
    });
  }

  /** One attempt to call an upstream. @param work receives the `traceparent` of this attempt if it is traced */
  async call<T>(facts: CallFacts, work: (traceparent: string | undefined) => Promise<T>): Promise<T> {
    const { upstream, method, host, resent } = facts;
    const operation = boundedOperation(facts.operation);
    const span: SpanStart = {
      kind: 'client',
      name: `${upstream} ${operation}`,
      attributes: {
        'peer.service': upstream,
        'server.address': host,
        'http.request.method': method,
        'http.request.resend_count': resent === 0 ? undefined : resent,
      },
    };
    return this.observe(
      span,
      async (opened) => work(opened?.traceparent),
      (end, seconds) => {
        const { outcome, httpStatus } = 'error' in end ? facts.outcomeOf(end.error) : ({ outcome: 'ok' } as const);
        this.count((metrics) => metrics.callEnded({ upstream, operation }, outcome, seconds));
        return {
          attributes: { 'http.response.status_code': httpStatus },
          error: outcome === 'ok' ? undefined : outcome,
        };
      },
    );
  }

  /** Counts if metrics are enabled. */
  count(measure: (metrics: Metrics) => void): void {
    const { metrics } = this;
    if (metrics !== undefined) this.quietly(() => measure(metrics));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.tracing?.stop();
  }

  private async observe<T>(
    start: SpanStart,
    work: (span: Span | undefined) => Promise<T>,
    describe: (end: End<T>, seconds: number) => { attributes: Attributes; error: string | undefined },
  ): Promise<T> {
    const started = performance.now();
    const span = this.quietly(() => this.tracing?.start(start, spanFor(this)));
    const finish = (end: End<T>): void => {
      this.quietly(() => {
        const { attributes, error } = describe(end, (performance.now() - started) / 1000);
        span?.end(attributes, error);
      });
    };
    let value: T;
    try {
      value = await runAs({ telemetry: this, span }, async () => work(span));
    } catch (error) {
      finish({ error });
      throw error;
    }
    finish({ value });
    return value;
  }

  /** Logged once: repeating it with every sign-in would help no one. */
  private quietly<T>(look: () => T): T | undefined {
    try {
      return look();
    } catch (error) {
      if (!this.hasFailed) this.logger.warn(LOG.cannotMeasure(error instanceof Error ? error.name : typeof error).en);
      this.hasFailed = true;
      return undefined;
    }
  }
}

type End<T> = { readonly value: T } | { readonly error: unknown };

const outcomeOf = (end: End<unknown>): Outcome => ('error' in end ? 'failure' : 'success');
const codeOf = (error: unknown) => (error instanceof GatewayError ? error.code : 'server_error');
const statusOf = (error: unknown) => (error instanceof GatewayError ? error.status : 500);
