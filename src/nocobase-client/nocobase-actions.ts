import type { z } from 'zod';
import { apiPath, ofApp, type PlaceSettings } from '../core/nocobase-web/index.js';
import type { UpstreamHttpClient } from '../core/upstream/index.js';

/** Which NocoBase application is asked, and for how long. */
export interface NocoBaseAddress extends Pick<PlaceSettings, 'app' | 'apiBasePath'> {
  /** NocoBase without its API's path. */
  readonly url: string;
  /** For one call. */
  readonly timeoutMs: number;
}

/** Who asks; nobody where nothing is said. */
export interface AskedAs {
  readonly token?: string | undefined;
  /** Of a session that began at another authenticator than NocoBase's own. */
  readonly authenticator?: string | undefined;
}

/** What a `resource:action` call says beside its name. */
export interface ActionDetails {
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object | undefined;
  /** Somebody else than usual. */
  readonly as?: AskedAs;
}

/** Where a `resource:action` call goes, and with which headers. https://docs.nocobase.com/api/http */
export function actionRequest(
  address: Omit<NocoBaseAddress, 'timeoutMs'>,
  action: string,
  { query = {}, as: { token, authenticator } = {} }: Omit<ActionDetails, 'body'> = {},
): { readonly url: string; readonly headers: Readonly<Record<string, string>> } {
  const search = new URLSearchParams(query).toString();
  return {
    url: `${address.url}${apiPath(address)}${action}${search === '' ? '' : `?${search}`}`,
    headers: {
      // Which column is not unique stands only in the message, which NocoBase translates.
      'x-locale': 'en-US',
      ...ofApp(address.app),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(authenticator === undefined ? {} : { 'x-authenticator': authenticator }),
    },
  };
}

/** NocoBase's HTTP API: every call that the gateway and its commands make there. */
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
