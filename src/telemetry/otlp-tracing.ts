import { Logger } from '@nestjs/common';
import {
  type Attributes as OpenTelemetryAttributes,
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span as OpenTelemetrySpan,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { Resource } from './resource.js';
import type { TracesOptions } from './telemetry.config.js';
import type { Attributes, Span, SpanStart, Tracing } from './tracing.js';

/** Timeout when the process stops: an unreachable collector must not delay it. */
const LAST_SENDING_MS = 3000;
/** How often failed exports are logged. */
const SAY_AGAIN_MS = 600_000;

const KIND = { server: SpanKind.SERVER, internal: SpanKind.INTERNAL, client: SpanKind.CLIENT } as const;

/**
 * `Tracing` over OTLP/HTTP. Loaded only if traces are configured. The provider is not registered with the global API,
 * so two applications in one process stay separate.
 */
export class OtlpTracing implements Tracing {
  private readonly provider: NodeTracerProvider;
  private readonly tracer: Tracer;

  constructor({ url, resource }: TracesOptions, version: string) {
    this.provider = new NodeTracerProvider({
      resource: new Resource({ ...resource, 'service.version': version }),
      spanProcessors: [new BatchSpanProcessor(new ReportingExporter({ url }))],
    });
    this.tracer = this.provider.getTracer('nocobase-dingtalk-gateway', version);
  }

  start({ kind, name, attributes, cameWith }: SpanStart, parent: Span | undefined): Span {
    const context = parent instanceof OtlpSpan ? parent.context : ROOT_CONTEXT;
    const links = linkTo(cameWith);
    return new OtlpSpan(
      this.tracer.startSpan(name, { kind: KIND[kind], attributes: present(attributes), links }, context),
    );
  }

  async stop(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LAST_SENDING_MS);
    });
    await Promise.race([this.provider.shutdown().catch(() => undefined), timeUp]);
    clearTimeout(timer);
  }
}

class OtlpSpan implements Span {
  readonly context: Context;

  constructor(private readonly span: OpenTelemetrySpan) {
    this.context = trace.setSpan(ROOT_CONTEXT, span);
  }

  get traceId(): string | undefined {
    return this.span.isRecording() ? this.span.spanContext().traceId : undefined;
  }

  get traceparent(): string {
    const { traceId, spanId, traceFlags } = this.span.spanContext();
    return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  }

  end(attributes: Attributes, error?: string): void {
    this.span.setAttributes(present(attributes));
    if (error !== undefined) {
      this.span.setAttribute('error.type', error);
      // No message and no exception: they would contain text from an upstream.
      this.span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.span.end();
  }
}

/**
 * The trace named in a request is linked, not continued. A browser can send that header as well as a proxy can: as a
 * parent it would let anyone put our spans into any trace, and its flag would decide about sampling.
 * https://www.w3.org/TR/trace-context/#security-considerations
 */
function linkTo(traceparent: unknown): Link[] {
  if (typeof traceparent !== 'string') return [];
  const [, traceId, spanId] =
    /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/.exec(traceparent) ?? [];
  if (traceId === undefined || spanId === undefined) return [];
  return [{ context: { traceId, spanId, traceFlags: TraceFlags.NONE, isRemote: true } }];
}

function present(attributes: Attributes): OpenTelemetryAttributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

/** Without it, failed exports would be reported only by a global logger for all of OpenTelemetry. */
class ReportingExporter extends OTLPTraceExporter {
  private readonly logger = new Logger('Traces');
  private saidAt = -Infinity;

  override export(...[spans, done]: Parameters<OTLPTraceExporter['export']>): void {
    super.export(spans, (result) => {
      if (result.error !== undefined) this.say(result.error);
      done(result);
    });
  }

  /** Only the name: the message contains the collector's response. */
  private say(error: Error): void {
    if (performance.now() - this.saidAt < SAY_AGAIN_MS) return;
    this.saidAt = performance.now();
    this.logger.warn({ event: 'traces_not_delivered', reason: error.name });
  }
}
