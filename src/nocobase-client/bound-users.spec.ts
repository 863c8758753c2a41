import { MissingRightError } from '../core/accounts/index.js';
import { BoundUsers } from './bound-users.js';
import type { NocoBaseApiClient } from './nocobase-api.client.js';
import type { NocoBaseUserDirectory } from './nocobase-user-directory.js';

describe('The end of somebody’s sessions', () => {
  /** @param ahead of NocoBase's clock before ours; undefined: it does not say when it wrote */
  function nocobase(ahead: number | undefined) {
    const written: number[] = [];
    const api = {
      update: async (_resource: string, id: number, { passwordChangeTz }: { passwordChangeTz: number }) => {
        written.push(passwordChangeTz);
        const updatedAt = ahead === undefined ? undefined : new Date(NOW + ahead).toISOString();
        return { data: [{ id, passwordChangeTz, updatedAt }] };
      },
    } as unknown as NocoBaseApiClient;
    return { written, users: new BoundUsers(api, {} as NocoBaseUserDirectory, 'dingtalk') };
  }
  const NOW = Date.UTC(2026, 8, 30, 12);

  it.each([
    ['as it is, where the clocks agree', 400, [NOW]],
    ['as it is, where NocoBase does not say when it wrote', undefined, [NOW]],
    [
      'by NocoBase’s clock, where that is ahead: else sessions that NocoBase made lately would live on',
      90_000,
      [NOW, NOW + 90_000],
    ],
    ['as it is, where NocoBase’s clock is behind: our own tokens are dated by ours', -90_000, [NOW]],
  ])('is written %s', async (_how, ahead, expected) => {
    const { users, written } = nocobase(ahead);
    await users.endSessions(2, NOW);
    expect(written).toEqual(expected);
  });
});

describe('Other bindings of somebody', () => {
  function boundAt(list: () => Promise<object>): BoundUsers {
    const bindings = ['dingtalk', 'branch', 'gone'].map((authenticator) => ({ authenticator, subject: 'union' }));
    const directory = { compare: async () => ({ roles: ['member'] }), bindingsOf: async () => ({ bindings }) };
    const api = { list } as unknown as NocoBaseApiClient;
    return new BoundUsers(api, directory as unknown as NocoBaseUserDirectory, 'dingtalk');
  }
  const elsewhere = async (users: BoundUsers): Promise<string[]> =>
    (await users.held(2)).elsewhere.map(({ authenticator }) => authenticator);

  it('are none at an authenticator that NocoBase has no more', async () => {
    expect(await elsewhere(boundAt(async () => ({ data: [{ name: 'branch', authType: 'DingTalk' }] })))).toEqual([
      'branch',
    ]);
  });

  it('count where NocoBase does not show its authenticators', async () => {
    const refused = boundAt(async () => {
      throw new MissingRightError('authenticators:list', 'refused', undefined);
    });
    expect(await elsewhere(refused)).toEqual(['branch', 'gone']);
  });
});
