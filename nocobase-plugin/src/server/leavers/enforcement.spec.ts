import type { Context } from '@nocobase/server';
import { locksForReading } from './enforcement.js';

describe('The locks', () => {
  async function asked(resourceName: string, actionName: string, values: object | undefined, may: boolean) {
    const context = {
      action: { resourceName, actionName, params: { values } },
      can: () => may,
      t: (key: string) => key,
    };
    try {
      await locksForReading()(context as unknown as Context, async () => undefined);
      return 'read';
    } catch (error) {
      return Reflect.get(Object(error), 'status');
    }
  }

  it.each([
    ['dingtalkLocks', 'list', undefined],
    ['dingtalkLocks.user', 'get', undefined],
    ['charts', 'query', { collection: 'dingtalkLocks', measures: [{ field: ['userId'] }] }],
  ])(
    'can be read only with the right to configure authenticators, by whatever way: %s:%s',
    async (resource, action, values) => {
      expect(await asked(resource, action, values, false)).toBe(403);
      expect(await asked(resource, action, values, true)).toBe('read');
    },
  );

  it('can be neither written nor exported, and nothing else is blocked', async () => {
    expect(await asked('dingtalkLocks', 'export', undefined, true)).toBe(403);
    expect(await asked('charts', 'query', { collection: 'orders' }, false)).toBe('read');
    expect(await asked('orders', 'create', undefined, false)).toBe('read');
  });
});
