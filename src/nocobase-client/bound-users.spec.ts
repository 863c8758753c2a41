import { MissingRightError } from '../core/accounts/index.js';
import { BoundUsers } from './bound-users.js';
import type { NocoBaseApiClient } from './nocobase-api.client.js';
import type { NocoBaseUserDirectory } from './nocobase-user-directory.js';

describe('The end of a person’s sessions', () => {
  /** @param ahead how far NocoBase's clock is ahead of ours; undefined: the answer has no time */
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
    ['unchanged if the clocks agree', 400, [NOW]],
    ['unchanged if NocoBase does not say when it wrote', undefined, [NOW]],
    ['by NocoBase’s clock if that is ahead, so that recent sessions of its own end, too', 90_000, [NOW, NOW + 90_000]],
    ['unchanged if NocoBase’s clock is behind: our tokens carry the time of ours', -90_000, [NOW]],
  ])('is written %s', async (_how, ahead, expected) => {
    const { users, written } = nocobase(ahead);
    await users.endSessions(2, NOW);
    expect(written).toEqual(expected);
  });
});

describe('A person’s other bindings', () => {
  function boundAt(list: () => Promise<object>): BoundUsers {
    const bindings = ['dingtalk', 'branch', 'gone'].map((authenticator) => ({ authenticator, subject: 'union' }));
    const directory = { compare: async () => ({ roles: ['member'] }), bindingsOf: async () => ({ bindings }) };
    const api = { list } as unknown as NocoBaseApiClient;
    return new BoundUsers(api, directory as unknown as NocoBaseUserDirectory, 'dingtalk');
  }
  const elsewhere = async (users: BoundUsers): Promise<string[]> =>
    (await users.held(2)).elsewhere.map(({ authenticator }) => authenticator);

  it('do not count at an authenticator that was deleted', async () => {
    expect(await elsewhere(boundAt(async () => ({ data: [{ name: 'branch', authType: 'DingTalk' }] })))).toEqual([
      'branch',
    ]);
  });

  it('count if NocoBase does not show its authenticators', async () => {
    const refused = boundAt(async () => {
      throw new MissingRightError('authenticators:list', 'refused', undefined);
    });
    expect(await elsewhere(refused)).toEqual(['branch', 'gone']);
  });
});
