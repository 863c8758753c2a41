export { type AppOptions, readAppOptions } from './app.config.js';
export {
  BaseUrl,
  Flag,
  FromFile,
  isLoopback,
  List,
  OneOf,
  parseBaseUrl,
  Required,
  Rule,
  WholeNumber,
  withoutTrailingNewline,
} from './environment.decorators.js';
export { type Environment, InvalidEnvironmentError, readAll, readEnvironment } from './read-environment.js';
