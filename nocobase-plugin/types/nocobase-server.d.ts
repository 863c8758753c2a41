// The part of NocoBase that this plugin uses: the type check also runs where NocoBase is not installed.
declare module '@nocobase/database' {
  export interface Transaction {
    readonly finished?: string;
    afterCommit(work: () => void): void;
  }

  export interface Model {
    readonly isNewRecord: boolean;
    get(name: string): unknown;
    set(name: string, value: unknown): void;
    changed(name: string): boolean;
    toJSON(): Record<string, unknown>;
  }

  export interface FindOptions {
    filter: object;
    fields?: readonly string[];
    appends?: readonly string[];
    sort?: string;
    limit?: number;
    offset?: number;
    transaction?: Transaction | undefined;
  }

  export interface Repository {
    find(options: FindOptions): Promise<Model[]>;
    findOne(options: FindOptions): Promise<Model | null>;
    create(options: { values: object; transaction?: Transaction }): Promise<Model>;
    update(options: {
      filter: object;
      values: object;
      whitelist: readonly string[];
      transaction?: Transaction;
    }): Promise<Model[]>;
    count(options: { filter: object; transaction?: Transaction }): Promise<number>;
    destroy(options: { filter: object; transaction?: Transaction }): Promise<unknown>;
    /** For `uiSchemas` only. */
    getJsonSchema?(uid: string): Promise<unknown>;
  }

  /** Sequelize's model of a table, which need not be a collection. */
  export interface TableModel {
    /** What `sync` creates. NocoBase itself renames them here: `addIndex` in its `collection.js`. */
    readonly _indexes: readonly { name: string }[];
    findOne(options: { where: object; transaction?: Transaction | undefined }): Promise<Model | null>;
    findAll(options: {
      where: object;
      attributes?: readonly string[];
      order?: readonly (readonly [string, 'ASC' | 'DESC'])[];
      limit?: number;
      offset?: number;
      transaction?: Transaction | undefined;
    }): Promise<Model[]>;
    count(options: { where: object; transaction?: Transaction | undefined }): Promise<number>;
    create(values: object, options?: { transaction?: Transaction | undefined }): Promise<Model>;
    bulkCreate(
      values: readonly object[],
      options: {
        updateOnDuplicate?: readonly string[];
        returning?: false;
        transaction?: Transaction | undefined;
      },
    ): Promise<unknown>;
    upsert(values: object, options?: { transaction?: Transaction | undefined }): Promise<unknown>;
    update(
      values: object,
      options: { where: object; transaction?: Transaction | undefined },
    ): Promise<readonly [affected: number]>;
    increment(
      column: string,
      options: { by: number; where: object; transaction?: Transaction | undefined },
    ): Promise<unknown>;
    destroy(options: { where: object; transaction?: Transaction | undefined }): Promise<number>;
    /** Creates the table, and its missing indexes, if it does not exist. */
    sync(): Promise<unknown>;
  }

  /** What a hook knows about the action that caused it. */
  export interface HookOptions {
    readonly transaction?: Transaction;
    readonly context?: { t?: (text: string, options: { ns: string; name?: string }) => string };
  }

  export interface Database {
    readonly options: { readonly schema?: string };
    readonly sequelize: {
      define(name: string, columns: object, options: object): TableModel;
      transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
    };
    getRepository(name: string): Repository;
    collection(options: object): { readonly model: { sync(): Promise<unknown> } };
    getCollection(name: string): { hasField(name: string): boolean; readonly model: TableModel } | undefined;
    on(event: string, listener: (model: Model, options: HookOptions) => Promise<void>): void;
  }

  export const DataTypes: {
    readonly BIGINT: object;
    readonly BOOLEAN: object;
    readonly INTEGER: object;
    readonly TEXT: object;
    STRING(length: number): object;
  };
  export const Op: Readonly<Record<'gt' | 'lt' | 'lte' | 'in' | 'ne' | 'or', symbol>>;
}

declare module '@nocobase/auth' {
  import type { Context } from '@nocobase/server';

  export interface AuthConfig {
    readonly authenticator: { readonly name: string };
    readonly options: unknown;
    readonly ctx: Context;
  }

  export class BaseAuth {
    constructor(config: AuthConfig & { userCollection: unknown });
    protected readonly ctx: Context;
    protected readonly authenticator: { readonly name: string };
    validate(): Promise<unknown>;
    signIn(): Promise<object>;
    /**
     * Called by 2.2 and newer, at the end of `signIn` and by `auth:syncCookies`.
     *
     * @param user a model at a sign-in; afterwards a plain object, from NocoBase's cache
     * @param maxAge in milliseconds
     */
    protected setSessionCookies?(user: unknown, maxAge?: number): Promise<void>;
  }
}

declare module '@nocobase/server' {
  import type { IncomingMessage, ServerResponse } from 'node:http';
  import type { BaseAuth } from '@nocobase/auth';
  import type { Database } from '@nocobase/database';

  export interface Log {
    info(message: string, details?: object): void;
    warn(message: string, details?: object): void;
    error(message: string, details?: object): void;
  }

  export interface Cache {
    get(key: string): Promise<unknown>;
    /** @param ttl in milliseconds */
    set(key: string, value: unknown, ttl: number): Promise<void>;
    del(key: string): Promise<void>;
  }

  /** Koa's context, as NocoBase extends it. */
  export interface Context {
    readonly app: Application;
    readonly db: Database;
    readonly log: Log;
    readonly method: string;
    /** Without the query; for a sub-app without `__app/<name>`. */
    readonly path: string;
    readonly req: IncomingMessage;
    /** `https` if Koa itself, or a proxy that NocoBase trusts, terminates TLS. */
    readonly protocol: string;
    readonly reqId?: string;
    readonly res: ServerResponse;
    /** Of a header, a cookie or the query; undefined if absent. */
    getBearerToken(): string | undefined;
    readonly auth?: { readonly user?: unknown };
    /** The role of the request. Only after NocoBase's access control. */
    can(action: { resource: string; action: string }): unknown;
    readonly state: Record<string, unknown>;
    readonly action: {
      readonly resourceName: string;
      readonly actionName: string;
      readonly params: Record<string, unknown>;
    };
    readonly query: Readonly<Record<string, string | readonly string[] | undefined>>;
    readonly request: { body?: unknown };
    body: unknown;
    status: number;
    type: string;
    withoutDataWrapping: boolean;
    get(header: string): string;
    set(headers: Readonly<Record<string, string>>): void;
    append(header: string, value: string): void;
    t(text: string, options: { ns: string; name?: string }): string;
  }

  export type Next = () => Promise<unknown>;
  export type Action = (context: Context, next: Next) => Promise<void>;

  /** `ITokenControlService` in `@nocobase/auth`: registers the tokens of sessions. */
  export interface TokenService {
    getConfig(): Promise<{ readonly sessionExpirationTime: number } | null>;
    /** Registers a token before it is signed. */
    add(token: { readonly userId: unknown }): Promise<unknown>;
  }

  export interface Application {
    readonly name: string;
    readonly db: Database;
    readonly log: Log;
    /** Koa middleware, ordered by tags. */
    use(middleware: Action, options: { tag: string; before: string[] }): void;
    getPackageVersion(): string;
    /** 32 bytes, for this application only. Declared private by NocoBase. */
    readonly aesEncryptor: { readonly key: Uint8Array };
    /** NocoBase's own entries: users as `auth:<id>`. */
    readonly cache: Pick<Cache, 'del'>;
    readonly auditManager: { registerActions(actions: readonly string[]): void };
    on(event: 'afterLoad' | 'afterStart' | 'beforeStop', listener: () => Promise<void>): void;
    /** From NocoBase's WebSocket: a client has sent a valid token. */
    on(event: 'ws:authorized', listener: (connection: { clientId: string; userId: unknown }) => Promise<void>): void;
    emit(event: 'ws:removeTag', connection: { clientId: string; tagKey: 'userId' }): void;
    readonly cacheManager: { createCache(options: { name: string; prefix: string }): Promise<Cache> };
    readonly lockManager: { runExclusive<T>(key: string, work: () => Promise<T>, ttl: number): Promise<T> };
    readonly acl: {
      allow(resource: string, action: string, condition: 'public'): void;
      registerSnippet(snippet: { name: string; actions: readonly string[] }): void;
    };
    readonly options: { readonly authManager?: { readonly jwt?: { readonly secret?: string } } };
    readonly authManager: {
      readonly jwt: {
        /** @throws if its signature is invalid, or it has expired */
        decode(token: string): Promise<{ readonly userId?: unknown }>;
        /** Ids of revoked tokens. */
        readonly blacklist: { add(values: { token: string; expiration: string }): Promise<unknown> };
      };
      /** Available from `afterLoad`. */
      readonly tokenController: TokenService;
      setTokenControlService(service: TokenService): void;
      registerTypes(
        type: string,
        config: {
          auth: typeof BaseAuth;
          title: string;
          getPublicOptions: (options: unknown) => object;
        },
      ): void;
    };
    readonly resourceManager: {
      define(resource: { name: string; actions: Readonly<Record<string, Action>> }): void;
    };
    readonly dataSourceManager: {
      use(middleware: Action, options: { tag: string; before?: string; after?: string }): void;
      /** For existing data sources and future ones. */
      afterAddDataSource(
        hook: (dataSource: {
          resourceManager: { use(middleware: Action, options: { tag: string; before?: string; after?: string }): void };
        }) => void,
      ): void;
    };
  }

  export class Gateway {
    static getInstance(): Gateway;
    /** Determines the application that a request is for. */
    getRequestHandleAppName(request: { url: string; headers: Readonly<Record<string, string>> }): Promise<string>;
  }

  export class Plugin {
    readonly app: Application;
    readonly db: Database;
    readonly options: { readonly packageName: string; readonly version?: string };
    beforeEnable(): Promise<void>;
    beforeDisable(): Promise<void>;
    load(): Promise<void>;
  }
}
