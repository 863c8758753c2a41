export { type AppOptions, isPlainHttp, readAppOptions } from './app.config.js';
export { appConfig } from './app.namespace.js';
export { configurableModule } from './configurable-module.js';
export {
  BaseUrl,
  Flag,
  FromFile,
  List,
  OneOf,
  parseBaseUrl,
  Required,
  Rule,
  Verbatim,
  WholeNumber,
  withoutTrailingNewline,
} from './environment.decorators.js';
export { type Environment, InvalidEnvironmentError, named, readAll, readEnvironment } from './read-environment.js';
export { declaredVariables } from './declared-variables.js';
export { fileProblem } from './file-problem.js';
export { misspelledVariables, type VariablesFile } from './misspelled-variables.js';
export { Namespace } from './namespace.js';
export { oddityOfSecret } from './tidy-value.js';
export { version } from './version.js';
