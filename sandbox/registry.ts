import type { Ids } from './ids.js';
import type { Membership, Person } from './world.types.js';

export interface Member {
  person: Person;
  membership: Membership;
}

/**
 * Finds people by the ids that DingTalk gives them, as fast among 100,000 as among ten. Tests may change people at any time, so the
 * index only says where to look first.
 */
export class Registry {
  /** Person ids by organization and userid. */
  readonly #byUserId = new Map<string, string>();
  readonly #byUnionId = new Map<string, string>();
  readonly #unionIds = new Map<string, string>();

  constructor(
    private readonly people: ReadonlyMap<string, Person>,
    private readonly ids: Ids,
  ) {}

  know(person: Person): void {
    for (const { corpId, userId } of person.memberships) this.#byUserId.set(key(corpId, userId), person.id);
  }

  /** One value per person and developer organization, until the account is migrated. */
  unionIdOf(developerCorpId: string, { id, migrations }: Person): string {
    const who = migrations === 0 ? id : `${id}#${migrations}`;
    const name = key(developerCorpId, who);
    const known = this.#unionIds.get(name);
    if (known !== undefined) return known;
    const made = this.ids.unionId(developerCorpId, who);
    this.#unionIds.set(name, made);
    this.#byUnionId.set(key(developerCorpId, made), id);
    return made;
  }

  byUserId(corpId: string, userId: string): Member | undefined {
    const is = ({ membership }: Member): boolean => membership.userId === userId;
    return this.#find(corpId, this.#byUserId.get(key(corpId, userId)), is);
  }

  /**
   * A member by the unionId that this organization's own applications see. No two people share one, so only the last known owner is
   * checked.
   */
  byUnionId(corpId: string, unionId: string): Member | undefined {
    const is = ({ person }: Member): boolean => this.unionIdOf(corpId, person) === unionId;
    const holder = this.people.get(this.#byUnionId.get(key(corpId, unionId)) ?? '');
    return holder ? memberIf(holder, corpId, is) : this.#find(corpId, undefined, is);
  }

  membersOf(corpId: string): Member[] {
    return [...this.people.values()].flatMap((person) => {
      const membership = membershipIn(person, corpId);
      return membership ? [{ person, membership }] : [];
    });
  }

  clear(): void {
    for (const known of [this.#byUserId, this.#byUnionId, this.#unionIds]) known.clear();
  }

  #find(corpId: string, remembered: string | undefined, is: (member: Member) => boolean): Member | undefined {
    const first = remembered === undefined ? undefined : this.people.get(remembered);
    const found = first && memberIf(first, corpId, is);
    if (found) return found;
    for (const person of this.people.values()) {
      const other = memberIf(person, corpId, is);
      if (other) return other;
    }
    return undefined;
  }
}

const key = (corpId: string, id: string): string => `${corpId}|${id}`;

const membershipIn = (person: Person, corpId: string): Membership | undefined =>
  person.memberships.find((membership) => membership.corpId === corpId);

function memberIf(person: Person, corpId: string, is: (member: Member) => boolean): Member | undefined {
  const membership = membershipIn(person, corpId);
  return membership && is({ person, membership }) ? { person, membership } : undefined;
}
