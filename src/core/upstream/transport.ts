/** A request as it is sent: a complete address, and a text as its body. */
export interface TransportRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly data?: string;
  /** In milliseconds, for the whole exchange. */
  readonly timeout: number;
  /** An HTTP proxy for this request only. */
  readonly proxyUrl: string | undefined;
}

export interface TransportResponse {
  readonly status: number;
  readonly headers: { readonly [name: string]: unknown };
  readonly data: string;
}

/**
 * How requests are sent: axios in the gateway, undici alone in NocoBase's plugin; both by `sendByUndici`. Every status
 * is a response, no redirect is followed, nothing is retried, and the body size is limited.
 */
export interface Transport {
  request(request: TransportRequest): Promise<TransportResponse>;
}
