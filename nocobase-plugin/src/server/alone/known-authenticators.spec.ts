import type { Application } from '@nocobase/server';
import type { SecretVault } from '../secret-vault.js';
import { KnownAuthenticators } from './known-authenticators.js';

type Listener = (row: unknown, options: { transaction?: { afterCommit(work: () => void): void } }) => Promise<void>;

describe('Known authenticators', () => {
  it('that are looked at while they are saved are looked at again when that is done', async () => {
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
    // Others still see what was there before, as the database has it.
    expect(await found()).toEqual(['ding-before']);
    corpIds = ['ding-after'];
    afterCommit.forEach((work) => work());
    expect(await found()).toEqual(['ding-after']);
  });
});
