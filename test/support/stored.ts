import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuthOptions } from '../../src/auth/index.js';
import { ReturnPaths } from '../../src/auth/return-paths.js';
import { SignInTransactionService } from '../../src/auth/sign-in-transaction.service.js';
import { AppTokenStore } from '../../src/dingtalk/app-token.store.js';
import { InProcessOneTimeStore, RedisConnection } from '../../src/shared-store/index.js';
import { RedisOneTimeStore } from '../../src/shared-store/redis.one-time-store.js';

/** What a version left behind: its secrets, none of them real, and what it made with them. */
export interface Stored {
  /** When it was made, in ms since 1970: sealed values expire. */
  readonly now: number;
  readonly publicUrl: string;
  readonly nocobaseUrl: string;
  /** The first one sealed. */
  readonly cookieSecrets: readonly [string, ...string[]];
  /** `Cookie` headers of browsers in the middle of a sign-in, and what they must contain once opened. */
  readonly transactions: readonly {
    readonly cookie: string;
    readonly flow: 'browser' | 'in-app';
    readonly transaction: { readonly state: string; readonly authenticator: string };
  }[];
  readonly usedStates: { readonly keys: readonly string[]; readonly states: readonly string[] };
  readonly appToken: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly redisKey: string;
    readonly sealed: string;
    readonly token: { readonly value: string; readonly usableUntil: number };
  };
  readonly publicKey: object;
  readonly ticket: { readonly jwt: string; readonly claims: object };
  readonly assertion: { readonly jwt: string; readonly claims: object };
}

/** The tables of a NocoBase with the plugin. */
export interface StoredByPlugin {
  /** NocoBase's `aes_key.dat`, base64. */
  readonly aesKey: string;
  readonly secretsTable: string;
  readonly secrets: readonly {
    readonly owner: { readonly id: number; readonly gatewayUrl: string; readonly gatewayInternalUrl: string };
    readonly row: { readonly authenticator_id: number; readonly ciphertext: string };
    readonly secret: string;
  }[];
  readonly usedTickets: { readonly table: string; readonly columns: readonly string[] };
  /** `authenticators.options`. */
  readonly options: readonly { readonly stored: object; readonly read: object; readonly public: object }[];
  /** The answer to `dingtalk:settings`. */
  readonly settings: object;
  /** `usersAuthenticators`, as its list action returns it. */
  readonly bindings: {
    readonly data: readonly { readonly userId: number; readonly uuid: string; readonly authenticator: string }[];
  };
}

export function storedByGateway(version: string): Stored {
  return JSON.parse(fixture(version, 'gateway.json')) as Stored;
}

export function storedByPlugin(version: string): StoredByPlugin {
  return JSON.parse(fixture(version, 'nocobase-plugin.json')) as StoredByPlugin;
}

function fixture(version: string, file: string): string {
  return readFileSync(join(__dirname, '../fixtures', version, file), 'utf8');
}

/** A Redis that is a Map, as far as the gateway stores values in it. */
export class RedisDouble {
  readonly values = new Map<string, string>();

  get connection(): RedisConnection {
    return new RedisConnection(this as unknown as RedisConnection['client']);
  }

  get usedStates(): RedisOneTimeStore {
    return new RedisOneTimeStore(this as never);
  }

  get = async (key: string): Promise<string | null> => this.values.get(key) ?? null;

  set = async (key: string, value: string, ...options: unknown[]): Promise<'OK' | null> => {
    if (options.includes('NX') && this.values.has(key)) return null;
    this.values.set(key, value);
    return 'OK';
  };
}

export function transactions(
  cookieSecrets: Stored['cookieSecrets'],
  { publicUrl, nocobaseUrl }: Pick<Stored, 'publicUrl' | 'nocobaseUrl'>,
  used: InProcessOneTimeStore | RedisOneTimeStore = new InProcessOneTimeStore(),
  app = 'main',
): SignInTransactionService {
  const options = {
    publicUrl,
    cookieSecrets,
    transactionTtlSeconds: 600,
    defaultPath: '/admin',
    nocobasePublicUrl: nocobaseUrl,
    returnPathRules: { app },
  } as AuthOptions;
  return new SignInTransactionService(used, options, new ReturnPaths(options));
}

export function appTokens(
  redis: RedisDouble,
  { clientId, clientSecret }: Pick<Stored['appToken'], 'clientId' | 'clientSecret'>,
): AppTokenStore {
  return new AppTokenStore(redis.connection, { clientId, clientSecret } as ConstructorParameters<
    typeof AppTokenStore
  >[1]);
}
