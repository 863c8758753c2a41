import { MissingRightError, nonEmptyString } from '../core/accounts/index.js';
import type { UpstreamHttpClient } from '../core/upstream/index.js';
import { DETAIL } from '../core/texts/index.js';
import { SESSIONS_END_AT } from './gateway-rights.js';
import { NocoBaseApiClient } from './nocobase-api.client.js';
import { authenticatorTypes, bindingRows, updatedUsers } from './nocobase-api.types.js';
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
  readonly elsewhere: readonly OtherBinding[];
}

interface OtherBinding {
  readonly authenticator: string;
  readonly subject: string;
}

/** The duration of a call: a smaller difference between the clocks is ignored. */
const CALL_MS = 1000;
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
      elsewhere: await this.withoutGone(
        bindings
          .filter((binding) => binding.authenticator !== this.authenticator)
          .map(({ authenticator, subject }) => ({ authenticator, subject })),
      ),
    };
  }

  /**
   * Without bindings at authenticators that were deleted: no one signs in through them, and no watch reports a departure there. A
   * disabled authenticator counts, because in stock mode all of them are disabled in NocoBase.
   */
  private async withoutGone(bindings: readonly OtherBinding[]): Promise<readonly OtherBinding[]> {
    const [first, ...others] = bindings.map(({ authenticator }) => nonEmptyString(authenticator));
    if (first === undefined) return [];
    const query = { filter: NocoBaseFilter.oneOf('name', [first, ...others]), fields: ['name', 'authType'] };
    try {
      const { data } = await this.api.list('authenticators', query, authenticatorTypes);
      const there = new Set(data.map(({ name }) => name));
      return bindings.filter(({ authenticator }) => there.has(authenticator));
    } catch (error) {
      // Unknown: no one is locked because of a guess.
      if (error instanceof MissingRightError) return bindings;
      throw error;
    }
  }

  /**
   * From now on every token older than this moment is refused; API keys are not. Tokens carry the time of our clock, or of
   * NocoBase's if it created the session itself: the later of the two ends all.
   *
   * @throws MissingRightError if NocoBase silently drops the value
   */
  async endSessions(userId: number, at: number): Promise<void> {
    const writtenAt = await this.endOlder(userId, at);
    if (writtenAt - at > CALL_MS) await this.endOlder(userId, writtenAt);
  }

  /** @returns when it was written, according to NocoBase's clock */
  private async endOlder(userId: number, at: number): Promise<number> {
    const { data } = await this.api.update('users', userId, { [SESSIONS_END_AT]: at }, updatedUsers);
    const [row, another] = data;
    if (row?.id !== userId || another !== undefined) throw new UnconfirmedError('users:update');
    // Some databases return a large number as text.
    if (Number(row[SESSIONS_END_AT]) !== at) {
      throw new MissingRightError('users:update', DETAIL.nocobase.lacksRight(` (${SESSIONS_END_AT})`).en, undefined);
    }
    const writtenAt = Date.parse(String(row['updatedAt']));
    return Number.isNaN(writtenAt) ? at : writtenAt;
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
