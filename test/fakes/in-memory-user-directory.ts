import { setImmediate as nextTurn } from 'node:timers/promises';
import { MisconfiguredError } from '../../src/errors/index.js';
import {
  AlreadyBoundError,
  AmbiguousBindingError,
  type Matches,
  type NewUser,
  NotUniqueError,
  type PhoneNumber,
  type Subject,
  UserDirectory,
} from '../../src/nocobase-client/index.js';
import { formatToStore, storedFormats } from '../../src/nocobase-client/phone-number.js';

export interface SeedUser {
  /** As somebody typed it: it is compared as it is. */
  readonly phone?: string;
  readonly username?: string;
  readonly email?: string;
  readonly roles?: readonly string[];
}

export interface StoredUser extends SeedUser {
  readonly id: number;
  readonly nickname: string;
  readonly roles: readonly string[];
}

interface Binding {
  readonly userId: number;
  readonly subject: string;
}

/**
 * NocoBase's users and bindings as its rules are: phone, username and e-mail unique, one binding a user, subjects not
 * unique. Every call takes a turn of the event loop before it acts, so that calls made together interleave.
 */
export class InMemoryUserDirectory extends UserDirectory {
  readonly users: StoredUser[] = [];
  readonly bindings: Binding[] = [];
  /** Names of the methods that were called, in order. */
  readonly calls: string[] = [];
  readonly defaultRole = 'member';
  readonly knownRoles = new Set(['root', 'admin', 'member', 'guest']);
  private nextId = 2;

  seedUser(user: SeedUser, id = this.nextId++): number {
    this.users.push({ nickname: `user ${id}`, ...user, id, roles: user.roles ?? [this.defaultRole] });
    return id;
  }

  seedBinding(userId: number, subject: string): void {
    this.bindings.push({ userId, subject });
  }

  user(id: number): StoredUser | undefined {
    return this.users.find((user) => user.id === id);
  }

  override async findByBinding(subject: Subject): Promise<number | undefined> {
    await this.turn('findByBinding');
    const bound = this.bindings.filter((binding) => binding.subject === subject);
    if (bound.length > 1) throw new AmbiguousBindingError(bound.map(({ userId }) => userId));
    return bound[0]?.userId;
  }

  override async exists(userId: number): Promise<boolean> {
    await this.turn('exists');
    return this.user(userId) !== undefined;
  }

  override async findMatches(phone: PhoneNumber, email: string | undefined): Promise<Matches> {
    await this.turn('findMatches');
    const written = new Set<string>(storedFormats(phone));
    return {
      byPhone: this.users
        .filter((user) => user.phone !== undefined && written.has(user.phone))
        .map(({ id, roles }) => ({ id, roles })),
      emailTaken: email !== undefined && this.users.some((user) => user.email === email),
    };
  }

  override async bind(userId: number, subject: Subject, _nickname: string): Promise<void> {
    await this.turn('bind');
    if (this.bindings.some((binding) => binding.userId === userId)) throw new AlreadyBoundError(userId);
    this.bindings.push({ userId, subject });
  }

  override async register(user: NewUser): Promise<number> {
    await this.turn('register');
    const phone = formatToStore(user.phone);
    const { nickname, username, email, subject } = user;
    const unknown = user.roles.filter((role) => !this.knownRoles.has(role));
    if (unknown.length > 0) throw new MisconfiguredError('DINGTALK_DEFAULT_ROLES', `no role ${unknown.join(', ')}`);
    if (this.users.some((other) => other.phone === phone)) throw new NotUniqueError('phone');
    if (this.users.some((other) => other.username === username)) throw new NotUniqueError('username');
    if (email !== undefined && this.users.some((other) => other.email === email)) throw new NotUniqueError('email');
    const roles = user.roles.length > 0 ? user.roles : [this.defaultRole];
    const id = this.nextId++;
    this.users.push({ id, nickname, username, phone, ...(email === undefined ? {} : { email }), roles });
    this.bindings.push({ userId: id, subject });
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
