import { Op } from '@nocobase/database';
import type { Database, Model, Transaction } from '@nocobase/database';
import type { Application } from '@nocobase/server';
import { LRUCache } from 'lru-cache';
import { type BoundPerson, isNews, type SeenPerson } from '../../../../src/core/leavers/index.js';
import type { LeaverTables } from './tables.js';

/** A binding at one authenticator, from NocoBase: who may sign in with it. */
export interface Binding {
  readonly userId: number;
  readonly unionId: string;
}

/** What is known about a bound person, beside the binding itself. */
export interface Known {
  readonly userid: string | undefined;
  readonly corpId: string | undefined;
  readonly seenAt: number;
  readonly leftAt: number | undefined;
  readonly pausedAt: number | undefined;
  readonly approvedAt: number | undefined;
}

const NOTHING: Known = {
  userid: undefined,
  corpId: undefined,
  seenAt: 0,
  leftAt: undefined,
  pausedAt: undefined,
  approvedAt: undefined,
};

/** Repeated sign-ins within this time are recorded once, and cost the database nothing. */
const WRITTEN_ONCE_MS = 86_400_000;

/** As in `plugin-protocol/book.ts`. */
const MAX_ID = 128;

/** How many of the people whom the brake holds are checked at a time. */
const HELD_PAGE = 100;

/** Bindings, and additional facts about them for which NocoBase's own records have no field. Makes no decisions. */
export class BoundMembers {
  private readonly written = new LRUCache<string, string>({ max: 10_000, ttl: WRITTEN_ONCE_MS });
  /** The last user checked among those whom the brake holds. */
  private heldUpTo = 0;

  constructor(
    private readonly app: Pick<Application, 'db'>,
    private readonly tables: LeaverTables,
    private readonly authenticator: string,
  ) {}

  private get db(): Database {
    return this.app.db;
  }

  async count(transaction?: Transaction): Promise<number> {
    const { authenticator } = this;
    const filter = { authenticator };
    return this.db.getRepository('usersAuthenticators').count({ filter, ...(transaction && { transaction }) });
  }

  async countKnown(): Promise<number> {
    return this.tables.members.count({ where: { authenticator: this.authenticator, userid: { [Op.ne]: null } } });
  }

  /** By the key of their table, (authenticator, userId), so that the last page costs no more than the first. */
  async page(after: number, size: number): Promise<readonly Binding[]> {
    let from = after;
    for (;;) {
      const found = await this.rows({ userId: { $gt: from } }, size);
      const usable = found.filter(hasUnionId);
      const last = found.at(-1);
      // An empty page would mark the end.
      if (usable.length > 0 || last === undefined) return usable;
      from = last.userId;
    }
  }

  async ofUsers(userIds: readonly number[], transaction?: Transaction): Promise<readonly Binding[]> {
    // With some databases an empty list does not filter.
    return userIds.length === 0 ? [] : this.bindings({ userId: { $in: [...userIds] } }, transaction);
  }

  /** A database may compare case-insensitively. */
  async ofUnionId(unionId: string): Promise<readonly Binding[]> {
    return (await this.bindings({ uuid: unionId })).filter((binding) => binding.unionId === unionId);
  }

  async ofUserid(userid: string): Promise<readonly Binding[]> {
    const { authenticator } = this;
    const rows = await this.tables.members.findAll({ where: { authenticator, userid } });
    return this.ofUsers(rows.filter((row) => row.get('userid') === userid).map(userIdOf));
  }

  private async bindings(filter: object, transaction?: Transaction): Promise<readonly Binding[]> {
    return (await this.rows(filter, undefined, transaction)).filter(hasUnionId);
  }

  private async rows(filter: object, limit?: number, transaction?: Transaction): Promise<readonly Binding[]> {
    const { authenticator } = this;
    const rows = await this.db.getRepository('usersAuthenticators').find({
      filter: { authenticator, ...filter },
      fields: ['authenticator', 'userId', 'uuid'],
      sort: 'userId',
      ...(limit === undefined ? {} : { limit }),
      transaction,
    });
    return rows.map((row) => ({ userId: userIdOf(row), unionId: String(row.get('uuid')) }));
  }

  /** Facts about a person who was bound to the same user before do not apply to the person who is bound now. */
  async known(bindings: readonly Binding[], transaction?: Transaction): Promise<(binding: Binding) => Known> {
    const { authenticator } = this;
    const userIds = bindings.map(({ userId }) => userId);
    const rows =
      userIds.length === 0
        ? []
        : await this.tables.members.findAll({ where: { authenticator, userId: { [Op.in]: userIds } }, transaction });
    const found = new Map(rows.map((row) => [userIdOf(row), row]));
    return ({ userId, unionId }) => {
      const row = found.get(userId);
      return row === undefined || row.get('unionId') !== unionId ? NOTHING : knownIn(row);
    };
  }

  /** The most recently seen members that have not been reported as left since, newest first. */
  async seenLast(limit: number): Promise<readonly Binding[]> {
    const { authenticator } = this;
    const rows = await this.tables.members.findAll({
      where: { authenticator, leftAt: null, userid: { [Op.ne]: null } },
      order: [['seenAt', 'DESC']],
      limit,
    });
    const order = rows.map(userIdOf);
    const bindings = await this.ofUsers(order);
    return bindings.toSorted((one, other) => order.indexOf(one.userId) - order.indexOf(other.userId));
  }

  /**
   * Records that DingTalk shows these people as members.
   *
   * @returns the bound people for whom this is news, and when they were last shown
   */
  async show(
    seen: readonly SeenPerson[],
    transaction: Transaction,
  ): Promise<readonly (Binding & Pick<Known, 'seenAt'>)[]> {
    const { authenticator } = this;
    const bindings = await this.ofUsers(
      seen.map(({ bindingId }) => Number(bindingId)).filter(Number.isSafeInteger),
      transaction,
    );
    const known = await this.known(bindings, transaction);
    const byUser = new Map(bindings.map((binding) => [binding.userId, binding]));
    const rows = new Map<number, { readonly binding: Binding; readonly row: Pick<Known, 'seenAt'> }>();
    for (const { bindingId, unionId, userid, corpId, seenAt } of seen) {
      const binding = byUser.get(Number(bindingId));
      if (binding === undefined || binding.unionId !== unionId) continue;
      const before = known(binding);
      if (!isNews(notAhead(seenAt), before.leftAt)) continue;
      const row = {
        authenticator,
        userId: binding.userId,
        unionId,
        userid,
        corpId: corpId ?? before.corpId ?? null,
        seenAt: Math.max(notAhead(seenAt), before.seenAt),
        leftAt: null,
        pausedAt: null,
        approvedAt: null,
      };
      rows.set(binding.userId, { binding, row });
    }
    if (rows.size > 0) {
      await this.tables.members.bulkCreate(
        [...rows.values()].map(({ row }) => row),
        {
          updateOnDuplicate: ['unionId', 'userid', 'corpId', 'seenAt', 'leftAt', 'pausedAt', 'approvedAt'],
          transaction,
        },
      );
    }
    return [...rows.values()].map(({ binding, row: { seenAt } }) => ({ ...binding, seenAt }));
  }

  /** Records that DingTalk reported them as left, or that the brake holds them; the other fields stay. */
  async change({ userId, unionId }: Binding, changes: Partial<Known>, transaction: Transaction): Promise<void> {
    const { authenticator } = this;
    const binding = { userId, unionId };
    const before = (await this.known([binding], transaction))(binding);
    const values = { ...before, ...changes };
    const row = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value ?? null]));
    await this.tables.members.upsert({ authenticator, userId, unionId, ...row }, { transaction });
  }

  /**
   * The Client ID has changed, and with it perhaps the organization: none of the known userids exists there, while its
   * administrators do, and everyone would look like a person who has left. The next check of all bound people looks the userids up
   * anew.
   */
  async forgetApplication(transaction?: Transaction): Promise<void> {
    const nothing = { userid: null, corpId: null, seenAt: 0, pausedAt: null, approvedAt: null };
    await this.tables.members.update(nothing, { where: { authenticator: this.authenticator }, transaction });
    this.written.clear();
  }

  async drop(userId: number, transaction: Transaction): Promise<void> {
    await this.tables.members.destroy({ where: { authenticator: this.authenticator, userId }, transaction });
  }

  /**
   * How many people the brake holds. One whose binding was removed, or belongs to another person now, needs no decision, and would
   * hold up everyone else.
   */
  async countPaused(transaction?: Transaction): Promise<number> {
    const where = { authenticator: this.authenticator, pausedAt: { [Op.ne]: null } };
    const held = await this.tables.members.count({ where, transaction });
    return held === 0 ? 0 : held - (await this.letGoUnbound(transaction));
  }

  /**
   * Releases people who are no longer bound: of many, one page at a time, until a page contains one who is bound.
   *
   * @returns how many were released
   */
  private async letGoUnbound(transaction?: Transaction): Promise<number> {
    const { authenticator, tables } = this;
    let letGo = 0;
    for (;;) {
      const where = { authenticator, pausedAt: { [Op.ne]: null }, userId: { [Op.gt]: this.heldUpTo } };
      const page = await tables.members.findAll({ where, order: [['userId', 'ASC']], limit: HELD_PAGE, transaction });
      const bound = new Map(
        (await this.ofUsers(page.map(userIdOf), transaction)).map((one) => [one.userId, one.unionId]),
      );
      const unbound = page.filter((row) => bound.get(userIdOf(row)) !== row.get('unionId')).map(userIdOf);
      if (unbound.length > 0) {
        const those = { authenticator, userId: { [Op.in]: unbound } };
        await tables.members.update({ pausedAt: null }, { where: those, transaction });
      }
      letGo += unbound.length;
      const isLast = page.length < HELD_PAGE;
      this.heldUpTo = isLast ? 0 : userIdOf(page.at(-1)!);
      if (isLast || unbound.length < page.length) return letGo;
    }
  }

  /** @returns the users whom the brake held until now */
  async approve(now: number, transaction: Transaction): Promise<readonly number[]> {
    const where = { authenticator: this.authenticator, pausedAt: { [Op.ne]: null } };
    const rows = await this.tables.members.findAll({ where, transaction });
    await this.tables.members.update({ pausedAt: null, approvedAt: now }, { where, transaction });
    return rows.map(userIdOf);
  }

  /**
   * What a sign-in reveals about a person. It does not prove that they are a member, so `seenAt` is unchanged.
   *
   * @returns whether their userid still has to be found out; true at most once a day
   *
   * @param given the organization's id of them; undefined if the sign-in did not read the organization's record
   */
  async signedIn(
    { userId, unionId }: Binding,
    given: string | undefined,
    corpId: string | undefined,
  ): Promise<boolean> {
    const memberId = given !== undefined && given.length <= MAX_ID ? given : undefined;
    const told = JSON.stringify([unionId, memberId, corpId]);
    const key = String(userId);
    if (this.written.get(key) === told) return false;
    const { authenticator } = this;
    const binding = { userId, unionId };
    const before = (await this.known([binding]))(binding);
    const values = { userid: memberId ?? before.userid ?? null, corpId: corpId ?? before.corpId ?? null };
    if (before === NOTHING) {
      const nothing = { seenAt: 0, leftAt: null, pausedAt: null, approvedAt: null };
      await this.tables.members.upsert({ authenticator, userId, unionId, ...nothing, ...values });
    } else if (values.userid !== (before.userid ?? null) || values.corpId !== (before.corpId ?? null)) {
      await this.tables.members.update(values, { where: { authenticator, userId } });
    }
    this.written.set(key, told);
    return values.userid === null;
  }
}

/** The order of pages. */
export function personOf({ userId, unionId }: Binding, known: Known, lock: BoundPerson['lock']): BoundPerson {
  const { userid, seenAt, leftAt } = known;
  return { bindingId: String(userId), userId, unionId, userid, seenAt, hasLeft: leftAt !== undefined, lock };
}

/**
 * A time by the clock of a gateway or another node, which may be ahead: reports before it would be ignored, and nobody would be
 * locked or unlocked.
 */
export function notAhead(moment: number): number {
  return Math.min(moment, Date.now());
}

/**
 * Invalid ones were written without going through us, and would cause all others on their page to be refused
 * (`plugin-protocol/book.ts`).
 */
function hasUnionId({ unionId }: Binding): boolean {
  return unionId !== '' && unionId.length <= MAX_ID;
}

function userIdOf(row: Model): number {
  return Number(row.get('userId'));
}

function knownIn(row: Model): Known {
  const text = (name: string): string | undefined => {
    const value = row.get(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  // PostgreSQL returns BIGINT as text.
  const moment = (name: string): number | undefined => {
    const value = row.get(name);
    return value === null || value === undefined ? undefined : Number(value);
  };
  return {
    userid: text('userid'),
    corpId: text('corpId'),
    seenAt: moment('seenAt') ?? 0,
    leftAt: moment('leftAt'),
    pausedAt: moment('pausedAt'),
    approvedAt: moment('approvedAt'),
  };
}
