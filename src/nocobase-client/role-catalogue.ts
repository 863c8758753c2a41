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

/** For reading: many wait for it, so it is not on the clock of the one who came first. */
const READING_MS = 10_000;
/** How long the list of roles is used before it is read again. */
const FRESH_MS = 30_000;

/**
 * Which roles a new user gets. NocoBase gives a user that is created together with its binding no role at all unless
 * they are named, and drops names it does not know; a user without a role can do nothing.
 */
@Injectable()
export class RoleCatalogue {
  private readonly cache = new LRUCache<'roles', Roles>({
    max: 1,
    ttl: FRESH_MS,
    fetchMethod: () => withTimeBudget(READING_MS, () => this.read()),
  });

  constructor(private readonly api: NocoBaseApiClient) {}

  /** @throws MisconfiguredError when a name is unknown, or there is no default role */
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

  /** After NocoBase turned out to know better. */
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
