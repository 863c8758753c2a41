import { OneAtATime } from './one-at-a-time.js';

/** Work that ends when it is told to. */
function heldWork() {
  const ends: (() => void)[] = [];
  const work = jest.fn(async () => new Promise<void>((resolve) => ends.push(resolve)));
  /** Ends the piece that runs, and lets what follows from it happen. */
  const end = async (): Promise<void> => {
    ends.shift()?.();
    await new Promise(setImmediate);
  };
  return { work, end };
}

describe('OneAtATime', () => {
  it('runs again for requests that came while it ran: once, however many', async () => {
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

  it('runs again for a request that came while it ran again', async () => {
    const { work, end } = heldWork();
    const one = new OneAtATime(work);
    one.ask();
    one.ask();
    await end();
    one.ask();
    await end();
    expect(work).toHaveBeenCalledTimes(3);
  });

  it('starts at once where nothing runs', async () => {
    const { work, end } = heldWork();
    const one = new OneAtATime(work);
    one.ask();
    await end();
    one.ask();
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('starts nothing after a stop, also not for a request that came before it', async () => {
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
