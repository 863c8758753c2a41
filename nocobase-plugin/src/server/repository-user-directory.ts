import type { Database, Model, Transaction } from '@nocobase/database';
import {
  AlreadyBoundError,
  AmbiguousBindingError,
  type ComparedUser,
  type FieldState,
  fieldState,
  formatToStore,
  type Matches,
  type NewUser,
  nonEmptyString,
  NotUniqueError,
  type PhoneNumber,
  type ProfileField,
  type ProfileValues,
  type Region,
  storedFormats,
  type Subject,
  textToStore,
  UserDirectory,
} from '../../../src/accounts/index.js';
import { MisconfiguredError } from '../../../src/errors/index.js';
import { isTaken, takenField } from './unique-violation.js';

/** `UserDirectory` over NocoBase's own repositories, inside NocoBase: no right is asked for, so every row is checked. */
export class RepositoryUserDirectory extends UserDirectory {
  constructor(
    private readonly db: Database,
    private readonly authenticator: string,
    private readonly home: Region,
  ) {
    super();
  }

  override async findByBinding(subject: Subject): Promise<number | undefined> {
    const { authenticator } = this;
    const rows = await this.db.getRepository('usersAuthenticators').find({ filter: { authenticator, uuid: subject } });
    // A database may compare without regard to case; `uuid` is not unique in NocoBase.
    const bound = rows.filter((row) => row.get('uuid') === subject && row.get('authenticator') === authenticator);
    const ids = bound.map((row) => Number(row.get('userId')));
    if (ids.length > 1) throw new AmbiguousBindingError(ids);
    return ids[0];
  }

  override async exists(userId: number): Promise<boolean> {
    const row = await this.db.getRepository('users').findOne({ filter: { id: userId }, fields: ['id'] });
    return row !== null && Number(row.get('id')) === userId;
  }

  override async compare(userId: number, profile: ProfileValues): Promise<ComparedUser | undefined> {
    const row = await this.db.getRepository('users').findOne({ filter: { id: userId }, appends: this.roleAppends() });
    if (row === null || Number(row.get('id')) !== userId) return undefined;
    return {
      id: userId,
      roles: heldRoles(row),
      fields: new Map([...profile].map(([field, value]) => [field, this.stateOf(row, field, value)])),
    };
  }

  override async update(userId: number, profile: ProfileValues): Promise<readonly ProfileField[]> {
    const fields = [...profile.keys()].filter((field) => this.hasField(field));
    const values = Object.fromEntries(
      fields.map((field) => [field, textToStore(field, profile.get(field) ?? '', this.home)]),
    );
    try {
      const rows =
        fields.length === 0
          ? []
          : await this.db.getRepository('users').update({ filter: { id: userId }, values, whitelist: fields });
      const row = rows.find((updated) => Number(updated.get('id')) === userId);
      return [...profile]
        .filter(([field, value]) => row === undefined || this.stateOf(row, field, value) !== 'same')
        .map(([field]) => field);
    } catch (error) {
      throw isTaken(error) ? new NotUniqueError(takenField(error, fields)) : error;
    }
  }

  override async findMatches(phone: PhoneNumber, email: string | undefined): Promise<Matches> {
    const formats = storedFormats(phone, this.home);
    const byPhone = { phone: { $in: [...formats] } };
    const rows = await this.db.getRepository('users').find({
      filter: email === undefined ? byPhone : { $or: [byPhone, { email: nonEmptyString(email) }] },
      appends: this.roleAppends(),
    });
    const written = new Set<unknown>(formats);
    return {
      byPhone: rows
        .filter((row) => written.has(row.get('phone')))
        .map((row) => ({ id: Number(row.get('id')), roles: heldRoles(row) })),
      emailTaken: email !== undefined && rows.some((row) => row.get('email') === email),
    };
  }

  override async bind(userId: number, subject: Subject, nickname: string): Promise<void> {
    const values = { authenticator: this.authenticator, userId, uuid: subject, nickname };
    try {
      await this.db.getRepository('usersAuthenticators').create({ values });
    } catch (error) {
      // The key of the table is (authenticator, userId).
      throw isTaken(error) ? new AlreadyBoundError(userId) : error;
    }
  }

  /** All or nothing: a user without its binding or its roles would lock the person out at the next attempt. */
  override async register(user: NewUser): Promise<number> {
    try {
      return await this.db.sequelize.transaction(async (transaction) => this.create(user, transaction));
    } catch (error) {
      throw isTaken(error) ? new NotUniqueError(takenField(error, ['phone', 'username', 'email'])) : error;
    }
  }

  private async create(user: NewUser, transaction: Transaction): Promise<number> {
    const { authenticator } = this;
    const created = await this.db.getRepository('users').create({
      transaction,
      values: {
        ...Object.fromEntries([...(user.profile ?? [])].filter(([field]) => this.hasField(field))),
        nickname: user.nickname,
        username: user.username,
        phone: formatToStore(user.phone, this.home),
        ...(user.email === undefined ? {} : { email: user.email }),
        // Without any, NocoBase gives its default role. An unknown name would be dropped: it is looked at below.
        ...(user.roles.length > 0 ? { roles: [...user.roles] } : {}),
      },
    });
    const id = Number(created.get('id'));
    await this.db.getRepository('usersAuthenticators').create({
      transaction,
      values: { authenticator, userId: id, uuid: user.subject, nickname: user.nickname },
    });
    const filter = { id };
    const stored = await this.db.getRepository('users').findOne({ filter, appends: ['roles'], transaction });
    const held = stored === null ? [] : heldRoles(stored);
    const missing = user.roles.filter((role) => !held.includes(role));
    if (missing.length > 0) throw new MisconfiguredError('defaultRoles', `NocoBase has no role ${missing.join(', ')}`);
    if (held.length === 0) throw new MisconfiguredError('defaultRoles', 'NocoBase has no default role');
    return id;
  }

  override async check(): Promise<void> {
    await this.findByBinding(nonEmptyString('readiness-probe'));
  }

  private stateOf(row: Model, field: ProfileField, value: string): FieldState {
    return fieldState(this.hasField(field) ? row.get(field) : undefined, field, value, this.home);
  }

  private hasField(name: string): boolean {
    return this.db.getCollection('users')?.hasField(name) ?? false;
  }

  /** Departments are a plugin of NocoBase's that may be off; then nobody holds a role through one. */
  private roleAppends(): string[] {
    return this.hasField('departments') ? ['roles', 'departments.roles'] : ['roles'];
  }
}

/** Held directly or through a department. */
function heldRoles(user: Model): string[] {
  const departments = listOf(user.get('departments'));
  return [user, ...departments].flatMap((owner) => listOf(owner.get('roles'))).map((role) => String(role.get('name')));
}

function listOf(value: unknown): readonly Model[] {
  return Array.isArray(value) ? (value as readonly Model[]) : [];
}
