import {
  type Found,
  type Section,
  type Setting,
  type Settings,
  type Values,
  variableOf,
} from '../core/settings/index.js';
import { readSecretFile } from './secret-file.js';
import { readSection, type SectionKeys, type SettingsSource } from './settings-source.js';
import { FILE } from './texts.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a section of settings from its variables. An empty variable counts as absent, because Compose files write unset
 * ones that way; `NAME_FILE` replaces a secret `NAME` and contains a path.
 *
 * @throws InvalidEnvironmentError with every problem of that section
 */
export function fromEnvironment<S extends Settings>(section: Section<S>, environment: Environment): Values<S> {
  return readSection(section, variablesIn(environment));
}

export function variablesIn(environment: Environment): SettingsSource {
  const isSet = (name: string): boolean => Boolean(environment[name]?.trim());
  const nameOf = (section: SectionKeys, key: string, isFile: boolean): string =>
    `${variableOf(section, key)}${isFile ? '_FILE' : ''}`;
  return {
    nameOf,
    look: (section, key, setting) => lookAt(nameOf(section, key, false), setting, environment),
    given: (section, key) => [false, true].map((isFile) => nameOf(section, key, isFile)).filter(isSet),
  };
}

function lookAt(name: string, setting: Setting, environment: Environment): Found | undefined {
  const value = environment[name];
  const isSet = Boolean(value?.trim());
  const path = setting.fromFile === undefined ? undefined : environment[`${name}_FILE`]?.trim();
  if (!path) return isSet ? { value } : undefined;
  if (!isSet) return readSecretFile(path, setting);
  return { problem: FILE.besideVariable(name), isFile: true };
}
