/** A request as it goes out: a whole address, and a text as its body. */
export interface TransportRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly data?: string;
  /** In milliseconds, for the whole exchange. */
  readonly timeout: number;
  /** An HTTP proxy for this request alone. */
  readonly proxyUrl: string | undefined;
}

export interface TransportResponse {
  readonly status: number;
  readonly headers: { readonly [name: string]: unknown };
  readonly data: string;
}

/**
 * How requests go out: axios in the gateway, undici alone in NocoBase's plugin; both by `sendByUndici`. Every status is an
 * answer, no redirect is followed, nothing is repeated, and a body has a cap.
 */
export interface Transport {
  request(request: TransportRequest): Promise<TransportResponse>;
}
