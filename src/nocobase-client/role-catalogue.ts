import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { MisconfiguredError } from '../core/errors/index.js';
import { DETAIL } from '../core/texts/index.js';
import { OutOfTimeError, waitInBudget, withTimeBudget } from '../core/upstream/index.js';
import { NocoBaseApiClient } from './nocobase-api.client.js';
import { roleRows } from './nocobase-api.types.js';

interface Roles {
  readonly names: ReadonlySet<string>;
  readonly default: string | undefined;
}

/** Timeout for reading. Many wait for it, so it does not use the time budget of the first caller. */
const READING_MS = 10_000;
/** Cache age of the list of roles. */
const FRESH_MS = 30_000;

/**
 * The roles of a new user. NocoBase gives a user created together with its binding only the roles that are named, and
 * drops names it does not know; a user without a role can do nothing.
 */
@Injectable()
export class RoleCatalogue {
  private readonly cache = new LRUCache<'roles', Roles>({
    max: 1,
    ttl: FRESH_MS,
    fetchMethod: () => withTimeBudget(READING_MS, () => this.read()),
  });

  constructor(private readonly api: NocoBaseApiClient) {}

  /** @throws MisconfiguredError if a name is unknown, or there is no default role */
  async forNewUser(wanted: readonly string[]): Promise<readonly string[]> {
    const late = () => new OutOfTimeError({ upstream: 'NocoBase', operation: 'roles:list' });
    const roles = (await waitInBudget(this.cache.fetch('roles'), late))!;
    const unknown = wanted.filter((name) => !roles.names.has(name));
    if (unknown.length > 0) {
      throw new MisconfiguredError('DINGTALK_DEFAULT_ROLES', DETAIL.noRole(unknown.join(', ')).en);
    }
    if (wanted.length > 0) return wanted;
    if (roles.default === undefined) {
      throw new MisconfiguredError('DINGTALK_DEFAULT_ROLES', DETAIL.noDefaultRole.en);
    }
    return [roles.default];
  }

  /** Called when NocoBase turns out to have other roles. */
  forget(): void {
    this.cache.clear();
  }

  private async read(): Promise<Roles> {
    const { data } = await this.api.listAll('roles', roleRows);
    return {
      names: new Set(data.map(({ name }) => name)),
      default: data.find((role) => role.default === true)?.name,
    };
  }
}
