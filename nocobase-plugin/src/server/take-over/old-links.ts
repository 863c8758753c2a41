import type { Database, Model } from '@nocobase/database';

/** A link that another plugin made: what it knows the person by, and whose account it is. */
export interface OldLink {
  readonly userId: number;
  readonly uuid: string;
  readonly nickname: string;
}

/** The links of one authenticator, whichever plugin made them. They are read, and never written. */
export class OldLinks {
  constructor(
    private readonly db: Database,
    private readonly authenticator: string,
  ) {}

  /** In the order of users, of whom each has one at an authenticator. */
  async after(userId: number, limit: number): Promise<readonly OldLink[]> {
    const { authenticator } = this;
    const filter = { authenticator, userId: { $gt: userId } };
    return this.find({ filter, sort: 'userId', limit });
  }

  /** Users whom it knows by one of these values. */
  async usersOf(values: readonly string[]): Promise<readonly number[]> {
    const { authenticator } = this;
    const found = await this.find({ filter: { authenticator, uuid: { $in: [...values] } } });
    // A database may compare without regard to case.
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
