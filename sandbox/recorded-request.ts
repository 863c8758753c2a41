import type { Operation } from './operations.js';

/** One line of the request log. It holds no query, header or body, so no secret, code or token can be in it. */
export interface RecordedRequest {
  operation: Operation | 'unknown' | 'redirectTarget';
  method: string;
  path: string;
  /** By the sandbox's clock. */
  at: number;
  /** `null` until answered; 0 when the connection was dropped instead. */
  status: number | null;
  /** `ok`, or the error code given to the caller. */
  code: string | null;
  /** The injected failure, if there was one. */
  failure: string | null;
}
