export type Attributes = Readonly<Record<string, string | number | undefined>>;

export interface SpanStart {
  readonly kind: 'server' | 'internal' | 'client';
  readonly name: string;
  readonly attributes: Attributes;
  /** The `traceparent` header that came with the request, unread. */
  readonly cameWith?: unknown;
}

/** One piece of work in a trace. */
export interface Span {
  /** Undefined where the sampler left this trace out. */
  readonly traceId: string | undefined;
  /** https://www.w3.org/TR/trace-context/#traceparent-header */
  readonly traceparent: string;
  /** @param error what went wrong: a code of ours */
  end(attributes: Attributes, error?: string): void;
}

export interface Tracing {
  start(span: SpanStart, parent: Span | undefined): Span;
  /** Sends what is left, and waits for that only a short while. */
  stop(): Promise<void>;
}
