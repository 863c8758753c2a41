export { type AppOptions, isPlainHttp, readAppOptions } from './app.config.js';
export { type Environment, fromEnvironment, variablesIn } from './from-environment.js';
export { InvalidEnvironmentError, named, readAll } from './invalid-environment.js';
export { fileProblem } from './file-problem.js';
export { misspelledVariables, type VariablesFile } from './misspelled-variables.js';
export { readSecretFile } from './secret-file.js';
export { readSection, type SettingsSource } from './settings-source.js';
export { version } from './version.js';
