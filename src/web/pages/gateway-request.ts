import type { IncomingHttpHeaders } from 'node:http';

/** As much of an HTTP request as we read, the same under Fastify and Express. */
export interface GatewayRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** The client's address; a proxy's word for it counts only where the framework was told to trust it. */
  readonly ip?: string | undefined;
  readonly query: unknown;
  readonly params: Readonly<Record<string, unknown>>;
  /** Unread. */
  readonly body?: unknown;
}
