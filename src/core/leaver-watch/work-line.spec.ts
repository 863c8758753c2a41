import { AsyncLocalStorage } from 'node:async_hooks';
import { WorkLine } from './work-line.js';

describe('Work in the background', () => {
  it('inherits no context of its caller, not even after waiting', async () => {
    const storage = new AsyncLocalStorage<string>();
    const line = new WorkLine(1, 10);
    const seen: unknown[] = [];
    const work = (id: string) => ({ id, run: async () => void seen.push(storage.getStore()) });
    storage.run('a sign-in', () => ['first', 'second'].forEach((id) => line.add(work(id))));
    await line.idle();
    expect(seen).toEqual([undefined, undefined]);
  });
});
