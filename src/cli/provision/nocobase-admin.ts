import { z } from 'zod';
import { nonEmptyString } from '../../core/accounts/index.js';
import { NocoBaseActions, type NocoBaseAddress, NocoBaseFilter } from '../../nocobase-client/index.js';
import type { UpstreamHttpClient } from '../../core/upstream/index.js';

const TIMEOUT_MS = 15_000;
/** A page of users with their roles and departments stays far below the response size limit. */
const PAGE_SIZE = 200;
/** Two hundred thousand records: a server without paging must not be called forever. */
const MAX_PAGES = 1000;

const anything = z.unknown();

/** An account at one NocoBase application. */
export interface NocoBaseAccount extends Omit<NocoBaseAddress, 'timeoutMs'> {
  readonly account: string;
  readonly password: string;
}

/** NocoBase as its administrator sees it. */
export class NocoBaseAdmin {
  private constructor(private readonly actions: NocoBaseActions) {}

  /** @throws UpstreamHttpError (401) if the password is wrong */
  static async signIn(
    http: UpstreamHttpClient,
    { url, app, apiBasePath, account, password }: NocoBaseAccount,
  ): Promise<NocoBaseAdmin> {
    const address = { url, app, apiBasePath, timeoutMs: TIMEOUT_MS };
    const guard = z.object({ data: z.object({ token: z.string().min(1) }) });
    const body = { account, password };
    const { data } = await new NocoBaseActions(http, address).call('POST', 'auth:signIn', guard, { body });
    return new NocoBaseAdmin(new NocoBaseActions(http, address, { token: data.token }));
  }

  /** The record that has exactly this value, reduced to the guard's keys. An empty value is never looked up. */
  async find<Guard extends z.ZodType>(resource: string, field: string, value: string, row: Guard, appends?: string) {
    const filter = NocoBaseFilter.equals(field, nonEmptyString(value));
    const rows = await this.list(resource, filter, anything, appends);
    const found = rows.find((candidate) => Object(candidate)[field] === value);
    return found === undefined ? undefined : row.parse(found);
  }

  /**
   * Every record, page by page. NocoBase's databases compare in different ways, so callers must re-check the results.
   */
  async list<Guard extends z.ZodType>(
    resource: string,
    filter: NocoBaseFilter,
    row: Guard,
    appends?: string,
  ): Promise<z.output<Guard>[]> {
    const query = {
      filter: filter.toQuery(),
      pageSize: String(PAGE_SIZE),
      sort: 'createdAt',
      ...(appends === undefined ? {} : { appends }),
    };
    // NocoBase's number of pages is ignored: up to 2.0.36 it is that of the first page.
    const guard = z.object({
      data: z.array(row),
      meta: z.object({ pageSize: z.int().positive().nullish() }).nullish(),
    });
    const rows: z.output<Guard>[] = [];
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const { data, meta } = await this.actions.call('GET', `${resource}:list`, guard, {
        query: { ...query, page: String(page) },
      });
      rows.push(...data);
      // A server may use smaller pages than requested. One that does not say so is called until nothing is left.
      if (data.length === 0 || data.length < (meta?.pageSize ?? 0)) return rows;
    }
    throw new Error(`NocoBase has more than ${MAX_PAGES} pages of ${resource}`);
  }

  /**
   * The one record with these values, of a resource that NocoBase returns only by `get`; undefined if there is none.
   */
  async get<Guard extends z.ZodType>(
    resource: string,
    where: Readonly<Record<string, string>>,
    row: Guard,
    appends: string,
  ): Promise<z.output<Guard> | undefined> {
    // Such resources evaluate the filter themselves, without `$and`.
    const query = { filter: JSON.stringify(where), appends };
    const { data } = await this.actions.call('GET', `${resource}:get`, z.object({ data: z.unknown() }), { query });
    return data === null || data === undefined ? undefined : row.parse(data);
  }

  async destroy(resource: string, filter: NocoBaseFilter): Promise<void> {
    await this.actions.call('POST', `${resource}:destroy`, anything, { query: { filter: filter.toQuery() } });
  }

  /**
   * The written record, reduced to the guard's keys; NocoBase responds to updates with a list.
   *
   * @param query selects the records to update
   */
  async write<Guard extends z.ZodType>(
    action: string,
    values: object,
    row: Guard,
    query: Readonly<Record<string, string>> = {},
  ): Promise<z.output<Guard>> {
    const guard = z.object({ data: z.unknown().optional() });
    const { data } = await this.actions.call('POST', action, guard, { body: values, query });
    return row.parse(data);
  }
}
