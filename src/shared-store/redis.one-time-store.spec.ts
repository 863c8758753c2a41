import type { RedisClient } from './redis.client.js';
import { RedisOneTimeStore } from './redis.one-time-store.js';

const refusal = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' });
const READONLY = refusal("READONLY You can't write against a read only replica.");

/** A Redis that gives these answers, in turn. */
function storeWith(...answers: readonly (Error | 'OK' | null)[]) {
  const left = [...answers];
  const set = async (): Promise<'OK' | null | undefined> => {
    const answer = left.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { store: new RedisOneTimeStore({ set } as unknown as RedisClient), left };
}

describe('A key at a Redis that has become read-only', () => {
  it('is written once more, because it was not written: the first person after a failover need not try again', async () => {
    await expect(storeWith(READONLY, 'OK').store.useUp('a', 60)).resolves.toBe(true);
    await expect(storeWith(READONLY, null).store.useUp('a', 60)).resolves.toBe(false);
  });

  it('is refused for that reason if the second attempt fails for another', async () => {
    const { store } = storeWith(READONLY, new Error("Stream isn't writeable"));
    await expect(store.useUp('a', 60)).rejects.toMatchObject({ detail: 'Redis: READONLY' });
  });

  it('is not written again after any other failure, which may have happened after it was written', async () => {
    const { store, left } = storeWith(new Error('Command timed out'), 'OK');
    await expect(store.useUp('a', 60)).rejects.toMatchObject({ detail: 'Redis: Error' });
    expect(left).toEqual(['OK']);
  });
});
