export type Attributes = Readonly<Record<string, string | number | undefined>>;

export interface SpanStart {
  readonly kind: 'server' | 'internal' | 'client';
  readonly name: string;
  readonly attributes: Attributes;
  /** The `traceparent` header of the request, unparsed. */
  readonly cameWith?: unknown;
}

/** A unit of work in a trace. */
export interface Span {
  /** Undefined if the sampler excluded this trace. */
  readonly traceId: string | undefined;
  /** https://www.w3.org/TR/trace-context/#traceparent-header */
  readonly traceparent: string;
  /** @param error one of our codes */
  end(attributes: Attributes, error?: string): void;
}

export interface Tracing {
  start(span: SpanStart, parent: Span | undefined): Span;
  /** Sends what is left, with a short timeout. */
  stop(): Promise<void>;
}
