import { dingtalk, nocobase, type Section, variableOf } from '../settings/index.js';
import { filledIn, type Lang, type Text } from '../texts/index.js';
import type { Result } from './probe.js';
import { PROGRAMS } from './texts/names.js';

/** A setting of an authenticator, by its section and key. */
export type SettingPath = `dingtalk.${keyof typeof dingtalk.settings}` | `nocobase.${keyof typeof nocobase.settings}`;

/** Who signs people in, and asks DingTalk. */
export type Program = keyof typeof PROGRAMS;

/** What a setting is called where it is written; undefined where that is a variable. */
type NameOf = (section: string, key: string, lang: Lang) => string | undefined;

const SECTIONS: readonly Pick<Section, 'name' | 'settings'>[] = [dingtalk, nocobase];

/**
 * A finding speaks of a setting by a placeholder, `{dingtalk.corpId}`, of the file that holds its value by
 * `{nocobase.jwtSecret_FILE}`, and of the program that signs people in by `{program}`.
 */
export const placeholder = (setting: SettingPath): string => `{${setting}}`;

/** The finding for those who wrote the settings, with the names that they have there. */
export function withNames(result: Result, nameOf: NameOf, program: Program = 'gateway'): Result {
  const { title, detail, fix } = result;
  return {
    ...result,
    title: named(title, nameOf, program),
    detail: named(detail, nameOf, program),
    ...(fix === undefined ? {} : { fix: named(fix, nameOf, program) }),
  };
}

/** The finding for those who set variables. */
export function inWordsOfVariables(result: Result): Result {
  return withNames(result, () => undefined);
}

function named(said: Text, nameOf: NameOf, program: Program): Text {
  return filledIn(said, (path, lang) => {
    if (path === 'program') return PROGRAMS[program][lang];
    const [name, key = ''] = path.replace('_FILE', '').split('.');
    const section = SECTIONS.find((one) => one.name === name);
    if (section?.settings[key] === undefined) return undefined;
    const variable = `${variableOf(section, key)}${path.endsWith('_FILE') ? '_FILE' : ''}`;
    return nameOf(section.name, key, lang) ?? variable;
  });
}
