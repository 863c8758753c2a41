import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorCode } from '../../core/errors/index.js';

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

/** What we know of a request beside what it says. Errors may be shared by requests; this never is. */
interface Known {
  readonly id: string;
  returnPath?: string;
  wayIn?: WayIn;
  errorUrl?: ErrorUrl;
}

/** Where else than on a page of ours an error is told; undefined where nowhere else. */
export type ErrorUrl = (error: { readonly code: ErrorCode; readonly requestId: string }) => string | undefined;

/** The way to sign in that a request is about, and what else an error page can offer. */
export interface WayIn {
  /** Its name in our routes; none for the default one. */
  readonly authenticator: string | undefined;
  /** NocoBase's own sign-in page. */
  readonly passwordUrl?: string | undefined;
}

const known = new WeakMap<object, Known>();

function about(request: object): Known {
  const entry = known.get(request) ?? { id: randomUUID() };
  known.set(request, entry);
  return entry;
}

/** Our own id of a request: it stands on the page and in every log line. What a client claims to be one is ignored. */
export function requestId(request: object): string {
  return about(request).id;
}

/** Keeps where this person wanted to go, so that an error page can offer it again. */
export function rememberReturnPath(request: object, returnPath: string): void {
  about(request).returnPath = returnPath;
}

export function returnPathOf(request: object): string | undefined {
  return about(request).returnPath;
}

/** Keeps which way in this request is about, so that an error page leads back to it. */
export function rememberWayIn(request: object, wayIn: WayIn): void {
  about(request).wayIn = wayIn;
}

export function wayInOf(request: object): WayIn | undefined {
  return known.get(request)?.wayIn;
}

/** Keeps where an error of this request is told, from here on. */
export function rememberErrorUrl(request: object, errorUrl: ErrorUrl): void {
  about(request).errorUrl = errorUrl;
}

export function errorUrlOf(request: object): ErrorUrl | undefined {
  return known.get(request)?.errorUrl;
}
