import { OneAtATime } from './one-at-a-time.js';

/** Work that ends when the test says so. */
function heldWork() {
  const ends: (() => void)[] = [];
  const work = jest.fn(async () => new Promise<void>((resolve) => ends.push(resolve)));
  /** Ends the running work, and lets its consequences happen. */
  const end = async (): Promise<void> => {
    ends.shift()?.();
    await new Promise(setImmediate);
  };
  return { work, end };
}

describe('OneAtATime', () => {
  it('runs once more for requests that arrived while it ran, however many', async () => {
    const { work, end } = heldWork();
    const one = new OneAtATime(work);
    one.ask();
    for (let i = 0; i < 20; i += 1) one.ask();
    expect(work).toHaveBeenCalledTimes(1);
    await end();
    expect(work).toHaveBeenCalledTimes(2);
    await end();
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('runs again for a request that arrived during that second run', async () => {
    const { work, end } = heldWork();
    const one = new OneAtATime(work);
    one.ask();
    one.ask();
    await end();
    one.ask();
    await end();
    expect(work).toHaveBeenCalledTimes(3);
  });

  it('starts at once if nothing runs', async () => {
    const { work, end } = heldWork();
    const one = new OneAtATime(work);
    one.ask();
    await end();
    one.ask();
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('starts nothing after a stop, not even for an earlier request', async () => {
    const { work, end } = heldWork();
    const one = new OneAtATime(work);
    one.ask();
    one.ask();
    one.stop();
    await end();
    one.ask();
    expect(work).toHaveBeenCalledTimes(1);
    expect(one.isStopped).toBe(true);
  });
});
