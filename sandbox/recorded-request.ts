import type { Operation } from './operations.js';

/** One line of the request log. It contains no query, header or body, so that no secret, code or token can be in it. */
export interface RecordedRequest {
  operation: Operation | 'unknown' | 'redirectTarget';
  method: string;
  path: string;
  /** By the sandbox's clock. */
  at: number;
  /** `null` until answered; 0 if the connection was dropped instead. */
  status: number | null;
  /** `ok`, or the error code that the caller received. */
  code: string | null;
  /** The injected failure, if there was one. */
  failure: string | null;
}
