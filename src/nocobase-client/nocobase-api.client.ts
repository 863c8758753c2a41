import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { UpstreamHttpClient, UpstreamHttpError } from '../core/upstream/index.js';
import { type ActionDetails, NocoBaseActions } from './nocobase-actions.js';
import { nocoBaseErrors, signedInUser } from './nocobase-api.types.js';
import { NOCOBASE_CLIENT_OPTIONS, type NocoBaseClientOptions } from './nocobase-client.options.js';
import { translate } from './nocobase.errors.js';
import type { NocoBaseFilter } from './nocobase-filter.js';

/** The calls of a sign-in to NocoBase, with the gateway's API key. */
@Injectable()
export class NocoBaseApiClient {
  private readonly actions: NocoBaseActions;

  constructor(http: UpstreamHttpClient, @Inject(NOCOBASE_CLIENT_OPTIONS) options: NocoBaseClientOptions) {
    this.actions = new NocoBaseActions(http, options, { token: options.apiToken });
  }

  /** `fields` are always named: a record never contains more than requested. */
  async list<Guard extends z.ZodType>(
    resource: string,
    query: { filter: NocoBaseFilter; fields: readonly string[]; appends?: readonly string[] },
    guard: Guard,
  ): Promise<z.output<Guard>> {
    return this.call('GET', `${resource}:list`, guard, {
      query: {
        filter: query.filter.toQuery(),
        fields: query.fields.join(','),
        ...(query.appends ? { appends: query.appends.join(',') } : {}),
        paginate: 'false',
      },
    });
  }

  /** A page of a long table, by an ascending column: the cost does not depend on the depth. */
  async page<Guard extends z.ZodType>(
    resource: 'usersAuthenticators',
    query: { filter: NocoBaseFilter; fields: readonly string[]; sort: string; size: number },
    guard: Guard,
  ): Promise<z.output<Guard>> {
    const { filter, fields, sort, size } = query;
    return this.call('GET', `${resource}:list`, guard, {
      query: { filter: filter.toQuery(), fields: fields.join(','), sort, pageSize: String(size) },
    });
  }

  /** A whole short table: roles, token policy. Never users, never bindings. */
  async listAll<Guard extends z.ZodType>(
    resource: 'roles' | 'tokenControlConfig',
    guard: Guard,
  ): Promise<z.output<Guard>> {
    return this.call('GET', `${resource}:list`, guard, { query: { paginate: 'false' } });
  }

  async create<Guard extends z.ZodType>(resource: string, values: object, guard: Guard): Promise<z.output<Guard>> {
    return this.call('POST', `${resource}:create`, guard, { body: values });
  }

  /** Updates one record by its id; NocoBase responds with the list of written records. */
  async update<Guard extends z.ZodType>(
    resource: 'users',
    id: number,
    values: object,
    guard: Guard,
  ): Promise<z.output<Guard>> {
    // Without an id, an update would write every record.
    if (!Number.isSafeInteger(id) || id < 1) throw new TypeError('an update needs the id of its row');
    return this.call('POST', `${resource}:update`, guard, { body: values, query: { filterByTk: String(id) } });
  }

  /** The user who owns the API key. */
  async ownerOfKey(): Promise<number> {
    return (await this.call('GET', 'auth:check', signedInUser)).data.id;
  }

  /** Why NocoBase refuses this session: its error code, or the status; undefined if it accepts it. */
  async refusalOf(session: { readonly token: string; readonly authenticator: string }): Promise<string | undefined> {
    const action = 'auth:check';
    try {
      await this.actions.call('GET', action, signedInUser, { as: session });
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
    details: ActionDetails = {},
  ): Promise<z.output<Guard>> {
    try {
      return await this.actions.call(method, action, guard, details);
    } catch (error) {
      throw translate(error, action);
    }
  }
}
