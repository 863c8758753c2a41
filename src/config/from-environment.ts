import { type Section, type Settings, type Values, variableIn, variableOf } from '../core/settings/index.js';
import { readSection, type SectionKeys, type SettingsSource } from './settings-source.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a section of settings from its variables, as `variableIn` does.
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
    look: (section, key, setting) => variableIn(environment, nameOf(section, key, false), setting),
    given: (section, key) => [false, true].map((isFile) => nameOf(section, key, isFile)).filter(isSet),
  };
}
