import { declaredSections, type Setting, variableOf } from './setting.js';

/** Every variable of every section. If two sections read the same one, its home is the one with the default. */
export function declaredVariables(): ReadonlyMap<string, Setting> {
  const found = new Map<string, Setting>();
  for (const section of declaredSections()) {
    for (const [key, setting] of Object.entries(section.settings)) {
      const variable = variableOf(section, key);
      if (setting.default !== undefined || !found.has(variable)) found.set(variable, setting);
    }
  }
  return found;
}

/** Their names, including each `NAME_FILE`. */
export function variableNames(): ReadonlySet<string> {
  const names = [...declaredVariables()].flatMap(([name, { fromFile }]) =>
    fromFile === undefined ? [name] : [name, `${name}_FILE`],
  );
  return new Set(names);
}
