import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** One complete request. Handlers are pure functions from a call to an answer. */
export interface Call {
  method: string;
  path: string;
  /** The matched groups of the route's pattern. */
  params: string[];
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
  requestId: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** The outcome for the request log: `ok`, or the error code that the caller received. */
  code: string;
}

const BODY_LIMIT = 1024 * 1024;

export function jsonAnswer(status: number, value: unknown, code = 'ok'): Answer {
  return { status, headers: { 'content-type': 'application/json;charset=UTF-8' }, body: JSON.stringify(value), code };
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new Error('The request body is larger than the sandbox reads');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The body as an object, or `undefined` if it is not JSON, was not sent as JSON, or is not an object. */
export function jsonBody(call: Call): Record<string, unknown> | undefined {
  if (!/^application\/json\b/i.test(call.headers['content-type'] ?? '')) return undefined;
  try {
    const value: unknown = JSON.parse(call.body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
