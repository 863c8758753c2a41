import type { Application } from '@nocobase/server';
import type { LockedUsers } from './locked-users.js';
import { LockedSignIns } from './locked-sign-ins.js';

describe("NocoBase's token service", () => {
  /** Like NocoBase's own: with a method of its class, and one that is a property. */
  class Tokens {
    readonly added: number[] = [];

    async add({ userId }: { userId: number }): Promise<{ jti: string }> {
      this.added.push(userId);
      return { jti: String(userId) };
    }

    renew = async (jti: string): Promise<string> => `${jti} ${this.added.length}`;
  }

  /** @param locked who is locked */
  async function loaded(locked: number) {
    const own = new Tokens();
    const loading: (() => Promise<void>)[] = [];
    const authManager = {
      tokenController: own,
      setTokenControlService(service: Tokens) {
        this.tokenController = service;
      },
    };
    const app = {
      authManager,
      log: { info: () => undefined },
      on: (_event: string, work: () => Promise<void>) => loading.push(work),
    };
    const users = { isLocked: async (id: number) => id === locked } as unknown as LockedUsers;
    new LockedSignIns(app as unknown as Application, users).watch();
    for (const work of loading) await work();
    return { own, authManager };
  }

  it('registers no token of a locked user, and otherwise works as before', async () => {
    const { own, authManager } = await loaded(7);
    const { tokenController } = authManager;
    await expect(tokenController.add({ userId: 7 })).rejects.toMatchObject({ status: 403, code: 'account_locked' });
    expect(await tokenController.add({ userId: 8 })).toEqual({ jti: '8' });
    expect([own.added, await tokenController.renew('a')]).toEqual([[8], 'a 1']);
  });

  it('can be wrapped by another plugin as well, by assigning a method', async () => {
    const { authManager } = await loaded(7);
    const { tokenController } = authManager;
    const before = tokenController.add.bind(tokenController);
    tokenController.add = async (token) => before(token);
    await expect(tokenController.add({ userId: 7 })).rejects.toMatchObject({ code: 'account_locked' });
    expect(await tokenController.add({ userId: 8 })).toEqual({ jti: '8' });
  });
});
