import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { importJWK, jwtVerify } from 'jose';
import { nonEmptyString } from '../src/core/accounts/index.js';
import { NocoBaseUserDirectory } from '../src/nocobase-client/nocobase-user-directory.js';
import {
  ASSERTION_TYPE,
  assertionClaims,
  pluginSettings,
  TICKET_TYPE,
  ticketClaims,
} from '../src/core/plugin-protocol/index.js';
import { Signer } from '../src/plugin-client/index.js';
import {
  appTokens,
  RedisDouble,
  type Stored,
  storedByGateway,
  type StoredByPlugin,
  storedByPlugin,
  transactions,
} from './support/stored.js';

jest.mock('@nocobase/server', () => ({}), { virtual: true });
jest.mock('@nocobase/database', () => ({ DataTypes: { STRING: () => '', BIGINT: '', TEXT: '' }, Op: {} }), {
  virtual: true,
});

/** The plugin's sources have their own types, which this project does not see. */
const plugin = {
  ...jest.requireActual<{
    SecretVault: new (app: object) => { read(owner: object): Promise<string> };
  }>('../nocobase-plugin/src/server/secret-vault.js'),
  ...jest.requireActual<{ UsedTickets: new (app: object) => object }>('../nocobase-plugin/src/server/used-tickets.js'),
  ...jest.requireActual<{
    settings: { parse(options: unknown): object };
    publicOptions(options: unknown): object;
  }>('../nocobase-plugin/src/server/settings.js'),
};

const VERSIONS = readdirSync(join(__dirname, 'fixtures'));

describe('What older versions stored', () => {
  it('is kept as a fixture for the first version', () => {
    expect(VERSIONS).toContain('0.1.0');
  });
});

describe.each(VERSIONS)('What the gateway %s stored', (version) => {
  const was = storedByGateway(version);

  // Sealed values expire; replacing a gateway takes less than a minute.
  beforeEach(() =>
    jest.useFakeTimers({ now: was.now + 30_000, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }),
  );
  afterEach(() => jest.useRealTimers());

  it.each(was.transactions)('lets a person who is at DingTalk return: $transaction.returnPath, $flow', async (one) => {
    const { state, authenticator } = one.transaction;
    // The sub-app of the second authenticator.
    const app = authenticator === 'dingtalk-branch' ? 'branch' : 'main';
    const back = transactions(was.cookieSecrets, was, undefined, app).consume(
      authenticator,
      state,
      one.cookie,
      one.flow,
    );
    expect(await back).toEqual(one.transaction);
  });

  it('lets them return after the secret was rotated, too, but not without the old one', async () => {
    const [{ cookie, flow, transaction }] = was.transactions as [Stored['transactions'][number]];
    const consume = async (secrets: Stored['cookieSecrets']) =>
      transactions(secrets, was).consume(transaction.authenticator, transaction.state, cookie, flow);
    const newSecret = 'a-newer-secret-for-tests-and-not-a-real-one';
    expect(await consume([newSecret, was.cookieSecrets[0]])).toEqual(transaction);
    await expect(consume([newSecret])).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('still counts a used state as used', async () => {
    const redis = new RedisDouble();
    for (const key of was.usedStates.keys) redis.values.set(key, '1');
    const service = transactions(was.cookieSecrets, was, redis.usedStates);
    const used = was.transactions.filter(({ transaction }) => was.usedStates.states.includes(transaction.state));
    expect(used).not.toHaveLength(0);
    for (const { cookie, flow, transaction } of used) {
      const again = service.consume(transaction.authenticator, transaction.state, cookie, flow);
      await expect(again).rejects.toMatchObject({ detail: 'the state was used before' });
    }
  });

  it("opens DingTalk's app access token, which replicas share", async () => {
    const redis = new RedisDouble();
    redis.values.set(was.appToken.redisKey, was.appToken.sealed);
    expect(await appTokens(redis, was.appToken).read()).toEqual(was.appToken.token);
    expect(await appTokens(redis, { ...was.appToken, clientSecret: 'another-one' }).read()).toBeUndefined();
  });

  it('derives the same signing key, which NocoBase may still have cached', () => {
    expect(new Signer(was.cookieSecrets).publicKeys().keys[0]).toEqual(was.publicKey);
  });

  it.each([
    ['ticket', was.ticket, TICKET_TYPE, ticketClaims],
    ['assertion', was.assertion, ASSERTION_TYPE, assertionClaims],
  ] as const)('includes a signed %s that is still valid', async (_what, { jwt, claims }, typ, guard) => {
    const { payload } = await jwtVerify(jwt, await importJWK(was.publicKey, 'EdDSA'), {
      typ,
      issuer: was.publicUrl,
      audience: was.nocobaseUrl,
      currentDate: new Date(),
    });
    expect(guard.parse(payload)).toEqual(claims);
  });
});

describe.each(VERSIONS)('What the plugin %s stored in NocoBase', (version) => {
  const was = storedByPlugin(version);
  /** Tables by name, with their columns, as the plugin defines them. */
  const tables = new Map<string, string[]>();
  const app = {
    aesEncryptor: { key: Buffer.from(was.aesKey, 'base64') },
    log: { error: () => undefined },
    db: {
      options: {},
      sequelize: {
        define: (_name: string, columns: Record<string, { field?: string }>, { tableName }: { tableName: string }) => {
          const fields = Object.entries(columns).map(([name, { field }]) => field ?? name);
          tables.set(tableName, fields);
          return { findOne: async ({ where }: { where: object }) => rowOf(Number(Object.values(where)[0])) };
        },
      },
    },
  };
  const rowOf = (id: number) => {
    const row = was.secrets.map((one) => one.row).find(({ authenticator_id }) => authenticator_id === id);
    return row === undefined ? null : { get: () => row.ciphertext };
  };

  it.each(was.secrets)('includes the Client Secret, which opens for its owner: $owner', async ({ owner, secret }) => {
    const vault = new plugin.SecretVault(app);
    expect(await vault.read(owner)).toBe(secret);
    // It does not open for a gateway at another address.
    for (const change of [{ gatewayUrl: 'https://evil.example.com' }, { gatewayInternalUrl: 'http://evil:1' }]) {
      expect(await vault.read({ ...owner, ...change })).toBe('');
    }
  });

  it('is looked up in the same tables', () => {
    expect([new plugin.SecretVault(app), new plugin.UsedTickets(app)]).toHaveLength(2);
    expect(tables.get(was.secretsTable)).toEqual(expect.arrayContaining(Object.keys(was.secrets[0]?.row ?? {})));
    expect(tables.get(was.usedTickets.table)).toEqual(expect.arrayContaining([...was.usedTickets.columns]));
  });

  it.each(was.options)('includes settings that mean the same: $stored', ({ stored: options, read, public: shown }) => {
    expect(plugin.settings.parse(options)).toMatchObject(read);
    expect(plugin.publicOptions(options)).toMatchObject(shown);
  });

  it('includes settings that this gateway understands', () => {
    expect(pluginSettings.parse(was.settings)).toMatchObject(was.settings);
  });

  it('binds the same people', async () => {
    const api = {
      list: async (_resource: string, _query: object, guard: { parse(body: unknown): unknown }) =>
        guard.parse(was.bindings),
    };
    const [{ authenticator, uuid, userId }] = was.bindings.data as [StoredByPlugin['bindings']['data'][number]];
    const directory = new NocoBaseUserDirectory(api as never, undefined as never, { authenticator } as never);
    expect(await directory.findByBinding(nonEmptyString(uuid))).toEqual({ here: userId, elsewhere: [] });
    expect(await directory.findByBinding(nonEmptyString('another'))).toEqual({ here: undefined, elsewhere: [] });
  });
});
