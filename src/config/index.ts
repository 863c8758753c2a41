export { type AppOptions, isPlainHttp, readAppOptions } from './app.config.js';
export { appConfig } from './app.namespace.js';
export { configurableModule } from './configurable-module.js';
export { type Environment, fromEnvironment, variablesIn } from './from-environment.js';
export { InvalidEnvironmentError, named, readAll } from './invalid-environment.js';
export { misspelledVariables, type VariablesFile } from './misspelled-variables.js';
export { Namespace } from './namespace.js';
export { readSection, type SettingsSource } from './settings-source.js';
export { version } from './version.js';
