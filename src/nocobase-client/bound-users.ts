import { MissingRightError, nonEmptyString } from '../core/accounts/index.js';
import type { UpstreamHttpClient } from '../core/upstream/index.js';
import { DETAIL } from '../core/texts/index.js';
import { SESSIONS_END_AT } from './gateway-rights.js';
import { NocoBaseApiClient } from './nocobase-api.client.js';
import { bindingRows, updatedUsers } from './nocobase-api.types.js';
import type { NocoBaseClientOptions } from './nocobase-client.options.js';
import { UnconfirmedError } from './nocobase.errors.js';
import { NocoBaseFilter } from './nocobase-filter.js';
import { NocoBaseUserDirectory } from './nocobase-user-directory.js';
import { RoleCatalogue } from './role-catalogue.js';

/** A person bound at one authenticator. */
export interface BoundUser {
  readonly userId: number;
  readonly subject: string;
}

/** The data needed to decide about one user. */
export interface HeldAccount {
  /** Held directly and through departments; undefined if the user no longer exists. */
  readonly roles: readonly string[] | undefined;
  /** Bindings at other authenticators of our provider, or of unknown kind, with the subject there. */
  readonly elsewhere: readonly { readonly authenticator: string; readonly subject: string }[];
}

/** Number of values that fit into one address. */
const MAX_VALUES = 100;

/** The people bound at an authenticator of a stock NocoBase, page by page; and ending their sessions. */
export class BoundUsers {
  constructor(
    private readonly api: NocoBaseApiClient,
    private readonly directory: NocoBaseUserDirectory,
    private readonly authenticator: string,
  ) {}

  /** Those after an id, in the order of ids; fewer than `size` at the end. */
  async page(after: number, size: number): Promise<readonly BoundUser[]> {
    const filter = NocoBaseFilter.and(this.here(), NocoBaseFilter.greaterThan('userId', after));
    const query = { filter, fields: ['authenticator', 'userId', 'uuid'], sort: 'userId', size };
    const { data } = await this.api.page('usersAuthenticators', query, bindingRows);
    return data.filter((row) => row.authenticator === this.authenticator && row.userId > after).map(bound);
  }

  async bySubjects(subjects: readonly string[]): Promise<readonly BoundUser[]> {
    const wanted = new Set(subjects);
    const found: BoundUser[] = [];
    for (let at = 0; at < subjects.length; at += MAX_VALUES) {
      const [first, ...others] = subjects.slice(at, at + MAX_VALUES).map(nonEmptyString);
      if (first !== undefined) found.push(...(await this.matching(NocoBaseFilter.oneOf('uuid', [first, ...others]))));
    }
    // A database may compare case-insensitively.
    return found.filter(({ subject }) => wanted.has(subject));
  }

  async byUser(userId: number): Promise<readonly BoundUser[]> {
    const rows = await this.matching(NocoBaseFilter.equals('userId', nonEmptyString(String(userId))));
    return rows.filter((row) => row.userId === userId);
  }

  async held(userId: number): Promise<HeldAccount> {
    const [compared, { bindings }] = await Promise.all([
      this.directory.compare(userId, new Map()),
      this.directory.bindingsOf(userId),
    ]);
    // Roles that the key may not read must not look like an account without roles.
    if (compared !== undefined && compared.roles === undefined) {
      throw new MissingRightError('users:list', DETAIL.nocobase.lacksRight(' (roles)').en, undefined);
    }
    return {
      roles: compared?.roles,
      elsewhere: bindings
        .filter((binding) => binding.authenticator !== this.authenticator)
        .map(({ authenticator, subject }) => ({ authenticator, subject })),
    };
  }

  /**
   * Every token older than this moment is refused from now on; API keys are not.
   *
   * @throws MissingRightError if NocoBase silently drops the value
   */
  async endSessions(userId: number, at: number): Promise<void> {
    const { data } = await this.api.update('users', userId, { [SESSIONS_END_AT]: at }, updatedUsers);
    const [row, another] = data;
    if (row?.id !== userId || another !== undefined) throw new UnconfirmedError('users:update');
    // Some databases return a large number as text.
    if (Number(row[SESSIONS_END_AT]) !== at) {
      throw new MissingRightError('users:update', DETAIL.nocobase.lacksRight(` (${SESSIONS_END_AT})`).en, undefined);
    }
  }

  private async matching(filter: NocoBaseFilter): Promise<readonly BoundUser[]> {
    const query = { filter: NocoBaseFilter.and(this.here(), filter), fields: ['authenticator', 'userId', 'uuid'] };
    const { data } = await this.api.list('usersAuthenticators', query, bindingRows);
    return data.filter((row) => row.authenticator === this.authenticator).map(bound);
  }

  private here(): NocoBaseFilter {
    return NocoBaseFilter.equals('authenticator', nonEmptyString(this.authenticator));
  }
}

const bound = ({ userId, uuid }: { userId: number; uuid: string }): BoundUser => ({ userId, subject: uuid });

/** For work other than sign-ins: with a client of its own, so that the nightly check does not delay them. */
export function boundUsers(http: UpstreamHttpClient, options: NocoBaseClientOptions): BoundUsers {
  const api = new NocoBaseApiClient(http, options);
  return new BoundUsers(api, new NocoBaseUserDirectory(api, new RoleCatalogue(api), options), options.authenticator);
}
