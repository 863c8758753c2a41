import type { Database, Model, Transaction } from '@nocobase/database';
import type { Application } from '@nocobase/server';
import {
  AlreadyBoundError,
  AmbiguousBindingError,
  type Binding,
  type BindingsOfUser,
  type BoundToSubject,
  type ComparedUser,
  type FieldState,
  fieldState,
  formatToStore,
  type Matches,
  type NewBinding,
  type NewUser,
  nonEmptyString,
  NotUniqueError,
  numberIn,
  onlyOrganization,
  type PhoneNumber,
  plainBinding,
  plainProfile,
  plainUser,
  type ProfileField,
  type ProfileValues,
  type Region,
  storedFormats,
  type Subject,
  type TakenOver,
  textToStore,
  UserDirectory,
  writeOrPlain,
} from '../../../src/core/accounts/index.js';
import { namesRoot } from '../../../src/core/settings/index.js';
import { MisconfiguredError } from '../../../src/core/errors/index.js';
import { AUTH_TYPE, bindingMeta, readBindingMark } from '../../../src/core/plugin-protocol/index.js';
import { modelOf } from './model-of.js';
import { endLatest, endOlder, runningSessions } from './running-sessions.js';
import { settings } from './settings.js';
import { isRefusedRow, isTaken, takenField } from './unique-violation.js';
import { DETAIL } from './texts.js';

/** `UserDirectory` over NocoBase's own repositories, inside NocoBase: they check no rights, so every record is checked here. */
export class RepositoryUserDirectory extends UserDirectory {
  constructor(
    private readonly app: Application,
    private readonly authenticator: string,
    private readonly home: Region,
  ) {
    super();
  }

  private get db(): Database {
    return this.app.db;
  }

  override async findByBinding(subject: Subject): Promise<BoundToSubject> {
    const { authenticator } = this;
    const table = modelOf(this.db, 'usersAuthenticators');
    const all = await table.findAll({ where: { uuid: subject }, attributes: OF_BINDINGS });
    // A database may compare case-insensitively; `uuid` is not unique in NocoBase.
    const rows = all.map(readBinding).filter((row) => row.subject === subject);
    const here = rows.filter((row) => row.authenticator === authenticator).map(({ userId }) => userId);
    if (here.length > 1) throw new AmbiguousBindingError(here);
    if (here[0] !== undefined) return { here: here[0], elsewhere: [] };
    return { here: undefined, elsewhere: (await this.kindsOf(rows)).bindings };
  }

  override async bindingsOf(userId: number): Promise<BindingsOfUser> {
    const rows = await this.db.getRepository('usersAuthenticators').find({ filter: { userId }, fields: OF_BINDINGS });
    return this.kindsOf(rows.map(readBinding).filter((row) => row.userId === userId));
  }

  /** The bindings that belong to our provider: by their mark, otherwise by their authenticator. */
  private async kindsOf(rows: readonly BindingRow[]): Promise<BindingsOfUser> {
    const unclear = rows.filter(
      ({ mark, authenticator }) => mark?.organization === undefined && authenticator !== this.authenticator,
    );
    const others = await this.othersOf(unclear.map(({ authenticator }) => authenticator));
    const bindings = rows.flatMap(({ userId, subject, authenticator, mark }): Binding[] => {
      const isKnown = mark !== undefined || authenticator === this.authenticator;
      const other = others.get(authenticator);
      const isOurs = isKnown ? true : kindOf(other?.type);
      const organization = mark?.organization ?? other?.organization;
      return isOurs === false ? [] : [{ userId, subject, authenticator, isOurs, organization }];
    });
    return { bindings, hasOthers: bindings.length < rows.length };
  }

  /** Bindings outlive an authenticator that was renamed, or deleted without going through NocoBase. */
  private async othersOf(names: readonly string[]): Promise<ReadonlyMap<string, OtherAuthenticator>> {
    if (names.length === 0) return new Map();
    const rows = await this.db.getRepository('authenticators').find({ filter: { name: { $in: [...new Set(names)] } } });
    return new Map(
      rows.map((row) => {
        const type = String(row.get('authType'));
        const read = type === AUTH_TYPE ? settings.safeParse(row.get('options') ?? {}).data : undefined;
        return [String(row.get('name')), { type, organization: onlyOrganization(read?.corpIds ?? []) }];
      }),
    );
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
    return writeOrPlain(
      profile,
      plainProfile(profile),
      async (values) => this.writeFields(userId, values),
      isRefusedRow,
    );
  }

  private async writeFields(userId: number, profile: ProfileValues): Promise<readonly ProfileField[]> {
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

  override async findMatches(phone: PhoneNumber | undefined, email: string | undefined): Promise<Matches> {
    const formats = phone === undefined ? [] : [...storedFormats(phone, this.home)];
    const conditions = [
      ...(formats.length === 0 ? [] : [{ phone: { $in: formats } }]),
      ...(email === undefined ? [] : [{ email: nonEmptyString(email) }]),
    ];
    // An empty filter would match every user, and the first one would be taken.
    if (conditions.length === 0) return { byPhone: [], emailTaken: false };
    const rows = await this.db
      .getRepository('users')
      .find({ filter: { $or: conditions }, appends: this.roleAppends() });
    return {
      byPhone: rows
        .filter((row) => phone !== undefined && this.numberOf(row) === phone)
        .map((row) => ({ id: Number(row.get('id')), roles: heldRoles(row) })),
      emailTaken: email !== undefined && rows.some((row) => row.get('email') === email),
    };
  }

  override async bind(userId: number, binding: NewBinding): Promise<void> {
    await this.writeBinding(userId, binding, async () => undefined);
  }

  /** All or nothing: a bound account that someone else is still signed in to is worse than a failed sign-in. */
  override async takeOver(userId: number, binding: NewBinding): Promise<TakenOver> {
    const sessions = await runningSessions(this.app, userId);
    const usedBefore = sessions.any || (await this.hasPassword(userId));
    await this.writeBinding(userId, binding, async (transaction) => {
      if (usedBefore) await endOlder(this.app, sessions, transaction);
    });
    await endLatest(this.app, sessions);
    return { usedBefore, sessionsEnded: usedBefore };
  }

  /** A transaction in which an insert failed is aborted: the second attempt needs its own. */
  private async writeBinding(
    userId: number,
    binding: NewBinding,
    andThen: (transaction: Transaction) => Promise<void>,
  ): Promise<void> {
    const write = async (values: NewBinding): Promise<void> =>
      this.db.sequelize.transaction(async (transaction) => {
        await this.write(userId, values, transaction);
        await andThen(transaction);
      });
    await writeOrPlain(binding, plainBinding(binding), write, isRefusedRow);
  }

  private async write(userId: number, binding: NewBinding, transaction: Transaction): Promise<void> {
    const { subject, nickname, organization } = binding;
    const values = {
      authenticator: this.authenticator,
      userId,
      uuid: subject,
      nickname,
      meta: bindingMeta(organization),
    };
    try {
      await this.db.getRepository('usersAuthenticators').create({ values, transaction });
    } catch (error) {
      // The key of the table is (authenticator, userId).
      throw isTaken(error) ? new AlreadyBoundError(userId) : error;
    }
  }

  private async hasPassword(userId: number): Promise<boolean> {
    const row = await this.db.getRepository('users').findOne({ filter: { id: userId }, fields: ['id', 'password'] });
    return typeof row?.get('password') === 'string' && row.get('password') !== '';
  }

  /** All or nothing: a user without the binding or the roles would lock the person out at the next attempt. */
  override async register(user: NewUser): Promise<number> {
    // As on saving: for settings written without going through NocoBase, no other check prevents the role root.
    if (namesRoot(user.roles)) throw new MisconfiguredError('defaultRoles', DETAIL.rootRole.en);
    const create = async (values: NewUser): Promise<number> =>
      this.db.sequelize.transaction(async (transaction) => this.create(values, transaction));
    try {
      return await writeOrPlain(user, plainUser(user), create, isRefusedRow);
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
        ...(user.phone === undefined ? {} : { phone: formatToStore(user.phone, this.home) }),
        ...(user.email === undefined ? {} : { email: user.email }),
        // Without any, NocoBase assigns its default role. It would drop an unknown name, so names are checked below.
        ...(user.roles.length > 0 ? { roles: [...user.roles] } : {}),
      },
    });
    const id = Number(created.get('id'));
    await this.db.getRepository('usersAuthenticators').create({
      transaction,
      values: {
        authenticator,
        userId: id,
        uuid: user.subject,
        nickname: user.nickname,
        meta: bindingMeta(user.organization),
      },
    });
    const filter = { id };
    const stored = await this.db.getRepository('users').findOne({ filter, appends: ['roles'], transaction });
    const held = stored === null ? [] : heldRoles(stored);
    const missing = user.roles.filter((role) => !held.includes(role));
    if (missing.length > 0) throw new MisconfiguredError('defaultRoles', DETAIL.noRole(missing.join(', ')).en);
    if (held.length === 0) throw new MisconfiguredError('defaultRoles', DETAIL.noDefaultRole.en);
    return id;
  }

  override async check(): Promise<void> {
    await this.findByBinding(nonEmptyString('readiness-probe'));
  }

  private stateOf(row: Model, field: ProfileField, value: string): FieldState {
    return fieldState(this.hasField(field) ? row.get(field) : undefined, field, value, this.home);
  }

  /** Compared as parsed numbers, not as text: a database may pad values with spaces, or fold characters. */
  private numberOf(row: Model): PhoneNumber | undefined {
    const stored: unknown = row.get('phone');
    return typeof stored === 'string' ? numberIn(stored, this.home) : undefined;
  }

  private hasField(name: string): boolean {
    return this.db.getCollection('users')?.hasField(name) ?? false;
  }

  /** Departments are a NocoBase plugin that may be off; then nobody holds a role through one. */
  private roleAppends(): string[] {
    return this.hasField('departments') ? ['roles', 'departments.roles'] : ['roles'];
  }
}

/** A record of `usersAuthenticators`. */
interface BindingRow {
  readonly userId: number;
  readonly subject: string;
  readonly authenticator: string;
  readonly mark: ReturnType<typeof readBindingMark>;
}

/** Read for every returning person, so the other columns are left out. */
const OF_BINDINGS = ['userId', 'uuid', 'authenticator', 'meta'];

function readBinding(row: Model): BindingRow {
  return {
    userId: Number(row.get('userId')),
    subject: String(row.get('uuid')),
    authenticator: String(row.get('authenticator')),
    mark: readBindingMark(row.get('meta')),
  };
}

interface OtherAuthenticator {
  readonly type: string;
  readonly organization: string | undefined;
}

/** Whether bindings of such an authenticator belong to our provider. An old one of a deleted authenticator might. */
function kindOf(authType: string | undefined): boolean | 'unknown' {
  return authType === undefined ? 'unknown' : authType === AUTH_TYPE;
}

/** Held directly or through a department. */
function heldRoles(user: Model): string[] {
  const departments = listOf(user.get('departments'));
  return [user, ...departments].flatMap((owner) => listOf(owner.get('roles'))).map((role) => String(role.get('name')));
}

function listOf(value: unknown): readonly Model[] {
  return Array.isArray(value) ? (value as readonly Model[]) : [];
}
