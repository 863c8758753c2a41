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

  /** The row that has exactly this value, as much of it as the guard knows. An empty value is never looked up. */
  async find<Guard extends z.ZodType>(resource: string, field: string, value: string, row: Guard, appends = '') {
    if (value === '') throw new TypeError('an empty value must never be looked up');
    const query = new URLSearchParams({ filter: JSON.stringify({ [field]: value }), paginate: 'false' });
    if (appends !== '') query.set('appends', appends);
    const { data } = await this.call(
      'GET',
      `${resource}:list?${query.toString()}`,
      z.object({ data: z.array(z.unknown()) }),
    );
    const found = data.find((candidate) => Object(candidate)[field] === value);
    return found === undefined ? undefined : row.parse(found);
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
