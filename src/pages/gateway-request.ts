import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** As much of an HTTP request as we read, the same under Fastify and Express. */
export interface GatewayRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** The client's address; a proxy's word for it counts only where the framework was told to trust it. */
  readonly ip?: string | undefined;
  readonly query: unknown;
  readonly params: Readonly<Record<string, unknown>>;
}

const ids = new WeakMap<object, string>();

/** Our own id of a request: it stands on the page and in every log line. What a client claims to be one is ignored. */
export function requestId(request: object): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const id = randomUUID();
  ids.set(request, id);
  return id;
}
