import type { Clock } from '../../src/core/dingtalk/index.js';
import {
  type BoundPerson,
  BRAKE_WINDOW_MS,
  type Conclusion,
  conclude,
  type Evidence,
  type Hint,
  isHeldBy,
  isNews,
  isUnlockedByReturn,
  LeaverBook,
  type LeaverMode,
  type Origin,
  type Returned,
  type SeenPerson,
  type Unclear,
  type WatchState,
} from '../../src/core/leavers/index.js';

interface Row {
  readonly bindingId: string;
  readonly userId: number;
  readonly unionId: string;
  userid: string | undefined;
  corpId: string | undefined;
  seenAt: number;
  leftAt: number | undefined;
}

interface Lock {
  readonly by: 'us' | 'hand';
  readonly evidence?: Evidence;
  readonly at: number;
}

/** What the books of one NocoBase share: it outlives the processes. */
export class BookStorage {
  mode: LeaverMode = 'lock';
  /** Otherwise more than ten could be locked within an hour of the test. */
  hasBrake = true;
  readonly rows = new Map<string, Row>();
  readonly locks = new Map<number, Lock>();
  readonly waitingForAdministrator = new Set<number>();
  readonly protectedIds = new Set<number>();
  /** For bindings at other authenticators: whether the person has left there. */
  readonly elsewhere = new Map<number, readonly boolean[]>();
  readonly hints = new Map<string, Hint & { isDone: boolean }>();
  readonly marks = new Map<string, string>();
  readonly leases = new Map<string, { readonly holder: string; readonly until: number }>();
  readonly states: WatchState[] = [];
  readonly told: { readonly userId: number; readonly why: Unclear; readonly detail: string | undefined }[] = [];
  readonly conclusions: { readonly userId: number; readonly conclusion: Conclusion; readonly evidence: Evidence }[] =
    [];

  bind(unionId: string, userId: number, userid?: string, seenAt = 0): void {
    const bindingId = String(this.rows.size + 1).padStart(8, '0');
    this.rows.set(bindingId, { bindingId, userId, unionId, userid, corpId: undefined, seenAt, leftAt: undefined });
  }

  get lockedByUs(): number[] {
    return [...this.locks].filter(([, { by }]) => by === 'us').map(([userId]) => userId);
  }

  get undone(): Hint[] {
    return [...this.hints.values()].filter(({ isDone }) => !isDone);
  }
}

/** Called for each step of a process, before and after its effect, so that it can fail there. */
export type Step = (name: string, moment: 'before' | 'after') => void;

/** A book with the rules of the real ones, as one process sees it. */
export class InMemoryLeaverBook extends LeaverBook {
  constructor(
    readonly storage: BookStorage,
    private readonly clock: Clock,
    private readonly holder = 'one',
    private readonly step: Step = () => undefined,
  ) {
    super();
  }

  async count(): Promise<number> {
    return this.act('count', () => this.storage.rows.size);
  }

  async people(after: string | undefined, size: number): Promise<readonly BoundPerson[]> {
    return this.act('people', () => this.find(({ bindingId }) => bindingId > (after ?? '')).slice(0, size));
  }

  async byUserid(userid: string): Promise<readonly BoundPerson[]> {
    return this.act('byUserid', () => this.find((row) => row.userid === userid));
  }

  async byUnionId(unionId: string): Promise<readonly BoundPerson[]> {
    return this.act('byUnionId', () => this.find((row) => row.unionId === unionId));
  }

  async byUser(userId: number): Promise<readonly BoundPerson[]> {
    return this.act('byUser', () => this.find((row) => row.userId === userId));
  }

  async witnesses(except: string, count: number): Promise<readonly BoundPerson[]> {
    return this.act('witnesses', () =>
      this.find(({ unionId, userid, leftAt }) => unionId !== except && userid !== undefined && leftAt === undefined)
        .toSorted((one, other) => other.seenAt - one.seenAt)
        .slice(0, count),
    );
  }

  async here(seen: readonly SeenPerson[]): Promise<readonly Returned[]> {
    return this.act('here', () => seen.flatMap((person) => this.seen(person)));
  }

  async left({ bindingId, userId }: BoundPerson, evidence: Evidence, _origin: Origin): Promise<Conclusion> {
    return this.act('left', () => {
      const { storage } = this;
      const row = storage.rows.get(bindingId);
      const conclusion = conclude({
        isBound: row !== undefined,
        lock: this.lockOf(userId),
        askedAt: evidence.askedAt,
        seenAt: row?.seenAt ?? 0,
        othersHaveLeft: storage.elsewhere.get(userId) ?? [],
        isProtected: storage.protectedIds.has(userId),
        mode: storage.mode,
        counts: this.counts(userId),
      });
      storage.conclusions.push({ userId, conclusion, evidence });
      if (row !== undefined && conclusion !== 'gone') row.leftAt = evidence.askedAt;
      if (conclusion === 'locked') storage.locks.set(userId, { by: 'us', evidence, at: this.clock.now() });
      if (isHeldBy(conclusion)) storage.waitingForAdministrator.add(userId);
      return conclusion;
    });
  }

  async unclear({ userId }: BoundPerson, why: Unclear, _origin: Origin, detail?: string): Promise<void> {
    return this.act('unclear', () => void this.storage.told.push({ userId, why, detail }));
  }

  async note(hints: readonly Hint[]): Promise<readonly Hint[]> {
    return this.act('note', () => {
      const fresh = hints.filter(({ id }) => !this.storage.hints.has(id));
      for (const hint of fresh) this.storage.hints.set(hint.id, { ...hint, isDone: false });
      return fresh;
    });
  }

  async waiting(limit: number): Promise<readonly Hint[]> {
    return this.act('waiting', () => this.storage.undone.slice(0, limit));
  }

  async done(ids: readonly string[]): Promise<void> {
    return this.act('done', () => {
      for (const id of ids) {
        const hint = this.storage.hints.get(id);
        if (hint !== undefined) hint.isDone = true;
      }
    });
  }

  async mark(name: string): Promise<string | undefined> {
    return this.act('mark', () => this.storage.marks.get(name));
  }

  async setMark(name: string, value: string): Promise<void> {
    return this.act('setMark', () => void this.storage.marks.set(name, value));
  }

  async lease(name: string, forMs: number): Promise<boolean> {
    return this.act('lease', () => {
      const held = this.storage.leases.get(name);
      const now = this.clock.now();
      if (held !== undefined && held.holder !== this.holder && held.until > now) return false;
      this.storage.leases.set(name, { holder: this.holder, until: now + forMs });
      return true;
    });
  }

  async state(state: WatchState): Promise<void> {
    return this.act('state', () => void this.storage.states.push(state));
  }

  private seen({ bindingId, unionId, userid, corpId, seenAt }: SeenPerson): Returned[] {
    const { rows, locks, waitingForAdministrator } = this.storage;
    const row = rows.get(bindingId);
    if (row === undefined || row.unionId !== unionId || !isNews(seenAt, row.leftAt)) return [];
    Object.assign(row, { userid, corpId, leftAt: undefined, seenAt: Math.max(seenAt, row.seenAt) });
    waitingForAdministrator.delete(row.userId);
    if (!isUnlockedByReturn(this.lockOf(row.userId))) return [];
    locks.delete(row.userId);
    return [{ userId: row.userId, unionId }];
  }

  private counts(userId: number): Parameters<typeof conclude>[0]['counts'] {
    const { rows, locks, waitingForAdministrator: waiting, hasBrake } = this.storage;
    if (!hasBrake) return { bound: rows.size, lockedLately: 0, waiting: 0 };
    const since = this.clock.now() - BRAKE_WINDOW_MS;
    const bound = new Set([...rows.values()].map((row) => row.userId));
    return {
      bound: rows.size,
      lockedLately: [...locks.values()].filter(({ by, at }) => by === 'us' && at > since).length,
      waiting: [...waiting].filter((id) => id !== userId && bound.has(id)).length,
      isHeld: waiting.has(userId),
    };
  }

  private lockOf(userId: number): BoundPerson['lock'] {
    const by = this.storage.locks.get(userId)?.by;
    if (by === undefined) return 'none';
    return by === 'us' ? 'ours' : 'by_hand';
  }

  private find(is: (row: Row) => boolean): BoundPerson[] {
    return [...this.storage.rows.values()].filter(is).map((row) => ({
      bindingId: row.bindingId,
      userId: row.userId,
      unionId: row.unionId,
      userid: row.userid,
      seenAt: row.seenAt,
      hasLeft: row.leftAt !== undefined,
      lock: this.lockOf(row.userId),
    }));
  }

  private async act<T>(name: string, effect: () => T): Promise<T> {
    await Promise.resolve();
    this.step(name, 'before');
    const result = effect();
    this.step(name, 'after');
    return result;
  }
}
