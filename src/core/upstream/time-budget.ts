import { AsyncLocalStorage } from 'node:async_hooks';

const deadlines = new AsyncLocalStorage<number>();

/** Runs some work whose outgoing calls, all together, get this much time. */
export async function withTimeBudget<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  return deadlines.run(performance.now() + milliseconds, work);
}

/** What is left for the next call; no budget, no limit. */
export function remainingMs(): number {
  const deadline = deadlines.getStore();
  return deadline === undefined ? Infinity : Math.max(0, deadline - performance.now());
}

/** Waits for work that several people share, but no longer than this one's time lasts. @throws what `late` makes */
export async function waitInBudget<T>(shared: Promise<T>, late: () => Error): Promise<T> {
  const left = remainingMs();
  if (left === Infinity) return shared;
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), left);
  });
  return Promise.race([shared, timeUp]).finally(() => clearTimeout(timer));
}
