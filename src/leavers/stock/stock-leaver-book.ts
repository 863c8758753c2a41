import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { isProtected, MissingRightError } from '../../core/accounts/index.js';
import {
  type BoundPerson,
  conclude,
  type Conclusion,
  type Evidence,
  type Hint,
  LeaverBook,
  type LeaverMode,
  type Returned,
  type SeenPerson,
  type WatchState,
} from '../../core/leavers/index.js';
import type { BoundUser, BoundUsers } from '../../nocobase-client/index.js';
import { hasLeft, isLocked, type Known, type LeaverMemory, personKey, unionIdIn } from './leaver-memory.js';

/** Page size for counting bound people, ids only. */
const COUNT_PAGE = 5000;
/** How long that count is cached: the brake needs it for every person who left. */
const COUNTED_MS = 600_000;
/**
 * Of the people held by the brake, this many are checked at a time, and this often, for whether they are still bound.
 */
const HELD_PAGE = 100;
const HELD_LOOK_MS = 600_000;
/** More than requested, because some of those seen last may no longer be bound. */
const WITNESSES_TO_LOOK_AT = 4;

export interface StockBookOptions {
  readonly mode: LeaverMode;
  readonly protectedRoles: readonly string[];
  /** The data about another authenticator of the same NocoBase; undefined if this gateway has none with that name. */
  readonly memoryOf: (authenticator: string) => LeaverMemory | undefined;
  readonly onState?: (state: WatchState) => void;
  readonly now?: () => number;
}

/**
 * The book of a NocoBase without the companion plugin: bound people are read there, the rest is in the gateway's
 * memory. "Locked" means here that all their sessions were ended, once. Nothing needs to be undone when a person is
 * back: they just sign in again.
 */
export class StockLeaverBook extends LeaverBook {
  /** Of this process. */
  private readonly holder = randomUUID();
  private readonly now: () => number;
  private readonly counted = new LRUCache<'bound', number>({
    max: 1,
    ttl: COUNTED_MS,
    fetchMethod: async () => this.countBound(),
  });
  private heldLookAt = -Infinity;
  /** The people whom an administrator has approved, fixed at that time. */
  private allowed: ReadonlySet<string> = new Set();

  constructor(
    private readonly users: BoundUsers,
    private readonly memory: LeaverMemory,
    private readonly options: StockBookOptions,
  ) {
    super();
    this.now = options.now ?? Date.now;
  }

  /** These people may be locked although the brake holds them; the limit of one half still applies. */
  allow(people: readonly BoundPerson[]): void {
    this.allowed = new Set(people.map(personKey));
  }

  override async count(): Promise<number> {
    return (await this.counted.fetch('bound'))!;
  }

  override async people(after: string | undefined, size: number): Promise<readonly BoundPerson[]> {
    return this.known(await this.users.page(after === undefined ? 0 : Number(after), size));
  }

  override async byUserid(userid: string): Promise<readonly BoundPerson[]> {
    const key = await this.memory.keyOf(userid);
    if (key === undefined) return [];
    return (await this.byUnionId(unionIdIn(key))).filter((person) => person.userid === userid);
  }

  override async byUnionId(unionId: string): Promise<readonly BoundPerson[]> {
    return this.known(await this.users.bySubjects([unionId]));
  }

  override async byUser(userId: number): Promise<readonly BoundPerson[]> {
    return this.known(await this.users.byUser(userId));
  }

  override async witnesses(except: string, count: number): Promise<readonly BoundPerson[]> {
    const keys = await this.memory.seenLast(count * WITNESSES_TO_LOOK_AT);
    const order = new Map(keys.map((key, at) => [key, at]));
    const bound = await this.users.bySubjects([...new Set(keys.map(unionIdIn))]);
    return (await this.known(bound))
      .filter((person) => person.unionId !== except && person.userid !== undefined && !person.hasLeft)
      .filter((person) => order.has(personKey(person)))
      .toSorted((one, other) => order.get(personKey(one))! - order.get(personKey(other))!)
      .slice(0, count);
  }

  override async here(seen: readonly SeenPerson[]): Promise<readonly Returned[]> {
    const people = seen.map(({ bindingId, unionId, userid, seenAt }) => {
      const userId = Number(bindingId);
      return { userId, unionId, key: personKey({ userId, unionId }), userid, seenAt };
    });
    const returned = new Set(await this.memory.seen(people));
    return people.filter(({ key }) => returned.has(key)).map(({ userId, unionId }) => ({ userId, unionId }));
  }

  override async left(person: BoundPerson, { askedAt }: Evidence): Promise<Conclusion> {
    const { userId, unionId } = person;
    const key = personKey(person);
    const isBound = (await this.users.byUser(userId)).some((bound) => bound.subject === unionId);
    if (!isBound) {
      await this.memory.letGo([key]);
      return 'gone';
    }
    // Recorded before the decision, because other organizations' decisions need it.
    await this.memory.left(key, askedAt);
    const [known, account, bound] = await Promise.all([this.knownOf(key), this.users.held(userId), this.count()]);
    const facts = {
      isBound: account.roles !== undefined,
      lock: lockOf(known),
      askedAt,
      seenAt: known.seenAt,
      othersHaveLeft: await Promise.all(
        account.elsewhere.map(async (other) => this.hasLeftElsewhere(other.authenticator, other.subject, userId)),
      ),
      isProtected: isProtected({ id: userId, roles: account.roles ?? [] }, this.options),
      mode: this.options.mode,
      counts: { bound, lockedLately: 0, waiting: 0 },
    };
    const unbraked = conclude(facts);
    if (unbraked === 'locked') return this.end(person, askedAt, facts);
    // They no longer wait for an administrator; a report decides nothing.
    if (unbraked !== 'reported') await this.memory.letGo([key]);
    return unbraked;
  }

  /** Reported by the log and by metrics, because there is no page here. */
  override async unclear(): Promise<void> {
    return Promise.resolve();
  }

  override async note(hints: readonly Hint[]): Promise<readonly Hint[]> {
    return this.memory.note(hints, this.now());
  }

  override async waiting(limit: number): Promise<readonly Hint[]> {
    return this.memory.waiting(limit);
  }

  override async done(ids: readonly string[]): Promise<void> {
    return this.memory.done(ids, this.now());
  }

  override async mark(name: string): Promise<string | undefined> {
    return this.memory.mark(name);
  }

  override async setMark(name: string, value: string): Promise<void> {
    return this.memory.setMark(name, value);
  }

  override async lease(name: string, forMs: number): Promise<boolean> {
    return this.memory.lease(name, this.holder, forMs, this.now());
  }

  override async state(state: WatchState): Promise<void> {
    this.options.onState?.(state);
    return Promise.resolve();
  }

  /** Subject to the brake, which counts this person before anything is done. */
  private async end(person: BoundPerson, askedAt: number, facts: Parameters<typeof conclude>[0]): Promise<Conclusion> {
    const key = personKey(person);
    let reserved = await this.memory.reserve(key, this.now());
    if (reserved.waiting > 0 && (await this.lettingGoUnbound())) reserved = await this.memory.reserve(key, this.now());
    const { lately, waiting, isHeld } = reserved;
    // As in the plugin: those who wait with an approved person do not count against that person.
    const held = this.allowed.has(key) ? { waiting: 0, isApproved: true } : { waiting, isHeld };
    const conclusion = conclude({ ...facts, counts: { ...facts.counts, lockedLately: lately, ...held } });
    if (conclusion !== 'locked') {
      await this.memory.release(key);
      await this.memory.hold(key);
      return conclusion;
    }
    try {
      await this.users.endSessions(person.userId, this.now());
    } catch (error) {
      // Nothing was written. After any other error that is unknown, so the person still counts.
      if (error instanceof MissingRightError) await this.memory.release(key);
      throw error;
    }
    await this.memory.ended(key, askedAt);
    return 'locked';
  }

  /** Otherwise people held by the brake who were deleted or bound again would block everyone else forever. */
  private async lettingGoUnbound(): Promise<boolean> {
    if (this.now() - this.heldLookAt < HELD_LOOK_MS) return false;
    this.heldLookAt = this.now();
    const held = await this.memory.held(HELD_PAGE);
    const found = await this.users.bySubjects([...new Set(held.map(unionIdIn))]);
    const bound = new Set(found.map(({ userId, subject: unionId }) => personKey({ userId, unionId })));
    const unbound = held.filter((key) => !bound.has(key));
    await this.memory.letGo(unbound);
    return unbound.length > 0;
  }

  /** An authenticator unknown to this gateway has not reported a leaving. */
  private async hasLeftElsewhere(authenticator: string, unionId: string, userId: number): Promise<boolean> {
    const memory = this.options.memoryOf(authenticator);
    const [known] = (await memory?.known([personKey({ userId, unionId })])) ?? [];
    return known !== undefined && hasLeft(known);
  }

  private async knownOf(key: string): Promise<Known> {
    const [known] = await this.memory.known([key]);
    return known!;
  }

  private async known(bound: readonly BoundUser[]): Promise<readonly BoundPerson[]> {
    const people = bound.map(({ userId, subject: unionId }) => ({ userId, unionId }));
    const known = await this.memory.known(people.map(personKey));
    return people.map(({ userId, unionId }, at) => {
      const of = known[at]!;
      return {
        bindingId: String(userId),
        userId,
        unionId,
        userid: of.userid,
        seenAt: of.seenAt,
        hasLeft: hasLeft(of),
        lock: lockOf(of),
      };
    });
  }

  private async countBound(): Promise<number> {
    let [bound, after] = [0, 0];
    for (;;) {
      const page = await this.users.page(after, COUNT_PAGE);
      bound += page.length;
      const last = page.at(-1);
      // A server may use smaller pages than requested.
      if (last === undefined) return bound;
      after = last.userId;
    }
  }
}

const lockOf = (known: Known): BoundPerson['lock'] => (isLocked(known) ? 'ours' : 'none');
