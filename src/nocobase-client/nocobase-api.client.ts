import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { apiPath, ofApp } from '../core/nocobase-web/index.js';
import { UpstreamHttpClient, UpstreamHttpError } from '../upstream/index.js';
import { nocoBaseErrors, signedInUser } from './nocobase-api.types.js';
import { NOCOBASE_CLIENT_OPTIONS, type NocoBaseClientOptions } from './nocobase-client.options.js';
import { translate } from './nocobase.errors.js';
import type { NocoBaseFilter } from './nocobase-filter.js';

/**
 * NocoBase's HTTP API: `resource:action` calls with the gateway's API key.
 * https://docs.nocobase.com/api/http
 */
@Injectable()
export class NocoBaseApiClient {
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    private readonly http: UpstreamHttpClient,
    @Inject(NOCOBASE_CLIENT_OPTIONS) private readonly options: NocoBaseClientOptions,
  ) {
    this.headers = {
      authorization: `Bearer ${options.apiToken}`,
      // Which column is not unique stands only in the message, which NocoBase translates.
      'x-locale': 'en-US',
      ...ofApp(options.app),
    };
  }

  /** `fields` are always named: a row never brings more than was asked for. */
  async list<Guard extends z.ZodType>(
    resource: string,
    query: { filter: NocoBaseFilter; fields: readonly string[]; appends?: readonly string[] },
    guard: Guard,
  ): Promise<z.output<Guard>> {
    return this.call('GET', `${resource}:list`, guard, undefined, {
      filter: query.filter.toQuery(),
      fields: query.fields.join(','),
      ...(query.appends ? { appends: query.appends.join(',') } : {}),
      paginate: 'false',
    });
  }

  /** A short table as a whole: roles, token policy. Never users, never bindings. */
  async listAll<Guard extends z.ZodType>(
    resource: 'roles' | 'tokenControlConfig',
    guard: Guard,
  ): Promise<z.output<Guard>> {
    return this.call('GET', `${resource}:list`, guard, undefined, { paginate: 'false' });
  }

  async create<Guard extends z.ZodType>(resource: string, values: object, guard: Guard): Promise<z.output<Guard>> {
    return this.call('POST', `${resource}:create`, guard, values);
  }

  /** One row, by its id; NocoBase answers with the list of rows that it wrote. */
  async update<Guard extends z.ZodType>(
    resource: 'users',
    id: number,
    values: object,
    guard: Guard,
  ): Promise<z.output<Guard>> {
    // An update without an id is one of every row.
    if (!Number.isSafeInteger(id) || id < 1) throw new TypeError('an update needs the id of its row');
    return this.call('POST', `${resource}:update`, guard, values, { filterByTk: String(id) });
  }

  /** Whose the API key is. */
  async ownerOfKey(): Promise<number> {
    return (await this.call('GET', 'auth:check', signedInUser)).data.id;
  }

  /** Why NocoBase opens nothing to this session: its error code, or the status; undefined where it takes it. */
  async refusalOf(session: { readonly token: string; readonly authenticator: string }): Promise<string | undefined> {
    const action = 'auth:check';
    try {
      await this.ask('GET', action, signedInUser, {
        headers: { authorization: `Bearer ${session.token}`, 'x-authenticator': session.authenticator },
      });
      return undefined;
    } catch (error) {
      if (!(error instanceof UpstreamHttpError) || error.httpStatus >= 500) throw translate(error, action);
      const [first] = nocoBaseErrors(error.body).flatMap(({ code }) => code ?? []);
      return first ?? `HTTP ${error.httpStatus}`;
    }
  }

  private async call<Guard extends z.ZodType>(
    method: 'GET' | 'POST',
    action: string,
    guard: Guard,
    body?: object,
    query: Readonly<Record<string, string>> = {},
  ): Promise<z.output<Guard>> {
    const search = new URLSearchParams(query).toString();
    try {
      return await this.ask(method, action, guard, { body, search });
    } catch (error) {
      throw translate(error, action);
    }
  }

  private async ask<Guard extends z.ZodType>(
    method: 'GET' | 'POST',
    action: string,
    guard: Guard,
    {
      body,
      search = '',
      headers = {},
    }: { body?: object | undefined; search?: string; headers?: Readonly<Record<string, string>> },
  ): Promise<z.output<Guard>> {
    return this.http.request({
      upstream: 'NocoBase',
      operation: action,
      method,
      url: `${this.options.url}${apiPath(this.options)}${action}${search === '' ? '' : `?${search}`}`,
      headers: { ...this.headers, ...headers },
      ...(body === undefined ? {} : { body }),
      timeoutMs: this.options.timeoutMs,
      guard,
    });
  }
}
