import { setImmediate as nextTurn } from 'node:timers/promises';
import { MisconfiguredError } from '../../src/core/errors/index.js';
import {
  AlreadyBoundError,
  AmbiguousBindingError,
  type Binding,
  type BindingsOfUser,
  type BoundToSubject,
  type ComparedUser,
  type FieldState,
  type Matches,
  type NewBinding,
  type NewUser,
  NotUniqueError,
  type PhoneNumber,
  phoneNumber,
  formatToStore,
  numberIn,
  storedFormats,
  type ProfileField,
  type ProfileValues,
  type Subject,
  UserDirectory,
} from '../../src/core/accounts/index.js';

export interface SeedUser {
  /** As it was typed. */
  readonly phone?: string;
  readonly username?: string;
  readonly email?: string;
  readonly roles?: readonly string[];
  /** The other fields of the record. */
  readonly profile?: Readonly<Record<string, string>>;
}

export interface StoredUser extends SeedUser {
  readonly id: number;
  readonly nickname: string;
  readonly roles: readonly string[];
}

/** The region of numbers without a country code in this directory. */
const HOME = 'CN';

/** A record of `usersAuthenticators`. */
interface BindingRow {
  readonly userId: number;
  readonly subject: string;
  readonly authenticator: string;
  /** Our mark; undefined if there is none. */
  readonly mark?: { readonly organization?: string | undefined };
}

/**
 * NocoBase's users and bindings with its constraints: phone, username and email are unique, one binding for each user and
 * authenticator, subjects are not unique. Every call waits for one turn of the event loop before it acts, so that concurrent calls
 * interleave.
 */
export class InMemoryUserDirectory extends UserDirectory {
  readonly users: StoredUser[];
  readonly bindings: BindingRow[];
  /** Types of the other authenticators. */
  readonly otherAuthenticators: Map<string, string>;
  /** Names of the methods that were called, in order. */
  readonly calls: string[] = [];
  /** The custom fields of this installation. */
  readonly customFields = new Set(['avatarUrl', 'jobNumber', 'jobTitle']);
  readonly uniqueFields = new Set(['phone', 'email', 'jobNumber']);
  /** Fields that the key may read, but not write. */
  readonly readOnly = new Set<string>();
  readonly defaultRole = 'member';
  readonly knownRoles = new Set(['root', 'admin', 'member', 'guest']);

  /** @param of the directory of another authenticator of the same NocoBase */
  constructor(
    readonly authenticator = 'dingtalk',
    of?: InMemoryUserDirectory,
  ) {
    super();
    this.users = of?.users ?? [];
    this.bindings = of?.bindings ?? [];
    this.otherAuthenticators = of?.otherAuthenticators ?? new Map();
  }

  at(authenticator: string): InMemoryUserDirectory {
    return new InMemoryUserDirectory(authenticator, this);
  }

  private get nextId(): number {
    return Math.max(1, ...this.users.map(({ id }) => id)) + 1;
  }

  seedUser(user: SeedUser, id = this.nextId): number {
    this.users.push({ nickname: `user ${id}`, ...user, id, roles: user.roles ?? [this.defaultRole] });
    return id;
  }

  seedBinding(userId: number, subject: string, at: Partial<Pick<BindingRow, 'authenticator' | 'mark'>> = {}): void {
    this.bindings.push({ userId, subject, authenticator: this.authenticator, ...at });
  }

  user(id: number): StoredUser | undefined {
    return this.users.find((user) => user.id === id);
  }

  override async findByBinding(subject: Subject): Promise<BoundToSubject> {
    await this.turn('findByBinding');
    const rows = this.bindings.filter((binding) => binding.subject === subject);
    const here = rows.filter(({ authenticator }) => authenticator === this.authenticator).map(({ userId }) => userId);
    if (here.length > 1) throw new AmbiguousBindingError(here);
    return here.length === 1 ? { here: here[0], elsewhere: [] } : { here: undefined, elsewhere: this.ours(rows) };
  }

  override async bindingsOf(userId: number): Promise<BindingsOfUser> {
    await this.turn('bindingsOf');
    const rows = this.bindings.filter((binding) => binding.userId === userId);
    const bindings = this.ours(rows);
    return { bindings, hasOthers: bindings.length < rows.length };
  }

  private ours(rows: readonly BindingRow[]): Binding[] {
    return rows.flatMap(({ userId, subject, authenticator, mark }): Binding[] => {
      const type = authenticator === this.authenticator ? 'DingTalk' : this.otherAuthenticators.get(authenticator);
      if (mark === undefined && type !== undefined && type !== 'DingTalk') return [];
      const isOurs = mark !== undefined || type !== undefined ? true : 'unknown';
      return [{ userId, subject, authenticator, isOurs, organization: mark?.organization }];
    });
  }

  override async exists(userId: number): Promise<boolean> {
    await this.turn('exists');
    return this.user(userId) !== undefined;
  }

  override async compare(userId: number, profile: ProfileValues): Promise<ComparedUser | undefined> {
    await this.turn('compare');
    const user = this.user(userId);
    return user === undefined ? undefined : { id: userId, roles: user.roles, fields: this.states(user, profile) };
  }

  override async update(userId: number, profile: ProfileValues): Promise<readonly ProfileField[]> {
    await this.turn('update');
    const others = this.users.filter(({ id }) => id !== userId);
    const written = [...profile].filter(([field]) => this.hasField(field) && !this.readOnly.has(field));
    for (const [field, value] of written) {
      const stored = this.textToStore(field, value);
      if (this.uniqueFields.has(field) && others.some((other) => this.textIn(other, field) === stored))
        throw new NotUniqueError(field);
    }
    const at = this.users.findIndex(({ id }) => id === userId);
    const before = this.users[at];
    if (before === undefined) throw new Error(`no user ${userId}`);
    const basic = written.filter(([field]) => !this.customFields.has(field));
    const custom = written.filter(([field]) => this.customFields.has(field));
    const texts = (some: typeof written) =>
      Object.fromEntries(some.map(([field, value]) => [field, this.textToStore(field, value)]));
    const after = { ...before, ...texts(basic), profile: { ...before.profile, ...texts(custom) } };
    this.users[at] = after;
    return [...this.states(after, profile)].filter(([, state]) => state !== 'same').map(([field]) => field);
  }

  private states(user: StoredUser, profile: ProfileValues): ReadonlyMap<ProfileField, FieldState> {
    return new Map(
      [...profile].map(([field, value]) => {
        if (!this.hasField(field)) return [field, 'hidden'];
        const stored = this.textIn(user, field);
        if (stored === undefined || stored === '') return [field, 'empty'];
        const phone = field === 'phone' ? phoneNumber(value) : undefined;
        const isSame = phone === undefined ? stored === value : numberIn(stored, HOME) === phone;
        return [field, isSame ? 'same' : 'other'];
      }),
    );
  }

  private hasField(field: string): boolean {
    return this.customFields.has(field) || ['nickname', 'phone', 'email'].includes(field);
  }

  private textIn(user: StoredUser, field: string): string | undefined {
    const text: unknown = Reflect.get(this.customFields.has(field) ? (user.profile ?? {}) : user, field);
    return typeof text === 'string' ? text : undefined;
  }

  private textToStore(field: ProfileField, value: string): string {
    const phone = field === 'phone' ? phoneNumber(value) : undefined;
    return phone === undefined ? value : formatToStore(phone, HOME);
  }

  override async findMatches(phone: PhoneNumber | undefined, email: string | undefined): Promise<Matches> {
    await this.turn('findMatches');
    const written = new Set<string>(phone === undefined ? [] : storedFormats(phone, HOME));
    return {
      byPhone: this.users
        .filter((user) => user.phone !== undefined && written.has(user.phone))
        .map(({ id, roles }) => ({ id, roles })),
      emailTaken: email !== undefined && this.users.some((user) => user.email === email),
    };
  }

  override async bind(userId: number, { subject, organization }: NewBinding): Promise<void> {
    await this.turn('bind');
    const { authenticator } = this;
    const isTaken = this.bindings.some((row) => row.userId === userId && row.authenticator === authenticator);
    if (isTaken) throw new AlreadyBoundError(userId);
    this.bindings.push({ userId, subject, authenticator, mark: { organization } });
  }

  override async register(user: NewUser): Promise<number> {
    await this.turn('register');
    const phone = user.phone === undefined ? undefined : formatToStore(user.phone, HOME);
    const { nickname, username, email, subject } = user;
    const unknown = user.roles.filter((role) => !this.knownRoles.has(role));
    if (unknown.length > 0) throw new MisconfiguredError('DINGTALK_DEFAULT_ROLES', `no role ${unknown.join(', ')}`);
    if (phone !== undefined && this.users.some((other) => other.phone === phone)) throw new NotUniqueError('phone');
    if (this.users.some((other) => other.username === username)) throw new NotUniqueError('username');
    if (email !== undefined && this.users.some((other) => other.email === email)) throw new NotUniqueError('email');
    const roles = user.roles.length > 0 ? user.roles : [this.defaultRole];
    const profile = [...(user.profile ?? [])].filter(([field]) => this.customFields.has(field));
    const taken = profile.some(
      ([field, value]) =>
        this.uniqueFields.has(field) && this.users.some((other) => this.textIn(other, field) === value),
    );
    if (taken) throw new NotUniqueError('unknown');
    const id = this.nextId;
    this.users.push({
      id,
      nickname,
      username,
      ...(phone === undefined ? {} : { phone }),
      ...(email === undefined ? {} : { email }),
      roles,
      ...(profile.length === 0 ? {} : { profile: Object.fromEntries(profile) }),
    });
    this.bindings.push({
      userId: id,
      subject,
      authenticator: this.authenticator,
      mark: { organization: user.organization },
    });
    return id;
  }

  override async check(): Promise<void> {
    await this.turn('check');
  }

  private async turn(method: string): Promise<void> {
    this.calls.push(method);
    await nextTurn();
  }
}
