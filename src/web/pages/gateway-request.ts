import type { IncomingHttpHeaders } from 'node:http';

/** The part of an HTTP request that we read, the same under Fastify and Express. */
export interface GatewayRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** The client's address; a proxy's header is used only if the framework was told to trust it. */
  readonly ip?: string | undefined;
  readonly query: unknown;
  readonly params: Readonly<Record<string, unknown>>;
  /** Unvalidated. */
  readonly body?: unknown;
}
