import { AsyncLocalStorage } from 'node:async_hooks';

const deadlines = new AsyncLocalStorage<number>();

/** Runs work with a time budget for all of its outgoing calls together. */
export async function withTimeBudget<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  return deadlines.run(performance.now() + milliseconds, work);
}

/** Time left for the next call; unlimited without a budget. */
export function remainingMs(): number {
  const deadline = deadlines.getStore();
  return deadline === undefined ? Infinity : Math.max(0, deadline - performance.now());
}

/** Waits for shared work, but no longer than the caller's own budget allows. @throws what `late` returns */
export async function waitInBudget<T>(shared: Promise<T>, late: () => Error): Promise<T> {
  const left = remainingMs();
  if (left === Infinity) return shared;
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), left);
  });
  return Promise.race([shared, timeUp]).finally(() => clearTimeout(timer));
}
