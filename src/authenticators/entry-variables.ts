import { resolve } from 'node:path';
import { type Environment, InvalidEnvironmentError } from '../config/index.js';
import { type Text, text } from '../core/texts/index.js';
import type { AuthenticatorEntry } from './authenticators-file.schema.js';

export type Sections = Pick<AuthenticatorEntry, 'dingtalk' | 'nocobase'>;
const SECTIONS = ['dingtalk', 'nocobase'] as const;

/** What an entry refers to: files by their path, and variables by their name. */
interface References {
  readonly folder: string;
  readonly environment: Environment;
}

/**
 * An entry as the variables it stands for, so that one set of rules holds wherever authenticators are written down.
 *
 * @throws InvalidEnvironmentError where it refers to what is not there
 */
export function asVariables(sections: Sections, references: References): Record<string, string | undefined> {
  return Object.fromEntries(
    SECTIONS.flatMap((section) =>
      Object.entries(sections[section] ?? {}).flatMap(([key, value]) =>
        value === undefined ? [] : [asVariable(variableName(section, key), value, references)],
      ),
    ),
  );
}

/** The readers speak of variables; whoever wrote the entry knows its keys. What stands behind `=` is a value. */
export function inWordsOfTheEntry(problem: string): string {
  return problem.replace(/(?<!=)\b(DINGTALK|NOCOBASE)_([A-Z_]+?)(_FILE)?\b/g, (_all, section: string, rest: string) => {
    const key = rest.toLowerCase().replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
    return `${section.toLowerCase()}.${key}`;
  });
}

type Value = string | number | boolean | readonly string[] | { readonly file: string } | { readonly env: string };

function asVariable(
  name: string,
  value: Value,
  { folder, environment }: References,
): readonly [name: string, written: string] {
  if (typeof value !== 'object') return [name, String(value)];
  if ('file' in value) return [`${name}_FILE`, resolve(folder, value.file)];
  if ('env' in value) {
    const found = environment[value.env];
    if (!found) {
      const variable = variableNamed(value.env);
      const said = text(`${name} names ${variable.en}, which is not set`, `${name} 所指的${variable.zh}未设置`);
      throw new InvalidEnvironmentError([said]);
    }
    return [name, found];
  }
  return [name, value.join(',')];
}

/** What is not written as variables are may be the secret itself. */
function variableNamed(name: string): Text {
  return /^[A-Z][A-Z0-9_]*$/.test(name) ? text(`the variable ${name}`, `变量 ${name} `) : text('a variable', '变量');
}

/** `dingtalk`, `clientId` is `DINGTALK_CLIENT_ID`. */
function variableName(section: string, key: string): string {
  return `${section}_${key.replace(/[A-Z]/g, '_$&')}`.toUpperCase();
}
