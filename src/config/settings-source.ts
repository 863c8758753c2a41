import { type Found, judge, type Section, type Setting, type Settings, type Values } from '../core/settings/index.js';
import { InvalidEnvironmentError, worded } from './invalid-environment.js';

/** What a source is queried for: a setting of a section, by its key. */
export type SectionKeys = Pick<Section, 'name' | 'settings'>;

/** Where settings are configured: variables, a file, or NocoBase's form. */
export interface SettingsSource {
  /** The unparsed value; undefined if there is none. */
  readonly look: (section: SectionKeys, key: string, setting: Setting) => Found | undefined;
  /** The setting's name in this source. @param isFile whether to name the file that contains its value */
  readonly nameOf: (section: SectionKeys, key: string, isFile: boolean) => string;
  /** The names under which it has a value, without reading it. */
  readonly given: (section: SectionKeys, key: string, setting: Setting) => readonly string[];
}

/** @throws InvalidEnvironmentError with every problem of that section, in the terms of the source */
export function readSection<S extends Settings>(section: Section<S>, source: SettingsSource): Values<S> {
  const { values, problems } = judge(section, (key, setting) => source.look(section, key, setting));
  if (problems.length === 0) return values;
  throw new InvalidEnvironmentError(
    problems.map((problem) => worded(problem, (key, isFile) => source.nameOf(section, key, isFile))),
  );
}
