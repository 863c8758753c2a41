import { z } from 'zod';
import { apiPath, ofApp, type PlaceSettings } from '../../core/nocobase-web/index.js';
import { UpstreamHttpClient } from '../../upstream/index.js';

const TIMEOUT_MS = 15_000;
/** A page of users with their roles and departments stays far below the largest answer that is read. */
const PAGE_SIZE = 200;
/** Two hundred thousand rows: a server that knows no pages must not be asked for ever. */
const MAX_PAGES = 1000;

const anything = z.unknown();

/** Field and value; a list means "one of". */
export type Conditions = Readonly<Record<string, string | number | readonly (string | number)[]>>;

function filterOf(where: Conditions): string {
  const conditions = Object.entries(where);
  const isEmpty = ([, value]: (typeof conditions)[number]): boolean =>
    value === '' || (Array.isArray(value) && (value.length === 0 || value.includes('')));
  if (conditions.length === 0 || conditions.some(isEmpty))
    throw new TypeError('an empty value must never be looked up');
  return JSON.stringify({
    $and: conditions.map(([field, value]) => ({ [field]: Array.isArray(value) ? { $in: value } : value })),
  });
}

/** Somebody at one NocoBase application. */
export interface NocoBaseAccount extends Pick<PlaceSettings, 'app' | 'apiBasePath'> {
  /** NocoBase without its API's path. */
  readonly url: string;
  readonly account: string;
  readonly password: string;
}

/** NocoBase as its administrator sees it. */
export class NocoBaseAdmin {
  private constructor(
    private readonly http: UpstreamHttpClient,
    private readonly where: Omit<NocoBaseAccount, 'account' | 'password'>,
    private readonly token: string,
  ) {}

  /** @throws UpstreamHttpError (401) when the password is wrong */
  static async signIn(
    http: UpstreamHttpClient,
    { url, app, apiBasePath, account, password }: NocoBaseAccount,
  ): Promise<NocoBaseAdmin> {
    const where = { url, app, apiBasePath };
    const guard = z.object({ data: z.object({ token: z.string().min(1) }) });
    const { data } = await new NocoBaseAdmin(http, where, '').call('POST', 'auth:signIn', guard, { account, password });
    return new NocoBaseAdmin(http, where, data.token);
  }

  /** The row that has exactly this value, as much of it as the guard knows. An empty value is never looked up. */
  async find<Guard extends z.ZodType>(resource: string, field: string, value: string, row: Guard, appends?: string) {
    const rows = await this.list(resource, { [field]: value }, anything, appends);
    const found = rows.find((candidate) => Object(candidate)[field] === value);
    return found === undefined ? undefined : row.parse(found);
  }

  /**
   * Every row with these values, page by page; a list means "one of". NocoBase answers an empty filter with every row,
   * the root account first, and its databases compare in their own ways: callers look at what they got.
   *
   * @throws TypeError when there is no condition, or an empty one
   */
  async list<Guard extends z.ZodType>(
    resource: string,
    where: Conditions,
    row: Guard,
    appends?: string,
  ): Promise<z.output<Guard>[]> {
    const query = new URLSearchParams({ filter: filterOf(where), pageSize: String(PAGE_SIZE), sort: 'createdAt' });
    if (appends !== undefined) query.set('appends', appends);
    // What NocoBase says of the number of pages is not believed: up to 2.0.36 it is that of the first page.
    const guard = z.object({
      data: z.array(row),
      meta: z.object({ pageSize: z.int().positive().nullish() }).nullish(),
    });
    const rows: z.output<Guard>[] = [];
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      query.set('page', String(page));
      const { data, meta } = await this.call('GET', `${resource}:list?${query.toString()}`, guard);
      rows.push(...data);
      // A server may give smaller pages than it was asked for. One that does not say so is asked until nothing is left.
      if (data.length === 0 || data.length < (meta?.pageSize ?? 0)) return rows;
    }
    throw new Error(`NocoBase has more than ${MAX_PAGES} pages of ${resource}`);
  }

  /** The one row with these values of a resource that NocoBase gives by `get` only; undefined where there is none. */
  async get<Guard extends z.ZodType>(
    resource: string,
    where: Readonly<Record<string, string>>,
    row: Guard,
    appends: string,
  ): Promise<z.output<Guard> | undefined> {
    // Such resources look into the filter themselves, and know no `$and`.
    const query = new URLSearchParams({ filter: JSON.stringify(where), appends });
    const { data } = await this.call('GET', `${resource}:get?${query.toString()}`, z.object({ data: z.unknown() }));
    return data === null || data === undefined ? undefined : row.parse(data);
  }

  /** Takes away the rows with these values. @throws TypeError when there is no condition, or an empty one */
  async destroy(resource: string, where: Conditions): Promise<void> {
    const query = new URLSearchParams({ filter: filterOf(where) });
    await this.call('POST', `${resource}:destroy?${query.toString()}`, anything);
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
      url: `${this.where.url}${apiPath(this.where)}${action}`,
      headers: {
        'x-locale': 'en-US',
        ...ofApp(this.where.app),
        ...(this.token === '' ? {} : { authorization: `Bearer ${this.token}` }),
      },
      ...(body === undefined ? {} : { body }),
      timeoutMs: TIMEOUT_MS,
      guard,
    });
  }
}
