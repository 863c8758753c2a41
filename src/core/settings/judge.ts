import type { Text } from '../texts/index.js';
import type { Section, Setting, Settings, Values } from './setting.js';
import { oddity, tidy } from './tidy-value.js';

/** What an edge found for a setting: its value, or why it has none; and whether in a file. */
export type Found =
  | { readonly value: unknown; readonly isFile?: boolean | undefined }
  | { readonly problem: Text; readonly isFile?: boolean | undefined };

/** What is wrong with a setting; the edge prepends its name. */
export interface Problem {
  readonly key: string;
  readonly said: Text;
  /** Whether it concerns the file that contains the value. */
  readonly isFile: boolean;
}

interface Judged<S extends Settings> {
  readonly values: Values<S>;
  readonly problems: readonly Problem[];
}

/**
 * Checks what an edge has found against the rules of a section. Problems are in the order of the settings, one for
 * each. Without problems, the values have their declared types.
 *
 * @param look undefined if the setting is not given
 */
export function judge<S extends Settings>(
  { settings, crossRules }: Section<S>,
  look: (key: string, setting: Setting) => Found | undefined,
): Judged<S> {
  const values: Record<string, unknown> = {};
  const problems = new Map<string, Problem>();
  const object = (key: string, said: Text, isFile = false): unknown => problems.set(key, { key, said, isFile });
  for (const [key, setting] of Object.entries(settings)) {
    if (isLeftOut(setting, settings, look)) continue;
    const found = look(key, setting);
    if (found === undefined) {
      values[key] = setting.default;
      if (setting.required !== undefined) object(key, setting.required);
      continue;
    }
    const read = 'problem' in found ? found : valueOf(setting, found);
    if ('problem' in read) {
      object(key, read.problem, read.isFile);
      continue;
    }
    values[key] = read.value;
    const broken = setting.rules.find(({ holds }) => !holds(read.value as never));
    if (broken !== undefined) object(key, broken.said);
  }
  for (const { of, said, holds } of crossRules) {
    if (!problems.has(of) && !holds(values as never)) object(of, said);
  }
  const inOrder = Object.keys(settings).flatMap((key) => problems.get(key) ?? []);
  return { values: Object.freeze(values) as Values<S>, problems: inOrder };
}

function isLeftOut({ unless }: Setting, settings: Settings, look: Parameters<typeof judge>[1]): boolean {
  if (unless === undefined) return false;
  const [key, value] = unless;
  const found = look(key, settings[key] as Setting);
  return found !== undefined && 'value' in found && found.value === value;
}

function valueOf(setting: Setting, { value: given, isFile }: Extract<Found, { value: unknown }>): Found {
  if (typeof given === 'string') {
    const written = setting.verbatim ? given : tidy(given);
    const odd = setting.verbatim ? undefined : oddity(written);
    if (odd !== undefined) return { problem: odd, isFile };
    const value = setting.parse(written);
    return value === undefined ? { problem: setting.unreadable } : { value: itemsIn(value) };
  }
  if (!Array.isArray(given)) return { value: given };
  const odd = given.map((item) => oddity(tidy(String(item)))).find((problem) => problem !== undefined);
  return odd === undefined ? { value: itemsIn(given) } : { problem: odd };
}

/** Spaces around the items of a list are ignored, and so are blank items. */
function itemsIn(value: unknown): unknown {
  return Array.isArray(value) ? value.map((item) => tidy(String(item))).filter(Boolean) : value;
}
