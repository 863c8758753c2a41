// The types of `src/core/errors` come along with its messages; its classes, which need Node, are not bundled for browsers.
interface ErrorConstructor {
  new (message: string, options: { cause: unknown }): Error;
}
