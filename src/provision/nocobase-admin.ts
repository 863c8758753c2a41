import { z } from 'zod';
import { UpstreamHttpClient } from '../upstream/index.js';

const TIMEOUT_MS = 15_000;

/** NocoBase as its administrator sees it. */
export class NocoBaseAdmin {
  private constructor(
    private readonly http: UpstreamHttpClient,
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** @throws UpstreamHttpError (401) when the password is wrong */
  static async signIn(
    http: UpstreamHttpClient,
    url: string,
    account: string,
    password: string,
  ): Promise<NocoBaseAdmin> {
    const guard = z.object({ data: z.object({ token: z.string().min(1) }) });
    const { data } = await new NocoBaseAdmin(http, url, '').call('POST', 'auth:signIn', guard, { account, password });
    return new NocoBaseAdmin(http, url, data.token);
  }

  /** The first row that has this value, as much of it as the guard knows. */
  async find<Guard extends z.ZodType>(resource: string, field: string, value: string, row: Guard) {
    const query = new URLSearchParams({ filter: JSON.stringify({ [field]: value }), paginate: 'false' }).toString();
    const { data } = await this.call('GET', `${resource}:list?${query}`, z.object({ data: z.array(row) }));
    return data[0];
  }

  /** What was written, as much of it as the guard knows; NocoBase answers updates with a list. */
  async write<Guard extends z.ZodType>(action: string, values: object, row: Guard): Promise<z.output<Guard>> {
    const { data } = await this.call('POST', action, z.object({ data: z.unknown().optional() }), values);
    return row.parse(data);
  }

  private async call<Guard extends z.ZodType>(
    method: 'GET' | 'POST',
    action: string,
    guard: Guard,
    body?: object,
  ): Promise<z.output<Guard>> {
    return this.http.request({
      upstream: 'NocoBase',
      operation: action.split('?')[0] ?? action,
      method,
      url: `${this.url}/api/${action}`,
      headers: { 'x-locale': 'en-US', ...(this.token === '' ? {} : { authorization: `Bearer ${this.token}` }) },
      ...(body === undefined ? {} : { body }),
      timeoutMs: TIMEOUT_MS,
      guard,
    });
  }
}
