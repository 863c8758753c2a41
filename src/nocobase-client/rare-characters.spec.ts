import { nonEmptyString, type NewUser, profileField } from '../core/accounts/index.js';
import { GatewayError } from '../core/errors/index.js';
import { UpstreamHttpError } from '../core/upstream/index.js';
import type { NocoBaseApiClient } from './nocobase-api.client.js';
import type { NocoBaseClientOptions } from './nocobase-client.options.js';
import { NocoBaseUserDirectory } from './nocobase-user-directory.js';
import type { RoleCatalogue } from './role-catalogue.js';

const USER: NewUser = {
  subject: nonEmptyString('union-1'),
  nickname: '张三😀',
  username: nonEmptyString('dingtalk_1'),
  roles: [],
  profile: new Map([[profileField('jobTitle')!, '🎉经理']]),
};

/** NocoBase with a table of three bytes a character, as its API responds. */
function directory(status = 400, message = "Incorrect string value: '\\xF0\\x9F'") {
  const bodies: string[] = [];
  const write = async (values: object, answer: object): Promise<{ data: object }> => {
    const body = JSON.stringify(values);
    bodies.push(body);
    if (/[\u{10000}-\u{10ffff}]/u.test(body)) {
      const call = { upstream: 'NocoBase', operation: 'create' } as const;
      throw new UpstreamHttpError(call, status, { errors: [{ message }] });
    }
    return { data: answer };
  };
  const api = {
    list: async () => ({ data: [{ name: 'dingtalk' }] }),
    create: async (resource: string, values: object) =>
      resource === 'usersAuthenticators'
        ? write(values, { userId: 7, uuid: 'union-1' })
        : write(values, { id: 7, username: 'dingtalk_1', roles: [] }),
    update: async (_resource: string, id: number, values: object) => {
      const { data } = await write(values, { id, ...values });
      return { data: [data] };
    },
  };
  const roles = { forNewUser: async () => [], forget: () => undefined };
  const options = { authenticator: 'dingtalk' };
  return {
    bodies,
    users: new NocoBaseUserDirectory(
      api as unknown as NocoBaseApiClient,
      roles as unknown as RoleCatalogue,
      options as NocoBaseClientOptions,
    ),
  };
}

describe('a name that the table cannot store', () => {
  it.each([400, 500])('does not prevent a new account (HTTP %i)', async (status) => {
    const { users, bodies } = directory(status);
    await expect(users.register(USER)).resolves.toBe(7);
    expect(bodies.map((body) => JSON.parse(body))).toEqual([
      expect.objectContaining({ nickname: '张三😀', jobTitle: '🎉经理' }),
      expect.objectContaining({
        nickname: '张三',
        jobTitle: '经理',
        usersAuthenticators: expect.objectContaining({ uuid: 'union-1', nickname: '张三' }),
      }),
    ]);
  });

  it('does not keep people from their own account, and is stored as far as possible', async () => {
    const { users, bodies } = directory();
    await users.bind(7, { subject: USER.subject, nickname: '😀', organization: undefined });
    expect(bodies).toHaveLength(2);
    const nickname = profileField('nickname')!;
    await expect(users.update(7, new Map([[nickname, '李四🎉']]))).resolves.toEqual([]);
    expect(JSON.parse(bodies.at(-1)!)).toEqual({ nickname: '李四' });
  });

  it.each([
    [400, 'Phone already exists'],
    [403, 'No permissions'],
    [503, 'starting'],
  ])('is not retried after HTTP %i, %s', async (status, message) => {
    const { users, bodies } = directory(status, message);
    await expect(users.register(USER)).rejects.toBeInstanceOf(GatewayError);
    expect(bodies).toHaveLength(1);
  });
});
