/** The promise's value, or `undefined` after the timeout. A later value is dropped. */
export function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), milliseconds);
    const done = (settle: () => void): void => {
      clearTimeout(timer);
      settle();
    };
    promise.then(
      (value) => done(() => resolve(value)),
      (error: unknown) => done(() => reject(error instanceof Error ? error : new Error('rejected'))),
    );
  });
}
