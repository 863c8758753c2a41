import { dingtalk, nocobase, type Section, variableOf } from '../settings/index.js';
import { filledIn, type Lang, type Text } from '../texts/index.js';
import type { Result } from './probe.js';
import { PROGRAMS } from './texts/names.js';

/** A setting of an authenticator, by its section and key. */
export type SettingPath = `dingtalk.${keyof typeof dingtalk.settings}` | `nocobase.${keyof typeof nocobase.settings}`;

/** The program that people sign in through and that calls DingTalk. */
export type Program = keyof typeof PROGRAMS;

/** The name of a setting where it is configured; undefined if that is a variable. */
type NameOf = (section: string, key: string, lang: Lang) => string | undefined;

const SECTIONS: readonly Pick<Section, 'name' | 'settings'>[] = [dingtalk, nocobase];

/**
 * Findings refer to a setting by a placeholder, `{dingtalk.corpId}`, to the file that contains its value by
 * `{nocobase.jwtSecret_FILE}`, and to the program that people sign in through by `{program}`.
 */
export const placeholder = (setting: SettingPath): string => `{${setting}}`;

/** The finding with the names that its readers know from their configuration. */
export function withNames(result: Result, nameOf: NameOf, program: Program = 'gateway'): Result {
  const { title, detail, fix } = result;
  return {
    ...result,
    title: named(title, nameOf, program),
    detail: named(detail, nameOf, program),
    ...(fix === undefined ? {} : { fix: named(fix, nameOf, program) }),
  };
}

/** The finding for readers who set variables. */
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
