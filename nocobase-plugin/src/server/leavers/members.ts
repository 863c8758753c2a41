import { Op } from '@nocobase/database';
import type { Database, Model, Transaction } from '@nocobase/database';
import type { Application } from '@nocobase/server';
import { LRUCache } from 'lru-cache';
import { type BoundPerson, isNews, type SeenPerson } from '../../../../src/core/leavers/index.js';
import type { LeaverTables } from './tables.js';

/** A binding of NocoBase's at one authenticator: who may sign in by it. */
export interface Binding {
  readonly userId: number;
  readonly unionId: string;
}

/** What is known of somebody bound, beside the binding itself. */
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

/** Who signs in again within this is written down once: a sign-in costs the database nothing then. */
const WRITTEN_ONCE_MS = 86_400_000;

/** As in `plugin-protocol/book.ts`. */
const MAX_ID = 128;

/** Of those whom the brake holds, so many are looked at at a time: whether they are still bound. */
const HELD_PAGE = 100;

/** Bindings, and what is known of them, which NocoBase's own rows have no room for. Nothing here decides. */
export class BoundMembers {
  private readonly written = new LRUCache<string, string>({ max: 10_000, ttl: WRITTEN_ONCE_MS });
  /** Up to which user those whom the brake holds were looked at last. */
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

  /** By the key of their table, (authenticator, userId): the last page costs what the first does. */
  async page(after: number, size: number): Promise<readonly Binding[]> {
    let from = after;
    for (;;) {
      const found = await this.rows({ userId: { $gt: from } }, size);
      const usable = found.filter(hasUnionId);
      const last = found.at(-1);
      // An empty page would be the end.
      if (usable.length > 0 || last === undefined) return usable;
      from = last.userId;
    }
  }

  async ofUsers(userIds: readonly number[], transaction?: Transaction): Promise<readonly Binding[]> {
    // An empty list is no filter in every database.
    return userIds.length === 0 ? [] : this.bindings({ userId: { $in: [...userIds] } }, transaction);
  }

  /** A database may compare without regard to case. */
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

  /** What was told of somebody who was bound to the same user before says nothing of who is bound now. */
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

  /** Of whom DingTalk has said nothing else since, newest first. */
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
   * DingTalk shows them, as far as that is news.
   *
   * @returns those who are bound and of whom it is
   */
  async show(seen: readonly SeenPerson[], transaction: Transaction): Promise<readonly Binding[]> {
    const { authenticator } = this;
    const bindings = await this.ofUsers(
      seen.map(({ bindingId }) => Number(bindingId)).filter(Number.isSafeInteger),
      transaction,
    );
    const known = await this.known(bindings, transaction);
    const byUser = new Map(bindings.map((binding) => [binding.userId, binding]));
    const rows = new Map<number, { readonly binding: Binding; readonly row: object }>();
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
    return [...rows.values()].map(({ binding }) => binding);
  }

  /** DingTalk says that they left, or the brake holds them: everything else of the row stays. */
  async change({ userId, unionId }: Binding, changes: Partial<Known>, transaction: Transaction): Promise<void> {
    const { authenticator } = this;
    const binding = { userId, unionId };
    const before = (await this.known([binding], transaction))(binding);
    const values = { ...before, ...changes };
    const row = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value ?? null]));
    await this.tables.members.upsert({ authenticator, userId, unionId, ...row }, { transaction });
  }

  /**
   * The application is another one now, and may be another organization's: there nobody's userid of the old one is known, while its
   * administrators are, and everybody would look like somebody who has left. The next look at everybody finds the userids anew.
   */
  async forgetApplication(transaction?: Transaction): Promise<void> {
    const nothing = { userid: null, corpId: null, seenAt: 0, pausedAt: null, approvedAt: null };
    await this.tables.members.update(nothing, { where: { authenticator: this.authenticator }, transaction });
    this.written.clear();
  }

  async drop(userId: number, transaction: Transaction): Promise<void> {
    await this.tables.members.destroy({ where: { authenticator: this.authenticator, userId }, transaction });
  }

  /** How many the brake holds: whose binding was removed or is another person's needs no decision, and would hold up everybody. */
  async countPaused(transaction?: Transaction): Promise<number> {
    const where = { authenticator: this.authenticator, pausedAt: { [Op.ne]: null } };
    const held = await this.tables.members.count({ where, transaction });
    return held === 0 ? 0 : held - (await this.letGoUnbound(transaction));
  }

  /** Of many a page, and the next one next time: until somebody is found who is bound. @returns how many are held no longer */
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

  /** @returns whom the brake held until now */
  async approve(now: number, transaction: Transaction): Promise<readonly number[]> {
    const where = { authenticator: this.authenticator, pausedAt: { [Op.ne]: null } };
    const rows = await this.tables.members.findAll({ where, transaction });
    await this.tables.members.update({ pausedAt: null, approvedAt: now }, { where, transaction });
    return rows.map(userIdOf);
  }

  /**
   * What a sign-in tells of a person: it is no look at whether they are a member, so `seenAt` stays as it is.
   *
   * @returns whether their userid is still to be found out; said once a day
   *
   * @param given the organization's id of them; undefined where the sign-in did not read the organization's record
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

/** As pages go by it. */
export function personOf({ userId, unionId }: Binding, known: Known, lock: BoundPerson['lock']): BoundPerson {
  const { userid, seenAt, leftAt } = known;
  return { bindingId: String(userId), userId, unionId, userid, seenAt, hasLeft: leftAt !== undefined, lock };
}

/**
 * A moment by the clock of a gateway or another node, which may be ahead: what was said until then would not count against it, and
 * nobody would be locked, or unlocked.
 */
export function notAhead(moment: number): number {
  return Math.min(moment, Date.now());
}

/** What is none was written past us, and would be refused with all who stand beside it (`plugin-protocol/book.ts`). */
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
  // PostgreSQL gives BIGINT as text.
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
