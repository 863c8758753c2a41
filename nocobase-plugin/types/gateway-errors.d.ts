// The types of `src/core/errors` come along with its sentences; its classes, which are Node's, reach no browser.
interface ErrorConstructor {
  new (message: string, options: { cause: unknown }): Error;
}
