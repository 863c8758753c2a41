import { type Found, judge, type Section, type Setting, type Settings, type Values } from '../core/settings/index.js';
import { InvalidEnvironmentError, worded } from './invalid-environment.js';

/** What a source is asked about: a setting of a section, by its key. */
export type SectionKeys = Pick<Section, 'name' | 'settings'>;

/** Where settings stand: variables, a file, or NocoBase's form. */
export interface SettingsSource {
  /** What stands there, as it is written; undefined where nothing does. */
  readonly look: (section: SectionKeys, key: string, setting: Setting) => Found | undefined;
  /** What a setting is called there. @param isFile whether the file is meant that holds its value */
  readonly nameOf: (section: SectionKeys, key: string, isFile: boolean) => string;
  /** The names under which something stands there, without looking at it. */
  readonly given: (section: SectionKeys, key: string, setting: Setting) => readonly string[];
}

/** @throws InvalidEnvironmentError with every problem of that section, in the words of the source */
export function readSection<S extends Settings>(section: Section<S>, source: SettingsSource): Values<S> {
  const { values, problems } = judge(section, (key, setting) => source.look(section, key, setting));
  if (problems.length === 0) return values;
  throw new InvalidEnvironmentError(
    problems.map((problem) => worded(problem, (key, isFile) => source.nameOf(section, key, isFile))),
  );
}
