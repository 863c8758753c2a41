import type { Application } from '@nocobase/server';
import { isProtected, onlyOrganization, ROOT_USER_ID } from '../../../../src/core/accounts/index.js';
import {
  type BoundPerson,
  type BrakeCounts,
  BRAKE_WINDOW_MS,
  conclude,
  type Conclusion,
  type Evidence,
  type Hint,
  isHeldBy,
  isNews,
  isUnlockedByReturn,
  LeaverBook,
  type Origin,
  type Returned,
  type SeenPerson,
  type Unclear,
  type WatchState,
} from '../../../../src/core/leavers/index.js';
import type { DingTalkAuthenticator } from '../authenticators.js';
import { RepositoryUserDirectory } from '../repository-user-directory.js';
import { LOG } from '../texts.js';
import { Hints } from './hints.js';
import type { Locks, Turn } from './locks.js';
import { Marks } from './marks.js';
import { type Binding, BoundMembers, type Known, notAhead, personOf } from './members.js';
import type { Reports } from './reports.js';
import type { LeaverTables } from './tables.js';

/** How long an administrator's approval lasts; the people concerned are checked immediately. */
const APPROVED_FOR_MS = 86_400_000;

export interface BookParts {
  readonly app: Application;
  readonly tables: LeaverTables;
  readonly locks: Locks;
  readonly reports: Reports;
  /** Finds who is bound at another authenticator. */
  readonly membersOf: (authenticator: string) => BoundMembers;
  /** The authenticator with its current settings; undefined if it was deleted. */
  readonly authenticator: () => Promise<DingTalkAuthenticator | undefined>;
  /** Identifies the process that watches. */
  readonly holder: string;
}

/** Another organization's binding of the same user, and whether that organization reported them as left. */
interface Elsewhere {
  readonly authenticator: string;
  readonly binding: Binding;
}

/**
 * The book of bound people and locks of one authenticator, in NocoBase's database. The watch, in this NocoBase or in a gateway,
 * reports what DingTalk said; the decision is made here, with what only NocoBase knows.
 */
export class DatabaseLeaverBook extends LeaverBook {
  readonly members: BoundMembers;
  readonly marks: Marks;
  private readonly hints: Hints;

  constructor(
    readonly name: string,
    private readonly parts: BookParts,
  ) {
    super();
    const { app, tables } = parts;
    this.members = new BoundMembers(app, tables, name);
    this.hints = new Hints(tables, name);
    this.marks = new Marks(tables, name);
  }

  override async count(): Promise<number> {
    return this.members.count();
  }

  override async people(after: string | undefined, size: number): Promise<readonly BoundPerson[]> {
    return this.persons(await this.members.page(Number(after ?? 0), size));
  }

  override async byUserid(userid: string): Promise<readonly BoundPerson[]> {
    const found = await this.persons(await this.members.ofUserid(userid));
    // The user is bound to another person by now.
    return found.filter((one) => one.userid === userid);
  }

  override async byUnionId(unionId: string): Promise<readonly BoundPerson[]> {
    return this.persons(await this.members.ofUnionId(unionId));
  }

  override async byUser(userId: number): Promise<readonly BoundPerson[]> {
    return this.persons(await this.members.ofUsers([userId]));
  }

  override async witnesses(except: string, count: number): Promise<readonly BoundPerson[]> {
    const found = await this.persons(await this.members.seenLast(count + 1));
    return found.filter(({ unionId, userid }) => unionId !== except && userid !== undefined).slice(0, count);
  }

  private async persons(bindings: readonly Binding[]): Promise<readonly BoundPerson[]> {
    const known = await this.members.known(bindings);
    const locks = await this.parts.locks.ofUsers(bindings.map(({ userId }) => userId));
    return bindings.map((one) => personOf(one, known(one), locks.get(one.userId)?.origin ?? 'none'));
  }

  override async here(seen: readonly SeenPerson[]): Promise<readonly Returned[]> {
    if (seen.length === 0) return [];
    const { locks, reports } = this.parts;
    // Serialized like `leave`: if two watches hear different things about a person, the later query is right, whichever is reported
    // first.
    const returned = await locks.inTurn(async (turn) => {
      const { transaction } = turn;
      const here = await this.members.show(seen, transaction);
      const held = await locks.ofUsers(
        here.map(({ userId }) => userId),
        transaction,
      );
      const back: Returned[] = [];
      for (const { userId, unionId, seenAt } of here) {
        const lock = held.get(userId);
        if (lock === undefined || !isUnlockedByReturn(lock.origin)) continue;
        // Another authenticator of the organization may have locked them for a later answer.
        if (!isNews(seenAt, lock.askedAt)) continue;
        await locks.unlock(lock, undefined, turn);
        await reports.write({ userId, kind: 'returned', authenticator: this.name }, transaction);
        back.push({ userId, unionId });
      }
      return back;
    });
    for (const { userId } of returned) this.log('returned', { userId });
    return returned;
  }

  override async left(person: BoundPerson, evidence: Evidence, origin: Origin): Promise<Conclusion> {
    const { userId, unionId } = person;
    const binding = { userId, unionId };
    const { locks } = this.parts;
    // Queries that take many statements, and whose results do not change within moments, run before others have to wait for us.
    const authenticator = await this.parts.authenticator();
    const isSafe = await this.isProtected(userId, authenticator);
    const others = await this.othersOf(userId, authenticator);
    const conclusion = await locks.inTurn(async (turn) => {
      const { transaction } = turn;
      const [bound] = await this.members.ofUsers([userId], transaction);
      const isBound = bound?.unionId === unionId;
      const known = (await this.members.known([binding], transaction))(binding);
      const lock = (await locks.ofUsers([userId], transaction)).get(userId)?.origin ?? 'none';
      // Until DingTalk shows the person as a member again, this is the same leave for which an administrator unlocked them.
      const isExcused = lock === 'none' && (await locks.wasUndoneByHand(userId, known.seenAt, transaction));
      const concluded = conclude({
        isBound,
        lock,
        askedAt: notAhead(evidence.askedAt),
        seenAt: known.seenAt,
        othersHaveLeft: await this.haveLeft(others, turn),
        isProtected: isSafe,
        mode: isExcused ? 'report' : (authenticator?.settings.leavers ?? 'off'),
        counts: await this.counts(known, turn),
      });
      await this.write(concluded, { binding, isBound, known, evidence, origin }, turn);
      return concluded;
    });
    if (conclusion !== 'gone' && conclusion !== 'already_locked') {
      // Operators who only read the log have to see that an administrator's account needs a decision.
      this.log(conclusion, { userId, origin, code: evidence.code, requestId: evidence.requestId });
    }
    return conclusion;
  }

  private async write(
    concluded: Conclusion,
    {
      binding,
      isBound,
      known,
      evidence,
      origin,
    }: { binding: Binding; isBound: boolean; known: Known; evidence: Evidence; origin: Origin },
    turn: Turn,
  ): Promise<void> {
    const { transaction } = turn;
    const { userId } = binding;
    const { locks, reports } = this.parts;
    if (!isBound) return this.members.drop(userId, transaction);
    if (concluded === 'gone') return;
    const now = Date.now();
    const isHeld = isHeldBy(concluded);
    const changes: Partial<Known> = {
      leftAt: notAhead(evidence.askedAt),
      userid: known.userid ?? evidence.userid,
      pausedAt: isHeld ? (known.pausedAt ?? now) : undefined,
      // Used up, also by one who is refused although approved: after another hour an administrator decides anew.
      approvedAt: undefined,
    };
    await this.members.change(binding, changes, transaction);
    if (concluded === 'locked') {
      await locks.lock(userId, { origin: 'ours', authenticator: this.name, evidence, source: origin }, turn);
    }
    if (concluded === 'already_locked') return;
    const report = { userId, kind: concluded, authenticator: this.name, source: origin, evidence };
    await reports.write(report, transaction);
  }

  private async counts({ approvedAt, pausedAt }: Known, { transaction }: Turn): Promise<BrakeCounts> {
    const bound = await this.members.count(transaction);
    const now = Date.now();
    const lockedLately = await this.parts.locks.countOurs(this.name, now - BRAKE_WINDOW_MS, transaction);
    const isApproved = approvedAt !== undefined && now - approvedAt < APPROVED_FOR_MS;
    if (isApproved) return { bound, lockedLately, waiting: 0, isApproved };
    const paused = await this.members.countPaused(transaction);
    const waiting = pausedAt === undefined ? paused : paused - 1;
    // An approval that expired before DingTalk was asked again releases nobody.
    return { bound, lockedLately, waiting, isHeld: pausedAt !== undefined || approvedAt !== undefined };
  }

  /** Roles held through a department count. A user whose roles are unknown might be an administrator. */
  private async isProtected(userId: number, found: DingTalkAuthenticator | undefined): Promise<boolean> {
    if (userId === ROOT_USER_ID || found === undefined) return true;
    const user = await this.directory(found).compare(userId, new Map());
    if (user === undefined) return false;
    if (user.roles === undefined) return true;
    return isProtected({ id: userId, roles: user.roles }, found.settings);
  }

  private directory({ settings }: DingTalkAuthenticator): RepositoryUserDirectory {
    return new RepositoryUserDirectory(this.parts.app, this.name, settings.defaultRegion);
  }

  /**
   * The user's bindings at other organizations. If the organization is unknown, it is treated as another one: nobody is locked on a
   * guess. Bindings of a deleted authenticator grant no access.
   */
  private async othersOf(userId: number, found: DingTalkAuthenticator | undefined): Promise<readonly Elsewhere[]> {
    if (found === undefined) return [];
    const { db } = this.parts.app;
    const { bindings } = await this.directory(found).bindingsOf(userId);
    const own = bindings.find(({ authenticator }) => authenticator === this.name);
    const here = own?.organization ?? onlyOrganization(found.settings.corpIds);
    const away = bindings.filter(
      ({ authenticator, organization }) =>
        authenticator !== this.name && (organization === undefined || here === undefined || organization !== here),
    );
    if (away.length === 0) return [];
    const names = away.map(({ authenticator }) => authenticator);
    const rows = await db.getRepository('authenticators').find({ filter: { name: { $in: names } }, fields: ['name'] });
    const there = new Set(rows.map((row) => String(row.get('name'))));
    return away
      .filter(({ authenticator }) => there.has(authenticator))
      .map(({ authenticator, subject }) => ({ authenticator, binding: { userId, unionId: subject } }));
  }

  private async haveLeft(others: readonly Elsewhere[], { transaction }: Turn): Promise<readonly boolean[]> {
    const left: boolean[] = [];
    for (const { authenticator, binding } of others) {
      const known = await this.parts.membersOf(authenticator).known([binding], transaction);
      left.push(known(binding).leftAt !== undefined);
    }
    return left;
  }

  /**
   * A locked user tries to sign in with DingTalk: they may be back, so they are checked before the nightly check; at most once an
   * hour.
   */
  async cameBack(userId: number): Promise<void> {
    const at = Date.now();
    const hint: Hint = {
      id: `sign-in ${userId} ${Math.floor(at / 3_600_000)}`,
      kind: 'ask',
      origin: 'event',
      userId,
      at,
    };
    await this.note([hint]);
  }

  /**
   * A person without a known userid has signed in. It has to be found out before they leave: an event contains nothing else, and a
   * person whose userid was never known is not locked.
   */
  async met(userId: number): Promise<void> {
    const found = await this.parts.authenticator();
    if (found === undefined || found.settings.leavers === 'off') return;
    const at = Date.now();
    await this.note([{ id: `met ${userId} ${Math.floor(at / 86_400_000)}`, kind: 'ask', origin: 'event', userId, at }]);
  }

  override async unclear(person: BoundPerson, why: Unclear, origin: Origin, detail?: string): Promise<void> {
    const { userId } = person;
    await this.parts.reports.write({ userId, kind: 'unclear', authenticator: this.name, why, detail, source: origin });
  }

  override async note(hints: readonly Hint[]): Promise<readonly Hint[]> {
    return this.hints.note(hints);
  }

  override async waiting(limit: number): Promise<readonly Hint[]> {
    return this.hints.waiting(limit);
  }

  override async done(ids: readonly string[]): Promise<void> {
    await this.hints.done(ids);
  }

  override async mark(name: string): Promise<string | undefined> {
    return this.marks.read(name);
  }

  override async setMark(name: string, value: string): Promise<void> {
    await this.marks.write(name, value);
  }

  override async lease(name: string, forMs: number): Promise<boolean> {
    return this.marks.lease(name, forMs, this.parts.holder);
  }

  override async state(state: WatchState): Promise<void> {
    await this.marks.tell(state, this.parts.holder);
  }

  /** Ids only. */
  private log(what: Conclusion | 'returned', details: object): void {
    const { log } = this.parts.app;
    const line = { event: 'dingtalk_leaver', what, authenticator: this.name, ...details };
    const isAlarm = what === 'protected' || what === 'paused' || what === 'refused';
    if (isAlarm) log.warn(LOG.leaver.en, line);
    else log.info(LOG.leaver.en, line);
  }
}
