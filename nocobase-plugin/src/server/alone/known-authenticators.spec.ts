import type { Application } from '@nocobase/server';
import { SecretVault } from '../secret-vault.js';
import { LOG } from '../texts.js';
import { KnownAuthenticators } from './known-authenticators.js';

jest.mock('@nocobase/database', () => ({ DataTypes: {} }), { virtual: true });

type Listener = (row: unknown, options: { transaction?: { afterCommit(work: () => void): void } }) => Promise<void>;

describe('Known authenticators', () => {
  it('that are read while they are being saved are read again afterwards', async () => {
    let corpIds = ['ding-before'];
    const row = (): object => {
      const values: Record<string, unknown> = { id: 1, name: 'dingtalk', enabled: true, options: { corpIds } };
      return { get: (name: string) => values[name] };
    };
    const listeners: Listener[] = [];
    const db = {
      on: (event: string, listener: Listener) => event === 'authenticators.afterSave' && listeners.push(listener),
      getRepository: () => ({ find: async () => [row()] }),
    };
    const vault = { read: async () => '' } as unknown as SecretVault;
    const known = new KnownAuthenticators({ db } as unknown as Application, vault);
    const found = async (): Promise<readonly string[] | undefined> => (await known.find('dingtalk'))?.settings.corpIds;
    expect(await found()).toEqual(['ding-before']);

    const afterCommit: (() => void)[] = [];
    for (const listener of listeners) {
      await listener(row(), { transaction: { afterCommit: (work) => afterCommit.push(work) } });
    }
    // Until then others still see the previous state, as the database does.
    expect(await found()).toEqual(['ding-before']);
    corpIds = ['ding-after'];
    afterCommit.forEach((work) => work());
    expect(await found()).toEqual(['ding-after']);
  });

  it('exclude one whose protected roles would protect nobody, with a line in the log', async () => {
    const values: Record<string, unknown> = {
      name: 'dingtalk',
      enabled: true,
      options: { protectedRoles: ['root，admin'] },
    };
    let reads = 0;
    const find = async (): Promise<object[]> => {
      reads += 1;
      return [{ get: (name: string) => values[name] }];
    };
    const lines: unknown[] = [];
    const log = { warn: (_line: string, details: unknown) => lines.push(details) };
    const listeners: Listener[] = [];
    const db = {
      on: (_event: string, listener: Listener) => listeners.push(listener),
      getRepository: () => ({ find }),
    };
    const known = new KnownAuthenticators({ db, log } as unknown as Application, {} as SecretVault);
    expect(await known.find('dingtalk')).toBeUndefined();
    for (const listener of listeners) await listener(undefined, {});
    expect(await known.find('dingtalk')).toBeUndefined();
    expect(reads).toBe(2);
    expect(lines).toEqual([{ authenticator: 'dingtalk', problem: 'settings.protectedRoles' }]);
  });

  it('without a usable Client ID or Client Secret are logged once for each change, however often they are read', async () => {
    const options = { signInBy: 'nocobase', clientId: '{{ $env.NO_SUCH_CLIENT_ID }}' };
    const values: Record<string, unknown> = { id: 1, name: 'dingtalk', enabled: true, options };
    const listeners: Listener[] = [];
    let ciphertext = 'not-sealed-here';
    const lines: string[] = [];
    const say = (line: string): void => void lines.push(line);
    const app = {
      db: {
        on: (_event: string, listener: Listener) => listeners.push(listener),
        getRepository: () => ({ find: async () => [{ get: (name: string) => values[name] }] }),
        sequelize: { define: () => ({ findOne: async () => ({ get: () => ciphertext }) }) },
        getCollection: () => undefined,
        options: {},
      },
      log: { warn: say, error: say },
      aesEncryptor: { key: Buffer.alloc(32, 1) },
    } as unknown as Application;
    const known = new KnownAuthenticators(app, new SecretVault(app));
    const readAgain = async (): Promise<void> => {
      for (const listener of listeners) await listener(undefined, {});
      expect(await known.find('dingtalk')).toMatchObject({ clientId: '', clientSecret: '' });
    };
    for (let read = 0; read < 3; read++) await readAgain();
    expect(lines.toSorted()).toEqual([LOG.clientIdUnusable.en, LOG.secretUnreadable.en].toSorted());
    ciphertext = 'nor-is-this';
    for (let read = 0; read < 3; read++) await readAgain();
    expect(lines.slice(2)).toEqual([LOG.secretUnreadable.en]);
    values['options'] = { ...options, clientId: '{{ $env.ANOTHER }}' };
    for (let read = 0; read < 3; read++) await readAgain();
    expect(lines.slice(3)).toEqual([LOG.clientIdUnusable.en]);
  });
});
