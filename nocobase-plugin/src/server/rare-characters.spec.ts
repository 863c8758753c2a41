import type { Application } from '@nocobase/server';
import { nonEmptyString } from '../../../src/core/accounts/index.js';
import { RepositoryUserDirectory } from './repository-user-directory.js';

const SUBJECT = nonEmptyString('union-1');

/** NocoBase's repositories over tables with three bytes a character. A transaction in which an insert failed is aborted. */
function nocobase(refusal = 'SequelizeDatabaseError') {
  const written: object[] = [];
  let transactions = 0;
  const row = (values: object) => ({ get: (name: string): unknown => Reflect.get(values, name) });
  const store = async ({ values, transaction }: { values: object; transaction?: { over: boolean } }) => {
    if (transaction?.over) throw new Error('current transaction is aborted');
    written.push(values);
    if (/[\u{10000}-\u{10ffff}]/u.test(JSON.stringify(values))) {
      if (transaction !== undefined) transaction.over = true;
      throw Object.assign(new Error('Incorrect string value'), { name: refusal, fields: [] });
    }
    return row({ id: 7, ...values });
  };
  const roles = [row({ name: 'member' })];
  const repository = {
    create: store,
    update: async (query: { values: object }) => [await store(query)],
    findOne: async () => row({ id: 7, roles }),
  };
  const db = {
    getRepository: () => repository,
    getCollection: () => ({ hasField: (name: string) => name !== 'departments' }),
    sequelize: {
      transaction: async (work: (transaction: { over: boolean }) => Promise<unknown>) => {
        transactions += 1;
        return work({ over: false });
      },
    },
  };
  const users = new RepositoryUserDirectory({ db } as unknown as Application, 'dingtalk', 'CN');
  return { users, written, transactions: () => transactions };
}

describe('A name that the table cannot store', () => {
  const user = { subject: SUBJECT, nickname: '张三😀', username: nonEmptyString('dingtalk_1'), roles: [] };

  it('does not prevent a registration', async () => {
    const { users, written, transactions } = nocobase();
    await expect(users.register(user)).resolves.toBe(7);
    expect(written).toEqual([
      expect.objectContaining({ nickname: '张三😀' }),
      expect.objectContaining({ nickname: '张三', username: 'dingtalk_1' }),
      expect.objectContaining({ nickname: '张三', uuid: 'union-1' }),
    ]);
    expect(transactions()).toBe(2);
  });

  it('does not prevent a sign-in to an existing account', async () => {
    const { users, written, transactions } = nocobase();
    await users.bind(7, { subject: SUBJECT, nickname: '😀 李四', organization: undefined });
    expect(written.at(-1)).toMatchObject({ uuid: 'union-1', nickname: '李四' });
    expect([written.length, transactions()]).toEqual([2, 2]);
  });

  it('is not retried if a unique value is taken', async () => {
    const { users, written } = nocobase('SequelizeUniqueConstraintError');
    await expect(users.register(user)).rejects.toMatchObject({ code: 'account_conflict' });
    expect(written).toHaveLength(1);
  });
});
