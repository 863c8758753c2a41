import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '../../core/errors/index.js';
import type { ReturnPath } from '../../core/return-path/index.js';

/** The authenticator that a request is for, as far as an error page leads back to it. */
export interface RequestedAuthenticator {
  readonly name: string;
  /** NocoBase's own sign-in page. */
  readonly passwordUrl: string | undefined;
}

/** Where else than on a page of ours an error is told; undefined where nowhere else. */
export type ErrorUrl = (error: { readonly code: ErrorCode; readonly requestId: string }) => string | undefined;

/** What we know of a request beside what it says: the guards find it out, and the error page reads it. */
export class RequestContext {
  /** Our own: it stands on the page and in every log line. What a client claims to be one is ignored. */
  readonly requestId: string = randomUUID();
  /** Undefined before a guard has found it, and on routes that are for none. */
  authenticator: RequestedAuthenticator | undefined;
  /** Where a sign-in by this authenticator starts. */
  startPath = '/auth/dingtalk';
  /** Where this person wanted to go, from when the browser has shown that the sign-in is its own: "try again" keeps it. */
  returnPath: ReturnPath | undefined;
  /** From when the transaction is used up, where NocoBase has a page for errors. */
  errorUrl: ErrorUrl | undefined;
}

/** The one place that ties contexts to requests: a request of Fastify's or Express's own is the same object in guards, handlers and filters. */
const contexts = new WeakMap<object, RequestContext>();

/** Made by whoever asks first. Errors may be shared by requests; a context never is. */
export function requestContext(request: object): RequestContext {
  const context = contexts.get(request) ?? new RequestContext();
  contexts.set(request, context);
  return context;
}
