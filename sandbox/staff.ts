import type { Clock } from './clock.js';
import type { Ids } from './ids.js';
import type { Departure, LeaveReason, Membership, NewMembership, Person, StaffChange } from './world.types.js';

export interface Leaving {
  /** Default: the first organization that the person works for. */
  corpId?: string | undefined;
  reason?: LeaveReason | undefined;
  /** Whether DingTalk reports it. Default: yes. */
  event?: boolean | undefined;
}

export interface Joining extends Partial<Omit<NewMembership, 'corpId'>> {
  /** Default: the organization that the person left last. */
  corpId?: string | undefined;
  event?: boolean | undefined;
}

/** A change of the world. */
interface Members {
  person(personId: string): Person;
  addMembership(personId: string, input: NewMembership): Membership;
}

/** Joins and leaves. People who leave stay in the world, and may return with another userid. */
export class Staff {
  /** In the order of leaving. */
  readonly departures: Departure[] = [];
  readonly #listeners: ((change: StaffChange) => void)[] = [];

  constructor(
    private readonly world: Members,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** Called for each change, unless it is silent. */
  onChange(listener: (change: StaffChange) => void): void {
    this.#listeners.push(listener);
  }

  leave(personId: string, { corpId, reason = 'delete', event = true }: Leaving = {}): Departure {
    const person = this.world.person(personId);
    const membership = person.memberships.find((candidate) => candidate.corpId === (corpId ?? candidate.corpId));
    if (!membership) throw new Error(`The sandbox knows no membership of "${personId}" that could end`);
    person.memberships = person.memberships.filter((other) => other !== membership);
    const departure = { personId, membership, reason, at: this.clock.now() };
    this.departures.push(departure);
    if (event) this.#tell('user_leave_org', membership);
    return departure;
  }

  /** Joins for the first time, or returns: then with the previous attributes, but a new userid unless one is given. */
  join(personId: string, { event = true, ...given }: Joining = {}): Membership {
    const before = this.departures.findLast(
      (departure) =>
        departure.personId === personId &&
        departure.membership.corpId === (given.corpId ?? departure.membership.corpId),
    );
    const corpId = given.corpId ?? before?.membership.corpId;
    if (corpId === undefined) throw new Error(`The sandbox knows no organization that "${personId}" could join`);
    const times = this.departures.filter((departure) => departure.personId === personId).length;
    const userId = this.ids.userId(corpId, times === 0 ? personId : `${personId}#${times}`);
    const membership = this.world.addMembership(personId, { ...before?.membership, userId, ...defined(given), corpId });
    if (event) this.#tell('user_add_org', membership);
    return membership;
  }

  /** Migrates the account to or from an enterprise account: the same userid has other unionIds from now on. */
  migrate(personId: string): void {
    this.world.person(personId).migrations += 1;
  }

  clear(): void {
    this.departures.length = 0;
  }

  #tell(type: StaffChange['type'], { corpId, userId }: Membership): void {
    for (const listener of this.#listeners) listener({ type, corpId, userIds: [userId] });
  }
}

const defined = <T extends object>(input: T): Partial<T> =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Partial<T>;
