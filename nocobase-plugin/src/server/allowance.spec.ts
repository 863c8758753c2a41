import { Allowance } from './allowance.js';

describe('An allowance', () => {
  const work = async (): Promise<string> => 'done';

  afterEach(() => jest.useRealTimers());

  it('allows a limited number at a time', async () => {
    const allowance = new Allowance({ atOnce: 1, aMinute: 10 });
    let finish: (value: string) => void = () => undefined;
    const first = allowance.within(async () => new Promise<string>((resolve) => (finish = resolve)));
    expect(await allowance.within(work)).toBeUndefined();
    // The work starts only once it is admitted.
    await new Promise((resolve) => setImmediate(resolve));
    finish('first');
    expect(await first).toEqual({ done: 'first' });
    expect(await allowance.within(work)).toEqual({ done: 'done' });
  });

  it('allows a limited number per minute, including failures', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const allowance = new Allowance({ atOnce: 5, aMinute: 3 });
    await expect(allowance.within(async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await allowance.within(work)).toEqual({ done: 'done' });
    expect(await allowance.within(work)).toEqual({ done: 'done' });
    const late = jest.fn(work);
    expect(await allowance.within(late)).toBeUndefined();
    expect(late).not.toHaveBeenCalled();
    jest.advanceTimersByTime(60_000);
    expect(await allowance.within(late)).toEqual({ done: 'done' });
  });
});
