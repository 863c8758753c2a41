import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import type { Document } from 'yaml';
import { type Environment, fileProblem, InvalidEnvironmentError } from '../config/index.js';
import { type AuthenticatorSettings, readAuthenticator } from './authenticator-settings.js';
import { type AuthenticatorEntry, type AuthenticatorsFile, authenticatorsFile } from './authenticators-file.schema.js';
import { asVariables, inWordsOfTheEntry, type Sections } from './entry-variables.js';
import { readLogo } from './logo.js';
import { shapeProblem } from './shape-problem.js';

/** Loaded when there is a file to read, which most gateways have not. `import()` would make all who read settings wait. */
const yaml = () => createRequire(import.meta.url)('yaml') as typeof import('yaml');

/**
 * Reads the ways to sign in from a YAML or JSON file. Each entry is written as the variables it stands for and goes
 * through their readers, so that one set of rules holds for both.
 *
 * @throws InvalidEnvironmentError with every problem, one line each; none shows a value
 */
export function readAuthenticatorsFile(path: string, environment: Environment): readonly AuthenticatorSettings[] {
  const { defaults = {}, authenticators } = parse(path);
  const names = authenticators.map(({ name }) => name);
  const problems = names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => `AUTHENTICATORS_FILE names the authenticator ${name} twice`);
  const read = authenticators.flatMap((entry) => {
    try {
      return [readEntry(entry, defaults, dirname(path), environment)];
    } catch (error) {
      if (!(error instanceof InvalidEnvironmentError)) throw error;
      problems.push(
        ...error.problems.map((problem) => `AUTHENTICATORS_FILE, ${entry.name}: ${inWordsOfTheEntry(problem)}`),
      );
      return [];
    }
  });
  if (problems.length > 0) throw new InvalidEnvironmentError(problems);
  return read;
}

/** Where the file does not hold its secrets itself. @throws InvalidEnvironmentError */
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
    if (typeof value !== 'object') continue;
    if ('env' in value) variables.push(value.env);
    if ('file' in value) files.push(resolve(dirname(path), value.file));
  }
  return { variables, files };
}

function parse(path: string): AuthenticatorsFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new InvalidEnvironmentError([`AUTHENTICATORS_FILE ${fileProblem(path, error)}`]);
  }
  // The library's own messages quote the line, which may hold a secret.
  const document = yaml().parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) {
    throw new InvalidEnvironmentError([`AUTHENTICATORS_FILE is not YAML or JSON: ${firstProblem(text, document)}`]);
  }
  const checked = authenticatorsFile.safeParse(plain(document));
  if (!checked.success) {
    throw new InvalidEnvironmentError(
      checked.error.issues.map((issue) => `AUTHENTICATORS_FILE: ${shapeProblem(issue)}`),
    );
  }
  return checked.data;
}

/** @throws InvalidEnvironmentError where aliases of aliases would fill the memory */
function plain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw new InvalidEnvironmentError(['AUTHENTICATORS_FILE has too many aliases']);
  }
}

/** One is enough: the others mostly follow from it. */
function firstProblem(text: string, { errors: [error] }: Document): string {
  const tab = text.split('\n').findIndex((line) => /^ *\t/.test(line));
  if (tab >= 0) return `line ${tab + 1} begins with a tab, where YAML takes blanks only`;
  const { code = 'unknown', pos: [at] = [0] } = error ?? {};
  return `${code} in line ${lineOf(text, at)}`;
}

function lineOf(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

function readEntry(
  entry: AuthenticatorEntry,
  defaults: Sections,
  folder: string,
  environment: Environment,
): AuthenticatorSettings {
  const sections = {
    dingtalk: { ...defaults.dingtalk, ...entry.dingtalk },
    nocobase: { ...defaults.nocobase, ...entry.nocobase },
  };
  const variables = {
    PUBLIC_URL: environment['PUBLIC_URL'],
    NOCOBASE_AUTHENTICATOR: entry.name,
    ...asVariables(sections, { folder, environment }),
  };
  const { title, logo } = entry;
  const [en, zh] = [title?.['en-US'] ?? title?.['zh-CN'], title?.['zh-CN'] ?? title?.['en-US']];
  const { ignored, ...read } = readAuthenticator(variables);
  return {
    ...read,
    ...(ignored === undefined ? {} : { ignored: ignored.map(inWordsOfTheEntry) }),
    ...(en === undefined || zh === undefined ? {} : { title: { en, zh } }),
    ...(logo === undefined ? {} : { logo: readLogo(resolve(folder, logo)) }),
  };
}
