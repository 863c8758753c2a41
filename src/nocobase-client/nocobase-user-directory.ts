import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import {
  AlreadyBoundError,
  AmbiguousBindingError,
  type Binding,
  type BindingsOfUser,
  type BoundToSubject,
  type ComparedUser,
  DEFAULT_REGION,
  type FieldState,
  fieldState,
  formatToStore,
  type Matches,
  MissingRightError,
  type NewBinding,
  type NewUser,
  nonEmptyString,
  NotUniqueError,
  numberIn,
  type PhoneNumber,
  plainBinding,
  plainProfile,
  plainUser,
  type ProfileField,
  type ProfileValues,
  type Region,
  storedFormats,
  type Subject,
  textToStore,
  UserDirectory,
  writeOrPlain,
} from '../core/accounts/index.js';
import { MisconfiguredError } from '../core/errors/index.js';
import { AUTH_TYPE, bindingMeta, readBindingMark } from '../core/plugin-protocol/index.js';
import { UpstreamHttpError } from '../core/upstream/index.js';
import {
  authenticatorNames,
  authenticatorTypes,
  type BindingRow,
  bindingRows,
  createdBinding,
  createdUser,
  nocoBaseErrors,
  profileRows,
  updatedUsers,
  userIds,
  userRows,
} from './nocobase-api.types.js';
import { NocoBaseApiClient } from './nocobase-api.client.js';
import { NOCOBASE_CLIENT_OPTIONS, type NocoBaseClientOptions } from './nocobase-client.options.js';
import { UnconfirmedError } from './nocobase.errors.js';
import { NocoBaseFilter } from './nocobase-filter.js';
import { RoleCatalogue } from './role-catalogue.js';
import { DETAIL, SETTING } from '../core/texts/index.js';

/** `UserDirectory` over NocoBase's HTTP API. */
@Injectable()
export class NocoBaseUserDirectory extends UserDirectory {
  private authenticatorSeen = false;
  private readonly home: Region;

  constructor(
    private readonly api: NocoBaseApiClient,
    private readonly roles: RoleCatalogue,
    @Inject(NOCOBASE_CLIENT_OPTIONS) private readonly options: NocoBaseClientOptions,
  ) {
    super();
    this.home = options.defaultRegion ?? DEFAULT_REGION;
  }

  override async findByBinding(subject: Subject): Promise<BoundToSubject> {
    const { authenticator } = this.options;
    // Without the authenticator, so that the same call finds people bound at another one.
    const rows = (await this.bindingRows(NocoBaseFilter.equals('uuid', subject))).filter(
      ({ uuid }) => uuid === subject,
    );
    const here = rows.filter((row) => row.authenticator === authenticator).map(({ userId }) => userId);
    // `uuid` is not unique in NocoBase.
    if (here.length > 1) throw new AmbiguousBindingError(here);
    if (here[0] !== undefined) return { here: here[0], elsewhere: [] };
    return { here: undefined, elsewhere: (await this.kindsOf(rows)).bindings };
  }

  override async bindingsOf(userId: number): Promise<BindingsOfUser> {
    const filter = NocoBaseFilter.equals('userId', nonEmptyString(String(userId)));
    return this.kindsOf((await this.bindingRows(filter)).filter((row) => row.userId === userId));
  }

  private async bindingRows(filter: NocoBaseFilter): Promise<readonly BindingRow[]> {
    const query = { filter, fields: ['userId', 'uuid', 'authenticator', 'meta'] };
    return (await this.api.list('usersAuthenticators', query, bindingRows)).data;
  }

  /**
   * Which of the records are our provider's bindings: by their mark, else by their authenticator's type, which is then
   * read.
   */
  private async kindsOf(rows: readonly BindingRow[]): Promise<BindingsOfUser> {
    const marked = rows.map((row) => ({ row, mark: readBindingMark(row.meta) }));
    const unclear = marked.filter(({ row, mark }) => mark === undefined && !this.isHere(row));
    const types = await this.typesOf(unclear.map(({ row }) => row.authenticator));
    const bindings = marked.flatMap(({ row, mark }): Binding[] => {
      const { userId, uuid: subject, authenticator } = row;
      const isOurs = mark !== undefined || this.isHere(row) ? true : kindOf(types.get(authenticator));
      const organization = mark?.organization ?? this.options.organizationOf?.(authenticator);
      return isOurs === false ? [] : [{ userId, subject, authenticator, isOurs, organization }];
    });
    return { bindings, hasOthers: bindings.length < rows.length };
  }

  private isHere({ authenticator }: BindingRow): boolean {
    return authenticator === this.options.authenticator;
  }

  /**
   * Of those that exist and can be read: bindings outlive an authenticator that was renamed, or deleted without
   * NocoBase.
   */
  private async typesOf(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const [first, ...others] = [...new Set(names)].map(nonEmptyString);
    if (first === undefined) return new Map();
    const query = { filter: NocoBaseFilter.oneOf('name', [first, ...others]), fields: ['name', 'authType'] };
    try {
      const { data } = await this.api.list('authenticators', query, authenticatorTypes);
      return new Map(data.flatMap(({ name, authType }) => (authType ? [[name, authType] as const] : [])));
    } catch (error) {
      if (error instanceof MissingRightError) return new Map();
      throw error;
    }
  }

  override async exists(userId: number): Promise<boolean> {
    const filter = NocoBaseFilter.equals('id', nonEmptyString(String(userId)));
    const { data } = await this.api.list('users', { filter, fields: ['id'] }, userIds);
    return data.some(({ id }) => id === userId);
  }

  override async compare(userId: number, profile: ProfileValues): Promise<ComparedUser | undefined> {
    const { data } = await this.api.list(
      'users',
      {
        filter: NocoBaseFilter.equals('id', nonEmptyString(String(userId))),
        fields: ['id', ...profile.keys()],
        appends: ['roles', 'departments.roles'],
      },
      profileRows,
    );
    const row = data.find(({ id }) => id === userId);
    if (row === undefined) return undefined;
    const { roles, departments } = row;
    return {
      id: userId,
      roles: roles && heldRoles(roles, departments),
      fields: new Map([...profile].map(([field, value]) => [field, this.stateOf(row, field, value)])),
    };
  }

  override async update(userId: number, profile: ProfileValues): Promise<readonly ProfileField[]> {
    return writeOrPlain(profile, plainProfile(profile), async (values) => this.write(userId, values), isRefusedRow);
  }

  private async write(userId: number, profile: ProfileValues): Promise<readonly ProfileField[]> {
    const values = new Map([...profile].map(([field, value]) => [field, textToStore(field, value, this.home)]));
    try {
      const { data } = await this.api.update('users', userId, Object.fromEntries(values), updatedUsers);
      const [row, another] = data;
      if (row?.id !== userId || another !== undefined) throw new UnconfirmedError('users:update');
      return [...profile]
        .filter(([field, value]) => this.stateOf(row, field, value) !== 'same')
        .map(([field]) => field);
    } catch (error) {
      const taken = takenField(error, [...profile.keys()]);
      throw taken === undefined ? error : new NotUniqueError(taken);
    }
  }

  private stateOf(row: object, field: ProfileField, value: string): FieldState {
    return fieldState(Object.hasOwn(row, field) ? Reflect.get(row, field) : undefined, field, value, this.home);
  }

  override async findMatches(phone: PhoneNumber | undefined, email: string | undefined): Promise<Matches> {
    const formats = phone === undefined ? undefined : storedFormats(phone, this.home);
    const [first, ...others] = [
      ...(formats === undefined ? [] : [NocoBaseFilter.oneOf('phone', formats)]),
      ...(email === undefined ? [] : [NocoBaseFilter.equals('email', nonEmptyString(email))]),
    ];
    if (first === undefined) return { byPhone: [], emailTaken: false };
    const { data } = await this.api.list(
      'users',
      {
        filter: NocoBaseFilter.or(first, ...others),
        fields: ['id', 'phone', 'email'],
        appends: ['roles', 'departments.roles'],
      },
      userRows,
    );
    return {
      byPhone: data
        .filter((user) => typeof user.phone === 'string' && isNumber(user.phone, phone, this.home))
        .map(({ id, roles, departments }) => ({
          id,
          roles: heldRoles(roles, departments),
        })),
      emailTaken: email !== undefined && data.some((user) => user.email === email),
    };
  }

  override async bind(userId: number, binding: NewBinding): Promise<void> {
    // NocoBase would create a binding for an authenticator that does not exist.
    await this.requireAuthenticator();
    const create = async (values: NewBinding): Promise<void> => this.createBinding(userId, values);
    await writeOrPlain(binding, plainBinding(binding), create, isRefusedRow);
  }

  private async createBinding(userId: number, { subject, nickname, organization }: NewBinding): Promise<void> {
    const { authenticator } = this.options;
    try {
      const values = { authenticator, userId, uuid: subject, nickname, meta: bindingMeta(organization) };
      const { data } = await this.api.create('usersAuthenticators', values, createdBinding);
      if (data.userId !== userId || data.uuid !== subject) throw new UnconfirmedError('usersAuthenticators:create');
    } catch (error) {
      // The key of the table is (authenticator, userId).
      throw takenField(error, []) === undefined ? error : new AlreadyBoundError(userId);
    }
  }

  override async register(user: NewUser): Promise<number> {
    const roles = await this.roles.forNewUser(user.roles);
    const create = async (values: NewUser) => this.create(values, roles);
    const created = await writeOrPlain(user, plainUser(user), create, isRefusedRow);
    this.authenticatorSeen = true;
    if (created.username !== user.username) throw new UnconfirmedError('users:create');
    const held = new Set(created.roles.map(({ name }) => name));
    if (!roles.every((role) => held.has(role))) {
      this.roles.forget();
      throw new MisconfiguredError(SETTING.rolesOfNewUsers.en, DETAIL.nocobase.withoutRoles(created.id).en);
    }
    return created.id;
  }

  private async create(user: NewUser, roles: readonly string[]): Promise<z.output<typeof createdUser>['data']> {
    const { authenticator } = this.options;
    try {
      const { data } = await this.api.create(
        `authenticators/${authenticator}/users`,
        {
          ...Object.fromEntries(user.profile ?? []),
          nickname: user.nickname,
          username: user.username,
          ...(user.phone === undefined ? {} : { phone: formatToStore(user.phone, this.home) }),
          ...(user.email === undefined ? {} : { email: user.email }),
          // As strings: for an object with an unknown name, NocoBase would create a role.
          roles,
          usersAuthenticators: {
            uuid: user.subject,
            nickname: user.nickname,
            meta: bindingMeta(user.organization),
          },
        },
        createdUser,
      );
      return data;
    } catch (error) {
      const field = takenField(error, ['phone', 'username', 'email']);
      if (field !== undefined) throw new NotUniqueError(field);
      throw isMissingAuthenticator(error) ? this.missingAuthenticator() : error;
    }
  }

  override async check(): Promise<void> {
    await Promise.all([this.findByBinding(nonEmptyString('readiness-probe')), this.requireAuthenticator()]);
  }

  /**
   * Checked up until it was found once. A key that may not look is trusted, because this check is a convenience, not a
   * guard.
   */
  private async requireAuthenticator(): Promise<void> {
    if (this.authenticatorSeen) return;
    const name = nonEmptyString(this.options.authenticator);
    try {
      const query = { filter: NocoBaseFilter.equals('name', name), fields: ['name'] };
      const { data } = await this.api.list('authenticators', query, authenticatorNames);
      if (!data.some((row) => row.name === name)) throw this.missingAuthenticator();
      this.authenticatorSeen = true;
    } catch (error) {
      if (!(error instanceof MissingRightError)) throw error;
    }
  }

  private missingAuthenticator(): MisconfiguredError {
    const what = DETAIL.nocobase.noAuthenticator(this.options.authenticator);
    return new MisconfiguredError('NOCOBASE_AUTHENTICATOR', what.en);
  }
}

/** By value, not by format: a database may pad with spaces, or normalize characters. */
function isNumber(text: string, phone: PhoneNumber | undefined, home: Region): boolean {
  return phone !== undefined && numberIn(text, home) === phone;
}

/**
 * Whether bindings of such an authenticator are our provider's. An old binding whose authenticator is gone might be.
 */
function kindOf(authType: string | undefined): boolean | 'unknown' {
  if (authType === undefined) return 'unknown';
  return authType === AUTH_TYPE;
}

/** Held directly or through a department. */
function heldRoles(roles: readonly Role[], departments: readonly { readonly roles: readonly Role[] }[]): string[] {
  return [roles, ...departments.map((department) => department.roles)].flat().map(({ name }) => name);
}

interface Role {
  readonly name: string;
}

/** The unique column that refused a record, if it is one of `fields`; undefined for any other error. */
function takenField(error: unknown, fields: readonly string[]): string | undefined {
  if (!(error instanceof UpstreamHttpError) || error.httpStatus !== 400) return undefined;
  const messages = nocoBaseErrors(error.body).map(({ message }) => message ?? '');
  const taken = messages.find((message) => /already exists/i.test(message));
  if (taken === undefined) return undefined;
  return fields.find((field) => taken.toLowerCase().startsWith(`${field.toLowerCase()} `)) ?? 'unknown';
}

/** NocoBase did not store a record: a database error is a 400 or a 500 there. */
function isRefusedRow(error: unknown): boolean {
  return error instanceof UpstreamHttpError && (error.httpStatus === 400 || error.httpStatus === 500);
}

/** NocoBase 2.2 fails on the missing record: HTTP 500, "Cannot read properties of null (reading 'createUser')". */
function isMissingAuthenticator(error: unknown): boolean {
  if (!(error instanceof UpstreamHttpError)) return false;
  const messages = nocoBaseErrors(error.body).map(({ message }) => message ?? '');
  return error.httpStatus === 404 || messages.some((message) => message.includes("reading 'createUser'"));
}
