import type { Database, Model } from '@nocobase/database';

/** A link that another plugin created: its identifier of the person, and the user's account. */
export interface OldLink {
  readonly userId: number;
  readonly uuid: string;
  readonly nickname: string;
}

/** The links of one authenticator, whichever plugin created them. They are read, and never written. */
export class OldLinks {
  constructor(
    private readonly db: Database,
    private readonly authenticator: string,
  ) {}

  /** Ordered by user; each has at most one at an authenticator. */
  async after(userId: number, limit: number): Promise<readonly OldLink[]> {
    const { authenticator } = this;
    const filter = { authenticator, userId: { $gt: userId } };
    return this.find({ filter, sort: 'userId', limit });
  }

  /** Users whom it identifies by one of these values. */
  async usersOf(values: readonly string[]): Promise<readonly number[]> {
    const { authenticator } = this;
    const found = await this.find({ filter: { authenticator, uuid: { $in: [...values] } } });
    // A database may compare case-insensitively.
    return found.filter(({ uuid }) => values.includes(uuid)).map(({ userId }) => userId);
  }

  private async find(what: { filter: object; sort?: string; limit?: number }): Promise<readonly OldLink[]> {
    const rows = await this.db.getRepository('usersAuthenticators').find(what);
    return rows.filter((row) => row.get('authenticator') === this.authenticator).map(read);
  }
}

function read(row: Model): OldLink {
  const nickname = row.get('nickname');
  return {
    userId: Number(row.get('userId')),
    uuid: String(row.get('uuid')).trim(),
    nickname: typeof nickname === 'string' ? nickname : '',
  };
}
