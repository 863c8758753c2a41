import { z } from 'zod';
import { BRAKE_WINDOW_MS, type Hint, ORIGINS } from '../../core/leavers/index.js';
import { hasLeft, type Known, MAX_HINTS, REMEMBERED_MS, type Reserved, type Seen, UNKNOWN } from './leaver-memory.js';
import { StoreUnavailableError } from '../../core/sign-in/index.js';
import { DETAIL } from '../../core/texts/index.js';

/**
 * Limit for a file or the memory of one process; for more people use Redis. Each takes about 80 bytes in the file,
 * which every change writes as a whole, and 800 in memory.
 */
export const MAX_PEOPLE = 200_000;
const MAX_MARKS = 100;

const time = z.number().nonnegative();
const id = z.string().min(1).max(128);
const hint = z.object({
  id,
  kind: z.enum(['left', 'joined', 'ask']),
  origin: z.enum(ORIGINS),
  userid: id.optional(),
  userId: z.int().optional(),
  at: time,
});

/** Userid, and the three times. */
type StoredPerson = readonly [userid: string, seenAt: number, leftAt: number, endedFor: number];

/** By hand: a schema takes seconds for many people, and the gateway does nothing else meanwhile. */
function arePeople(given: unknown): boolean {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return false;
  for (const key of Object.keys(given)) {
    if (key.length > 256 || !isPerson((given as Record<string, unknown>)[key])) return false;
  }
  return true;
}

function isPerson(given: unknown): boolean {
  if (!Array.isArray(given) || given.length !== 4) return false;
  const userid: unknown = given[0];
  return typeof userid === 'string' && userid.length <= 128 && isTime(given[1]) && isTime(given[2]) && isTime(given[3]);
}

function isTime(given: unknown): boolean {
  return typeof given === 'number' && given >= 0 && given < Infinity;
}

/** The stored format: short, because there may be many people. */
export const leaverState = z.object({
  version: z.literal(1),
  people: z.custom<Readonly<Record<string, StoredPerson>>>(arePeople),
  held: z.array(z.string().max(256)),
  lately: z.record(z.string().max(256), time),
  hints: z.array(hint).max(MAX_HINTS),
  done: z.record(z.string(), time),
  marks: z.record(z.string(), z.string().max(200)),
  leases: z.record(z.string(), z.tuple([z.string().max(128), time])),
});
export type LeaverState = z.output<typeof leaverState>;

interface Person {
  userid: string | undefined;
  seenAt: number;
  leftAt: number;
  endedFor: number;
  /** As it is stored, until it changes. */
  written?: string | undefined;
}

/** The data of one process, which a file may store. No I/O, and every change is atomic. */
export class LeaverRecords {
  private readonly people = new Map<string, Person>();
  private readonly keys = new Map<string, string>();
  private readonly held = new Set<string>();
  private readonly lately = new Map<string, number>();
  private readonly hints = new Map<string, Hint>();
  private readonly handled = new Map<string, number>();
  private readonly marks = new Map<string, string>();
  private readonly leases = new Map<string, readonly [holder: string, until: number]>();

  static of(state: LeaverState): LeaverRecords {
    const records = new LeaverRecords();
    for (const [key, [userid, seenAt, leftAt, endedFor]] of Object.entries(state.people)) {
      records.people.set(key, { userid: userid === '' ? undefined : userid, seenAt, leftAt, endedFor });
      if (userid !== '') records.keys.set(userid, key);
    }
    for (const key of state.held) records.held.add(key);
    for (const [key, at] of Object.entries(state.lately)) records.lately.set(key, at);
    for (const { userid, userId, ...rest } of state.hints) {
      records.hints.set(rest.id, {
        ...rest,
        ...(userid === undefined ? {} : { userid }),
        ...(userId === undefined ? {} : { userId }),
      });
    }
    for (const [name, at] of Object.entries(state.done)) records.handled.set(name, at);
    for (const [name, value] of Object.entries(state.marks)) records.marks.set(name, value);
    for (const [name, lease] of Object.entries(state.leases)) records.leases.set(name, lease);
    return records;
  }

  /** In the stored format. Only people who changed are written anew, because every change stores everything. */
  get text(): string {
    const people: string[] = [];
    for (const [key, person] of this.people) people.push((person.written ??= asText(key, person)));
    const others: Omit<LeaverState, 'people'> = {
      version: 1,
      held: [...this.held],
      lately: Object.fromEntries(this.lately),
      hints: [...this.hints.values()],
      done: Object.fromEntries(this.handled),
      marks: Object.fromEntries(this.marks),
      leases: Object.fromEntries([...this.leases].map(([name, [holder, until]]) => [name, [holder, until]])),
    };
    return `${JSON.stringify(others).slice(0, -1)},"people":{${people.join(',')}}}`;
  }

  /** Whether there is no room for another person. */
  get isFull(): boolean {
    return this.people.size >= MAX_PEOPLE;
  }

  known(keys: readonly string[]): readonly Known[] {
    return keys.map((key) => {
      const { userid, seenAt, leftAt, endedFor } = this.people.get(key) ?? UNKNOWN;
      return { userid, seenAt, leftAt, endedFor };
    });
  }

  keyOf(userid: string): string | undefined {
    return this.keys.get(userid);
  }

  seenLast(count: number): readonly string[] {
    return [...this.people]
      .filter(([, person]) => person.seenAt > 0 && !hasLeft(person))
      .toSorted(([, one], [, other]) => other.seenAt - one.seenAt)
      .slice(0, count)
      .map(([key]) => key);
  }

  seen(people: readonly Seen[]): readonly string[] {
    return people
      .filter(({ key, userid, seenAt }) => {
        // Beyond the limit no more people are known, so no more can be locked.
        if (!this.people.has(key) && this.isFull) return false;
        const person = this.person(key);
        if (seenAt >= person.seenAt && person.userid !== userid) {
          person.userid = userid;
          this.keys.set(userid, key);
        }
        person.seenAt = Math.max(person.seenAt, seenAt);
        if (!hasLeft(person)) this.held.delete(key);
        const isBack = person.endedFor > 0 && person.endedFor <= seenAt;
        if (isBack) person.endedFor = 0;
        return isBack;
      })
      .map(({ key }) => key);
  }

  left(key: string, askedAt: number): void {
    const person = this.person(key);
    person.leftAt = Math.max(person.leftAt, askedAt);
  }

  reserve(key: string, now: number): Reserved {
    for (const [other, at] of this.lately) if (at <= now - BRAKE_WINDOW_MS) this.lately.delete(other);
    this.lately.set(key, now);
    const isHeld = this.held.has(key);
    return { lately: this.lately.size - 1, waiting: this.held.size - Number(isHeld), isHeld };
  }

  release(key: string): void {
    this.lately.delete(key);
  }

  ended(key: string, askedAt: number): void {
    const person = this.person(key);
    person.endedFor = Math.max(person.endedFor, askedAt);
    this.held.delete(key);
  }

  hold(key: string): void {
    this.held.add(key);
  }

  heldFirst(count: number): readonly string[] {
    return [...this.held].slice(0, count);
  }

  letGo(keys: readonly string[]): void {
    for (const key of keys) this.held.delete(key);
  }

  note(hints: readonly Hint[], now: number): readonly Hint[] {
    for (const [name, at] of this.handled) if (at <= now - REMEMBERED_MS) this.handled.delete(name);
    const fresh = hints.filter((one) => !this.hints.has(one.id) && !this.handled.has(one.id));
    if (this.hints.size + fresh.length > MAX_HINTS) throw new StoreUnavailableError(DETAIL.store.full.en);
    for (const one of fresh) this.hints.set(one.id, one);
    return fresh;
  }

  waiting(limit: number): readonly Hint[] {
    return [...this.hints.values()].toSorted((one, other) => one.at - other.at).slice(0, limit);
  }

  done(ids: readonly string[], now: number): void {
    for (const name of ids) {
      if (this.hints.delete(name)) this.handled.set(name, now);
    }
    // Oldest first: the order in which they were added.
    for (const name of this.handled.keys()) {
      if (this.handled.size <= MAX_HINTS) return;
      this.handled.delete(name);
    }
  }

  mark(name: string): string | undefined {
    return this.marks.get(name);
  }

  setMark(name: string, value: string): void {
    if (!this.marks.has(name) && this.marks.size >= MAX_MARKS) throw new StoreUnavailableError(DETAIL.store.full.en);
    this.marks.set(name, value);
  }

  lease(name: string, holder: string, forMs: number, now: number): boolean {
    const [other, until] = this.leases.get(name) ?? [holder, 0];
    if (other !== holder && until > now) return false;
    this.leases.set(name, [holder, now + forMs]);
    return true;
  }

  /** To be changed. */
  private person(key: string): Person {
    const known = this.people.get(key);
    if (known !== undefined) {
      known.written = undefined;
      return known;
    }
    if (this.isFull) throw new StoreUnavailableError(DETAIL.store.full.en);
    const made: Person = { ...UNKNOWN };
    this.people.set(key, made);
    return made;
  }
}

function asText(key: string, { userid = '', seenAt, leftAt, endedFor }: Person): string {
  const person: StoredPerson = [userid, seenAt, leftAt, endedFor];
  return `${JSON.stringify(key)}:${JSON.stringify(person)}`;
}
