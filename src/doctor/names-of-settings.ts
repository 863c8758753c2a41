import { dingtalk, nocobase, variableOf } from '../core/settings/index.js';
import type { Lang, Text } from '../core/texts/index.js';
import type { Result } from './probe.js';

/** What a setting is called where it stands; undefined where that is a variable. */
type NameOf = (setting: { readonly section: string; readonly key: string }, lang: Lang) => string | undefined;

const SETTINGS = new Map(
  [dingtalk, nocobase].flatMap((section) =>
    Object.keys(section.settings).map((key) => [variableOf(section, key), { section: section.name, key }] as const),
  ),
);

/** The probes speak of variables; this is the same finding for those who wrote the settings somewhere else. */
export function withNames(result: Result, nameOf: NameOf): Result {
  const { title, detail, fix } = result;
  return {
    ...result,
    title: renamed(title, nameOf),
    detail: renamed(detail, nameOf),
    ...(fix === undefined ? {} : { fix: renamed(fix, nameOf) }),
  };
}

function renamed(said: Text, nameOf: NameOf): Text {
  const inLanguage = (lang: Lang): string =>
    // What stands behind `=` is a value.
    said[lang].replaceAll(/(?<![=\w])[A-Z]+_[A-Z_]+\b/g, (variable) => {
      const setting = SETTINGS.get(variable) ?? SETTINGS.get(variable.replace(/_FILE$/, ''));
      return (setting && nameOf(setting, lang)) ?? variable;
    });
  return { en: inLanguage('en'), zh: inLanguage('zh') };
}
