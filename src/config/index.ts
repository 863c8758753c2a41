export { type AppOptions, isPlainHttp, readAppOptions } from './app.config.js';
export {
  BaseUrl,
  Flag,
  FromFile,
  List,
  OneOf,
  Required,
  Rule,
  WholeNumber,
  withoutTrailingNewline,
} from './environment.decorators.js';
export { type Environment, InvalidEnvironmentError, readAll, readEnvironment } from './read-environment.js';
