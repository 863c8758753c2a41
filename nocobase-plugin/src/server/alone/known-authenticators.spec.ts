import type { Application } from '@nocobase/server';
import type { SecretVault } from '../secret-vault.js';
import { KnownAuthenticators } from './known-authenticators.js';

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
});
