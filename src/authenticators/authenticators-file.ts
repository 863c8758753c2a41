import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import type { Document } from 'yaml';
import { type Environment, InvalidEnvironmentError, named } from '../config/index.js';
import { fileProblem } from '../core/settings/index.js';
import { type Text, text } from '../core/texts/index.js';
import { type AuthenticatorSettings, readAuthenticatorFrom } from './authenticator-settings.js';
import { type AuthenticatorEntry, type AuthenticatorsFile, authenticatorsFile } from './authenticators-file.schema.js';
import { referenceIn, type Sections, settingsOf } from './entry-source.js';
import { readLogo } from './logo.js';
import { shapeProblem } from './shape-problem.js';
import { FILE } from './texts.js';

/**
 * Loaded only if there is a file, which most gateways do not have. `import()` would make reading settings asynchronous.
 */
const yaml = () => createRequire(import.meta.url)('yaml') as typeof import('yaml');

/**
 * Reads the ways to sign in from a YAML or JSON file. Each entry follows the rules of the variables.
 *
 * @throws InvalidEnvironmentError with every problem, one line each; none contains a value
 */
export function readAuthenticatorsFile(path: string, environment: Environment): readonly AuthenticatorSettings[] {
  const { defaults = {}, authenticators } = parse(path);
  const names = authenticators.map(({ name }) => name);
  const problems = names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => ofTheFile(FILE.twice(name)));
  const read = authenticators.flatMap((entry) => {
    try {
      return [readEntry(entry, defaults, dirname(path), environment)];
    } catch (error) {
      if (!(error instanceof InvalidEnvironmentError)) throw error;
      problems.push(
        ...error.texts.map(({ en, zh }) =>
          text(`AUTHENTICATORS_FILE, ${entry.name}: ${en}`, `AUTHENTICATORS_FILE，${entry.name}：${zh}`),
        ),
      );
      return [];
    }
  });
  if (problems.length > 0) throw new InvalidEnvironmentError(problems);
  return read;
}

/** The secrets that the file refers to instead of containing them. @throws InvalidEnvironmentError */
export function referencesIn(path: string): {
  readonly variables: readonly string[];
  readonly files: readonly string[];
} {
  const { defaults = {}, authenticators } = parse(path);
  const values = [defaults, ...authenticators].flatMap(({ dingtalk = {}, nocobase = {} }) => [
    ...Object.values(dingtalk),
    ...Object.values(nocobase),
  ]);
  const [variables, files]: [string[], string[]] = [[], []];
  for (const value of values) {
    const { env, file } = referenceIn(value);
    if (env !== undefined) variables.push(env);
    if (file !== undefined) files.push(resolve(dirname(path), file));
  }
  return { variables, files };
}

function parse(path: string): AuthenticatorsFile {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    throw new InvalidEnvironmentError([ofTheFile(fileProblem(path, error))]);
  }
  // The library's own messages quote the line, which may contain a secret.
  const document = yaml().parseDocument(content, { prettyErrors: false });
  if (document.errors.length > 0) {
    throw new InvalidEnvironmentError([ofTheFile(FILE.notYaml(firstProblem(content, document)))]);
  }
  const checked = authenticatorsFile.safeParse(plain(document));
  if (!checked.success) {
    throw new InvalidEnvironmentError(
      checked.error.issues
        .map(shapeProblem)
        .map(({ en, zh }) => text(`AUTHENTICATORS_FILE: ${en}`, `AUTHENTICATORS_FILE：${zh}`)),
    );
  }
  return checked.data;
}

/** @throws InvalidEnvironmentError if aliases of aliases would fill the memory */
function plain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw new InvalidEnvironmentError([ofTheFile(FILE.tooManyAliases)]);
  }
}

/** One is enough: the others mostly follow from it. */
function firstProblem(content: string, { errors: [error] }: Document): Text {
  const tab = content.split('\n').findIndex((line) => /^ *\t/.test(line));
  if (tab >= 0) return FILE.tab(tab + 1);
  const { code = 'unknown', pos: [at] = [0] } = error ?? {};
  return FILE.inLine(code, lineOf(content, at));
}

function lineOf(content: string, position: number): number {
  return content.slice(0, position).split('\n').length;
}

/** A message about the whole file. */
function ofTheFile(said: Text): Text {
  return named('AUTHENTICATORS_FILE', said);
}

function readEntry(
  entry: AuthenticatorEntry,
  defaults: Sections,
  folder: string,
  environment: Environment,
): AuthenticatorSettings {
  const merged = {
    name: entry.name,
    dingtalk: { ...defaults.dingtalk, ...entry.dingtalk },
    nocobase: { ...defaults.nocobase, ...entry.nocobase },
  };
  const { title, logo } = entry;
  const [en, zh] = [title?.['en-US'] ?? title?.['zh-CN'], title?.['zh-CN'] ?? title?.['en-US']];
  return {
    ...readAuthenticatorFrom(settingsOf(merged, { folder, environment })),
    ...(en === undefined || zh === undefined ? {} : { title: { en, zh } }),
    ...(logo === undefined ? {} : { logo: readLogo(resolve(folder, logo)) }),
  };
}
