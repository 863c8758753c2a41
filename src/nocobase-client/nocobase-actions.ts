import type { z } from 'zod';
import { apiPath, ofApp, type PlaceSettings } from '../core/nocobase-web/index.js';
import type { UpstreamHttpClient } from '../core/upstream/index.js';

/** A NocoBase application, and the timeout for calls to it. */
export interface NocoBaseAddress extends Pick<PlaceSettings, 'app' | 'apiBasePath'> {
  /** NocoBase's address without the path of its API. */
  readonly url: string;
  /** Of one call. */
  readonly timeoutMs: number;
}

/** The caller's credentials; anonymous if empty. */
export interface AskedAs {
  readonly token?: string | undefined;
  /** Of a session that was started by another authenticator than NocoBase's own. */
  readonly authenticator?: string | undefined;
}

/** The details of a `resource:action` call besides its name. */
export interface ActionDetails {
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object | undefined;
  /** Other credentials than the default. */
  readonly as?: AskedAs;
}

/** Address and headers of a `resource:action` call. https://docs.nocobase.com/api/http */
export function actionRequest(
  address: Omit<NocoBaseAddress, 'timeoutMs'>,
  action: string,
  { query = {}, as: { token, authenticator } = {} }: Omit<ActionDetails, 'body'> = {},
): { readonly url: string; readonly headers: Readonly<Record<string, string>> } {
  const search = new URLSearchParams(query).toString();
  return {
    url: `${address.url}${apiPath(address)}${action}${search === '' ? '' : `?${search}`}`,
    headers: {
      // Only the message names the column that is not unique, and NocoBase translates it.
      'x-locale': 'en-US',
      ...ofApp(address.app),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(authenticator === undefined ? {} : { 'x-authenticator': authenticator }),
    },
  };
}

/** NocoBase's HTTP API: every call of the gateway and its commands. */
export class NocoBaseActions {
  constructor(
    private readonly http: Pick<UpstreamHttpClient, 'request'>,
    private readonly address: NocoBaseAddress,
    private readonly usually: AskedAs = {},
  ) {}

  async call<Guard extends z.ZodType>(
    method: 'GET' | 'POST',
    action: string,
    guard: Guard,
    { query = {}, body, as = this.usually }: ActionDetails = {},
  ): Promise<z.output<Guard>> {
    return this.http.request({
      upstream: 'NocoBase',
      operation: action,
      method,
      ...actionRequest(this.address, action, { query, as }),
      ...(body === undefined ? {} : { body }),
      timeoutMs: this.address.timeoutMs,
      guard,
    });
  }
}
