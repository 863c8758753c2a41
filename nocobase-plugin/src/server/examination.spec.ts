import type { Context } from '@nocobase/server';
import { examineAction } from './examination.js';

jest.mock('@nocobase/database', () => ({ DataTypes: {} }), { virtual: true });

it('The test of an authenticator whose stored settings cannot be read says what is wrong with them', async () => {
  const stored: Record<string, unknown> = { name: 'dingtalk', options: { protectedRoles: ['root，admin'] } };
  const find = async (): Promise<object[]> => [{ get: (column: string) => stored[column] }];
  const examine = examineAction({ once: {} as never, vault: {} as never });
  const examined = async (authenticator: string): Promise<unknown> => {
    const context = {
      method: 'POST',
      query: { authenticator },
      action: { params: {} },
      db: { getRepository: () => ({ find }) },
      t: (key: string) => key,
    };
    return Promise.resolve(examine(context as unknown as Context, async () => {}));
  };
  await expect(examined('dingtalk')).rejects.toMatchObject({ status: 400, message: 'settings.protectedRoles' });
  await expect(examined('another')).rejects.toMatchObject({ status: 404 });
});
