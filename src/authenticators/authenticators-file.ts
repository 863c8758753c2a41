import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import type { Document } from 'yaml';
import type { z } from 'zod';
import { type Environment, InvalidEnvironmentError } from '../config/index.js';
import {
  type AuthenticatorSettings,
  type ConfiguredAuthenticators,
  readAuthenticator,
} from './authenticator-settings.js';
import { type AuthenticatorEntry, type AuthenticatorsFile, authenticatorsFile } from './authenticators-file.schema.js';
import { readLogo } from './logo.js';

/** Loaded when there is a file to read, which most gateways have not. `import()` would make all who read settings wait. */
const yaml = () => createRequire(import.meta.url)('yaml') as typeof import('yaml');

type Sections = Pick<AuthenticatorEntry, 'dingtalk' | 'nocobase'>;
const SECTIONS = ['dingtalk', 'nocobase'] as const;

/**
 * Reads the ways to sign in from a YAML or JSON file. Each entry is written as the variables it stands for and goes
 * through their readers, so that one set of rules holds for both.
 *
 * @throws InvalidEnvironmentError with every problem, one line each; none shows a value
 */
export function readAuthenticatorsFile(path: string, environment: Environment): ConfiguredAuthenticators {
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
        ...error.problems.map((problem) => `AUTHENTICATORS_FILE, ${entry.name}: ${inWordsOfTheFile(problem)}`),
      );
      return [];
    }
  });
  const [first, ...others] = read;
  if (first === undefined || problems.length > 0) throw new InvalidEnvironmentError(problems);
  return [first, ...others];
}

function parse(path: string): AuthenticatorsFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new InvalidEnvironmentError(['AUTHENTICATORS_FILE names a file that cannot be read']);
  }
  // The library's own messages quote the line, which may hold a secret.
  const document = yaml().parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) {
    throw new InvalidEnvironmentError(
      document.errors.map(
        ({ code, pos }) => `AUTHENTICATORS_FILE is not YAML or JSON: ${code} in line ${lineOf(text, pos[0])}`,
      ),
    );
  }
  const checked = authenticatorsFile.safeParse(plain(document));
  if (!checked.success) throw new InvalidEnvironmentError(checked.error.issues.map(shapeProblem));
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

function lineOf(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

/** Where and what, never what stood there. */
function shapeProblem(issue: z.core.$ZodIssue): string {
  const path = issue.path.reduce<string>(
    (before, key) => (typeof key === 'number' ? `${before}[${key}]` : `${before}.${String(key)}`),
    '',
  );
  const what =
    issue.code === 'unrecognized_keys'
      ? `has unknown keys: ${issue.keys.join(', ')}`
      : issue.message.replace(/^./, (first) => first.toLowerCase());
  return `AUTHENTICATORS_FILE: ${path.replace(/^\./, '') || 'the file'}: ${what}`;
}

function readEntry(
  entry: AuthenticatorEntry,
  defaults: Sections,
  folder: string,
  environment: Environment,
): AuthenticatorSettings {
  const variables: Record<string, string | undefined> = {
    PUBLIC_URL: environment['PUBLIC_URL'],
    NOCOBASE_AUTHENTICATOR: entry.name,
  };
  for (const section of SECTIONS) {
    for (const [key, value] of Object.entries({ ...defaults[section], ...entry[section] })) {
      if (value === undefined) continue;
      const [name, written] = asVariable(variableName(section, key), value, folder, environment);
      variables[name] = written;
    }
  }
  const { title, logo } = entry;
  const [en, zh] = [title?.['en-US'] ?? title?.['zh-CN'], title?.['zh-CN'] ?? title?.['en-US']];
  return {
    ...readAuthenticator(variables),
    ...(en === undefined || zh === undefined ? {} : { title: { en, zh } }),
    ...(logo === undefined ? {} : { logo: readLogo(resolve(folder, logo)) }),
  };
}

type Value = string | number | boolean | readonly string[] | { readonly file: string } | { readonly env: string };

function asVariable(
  name: string,
  value: Value,
  folder: string,
  environment: Environment,
): readonly [name: string, written: string] {
  if (typeof value !== 'object') return [name, String(value)];
  if ('file' in value) return [`${name}_FILE`, resolve(folder, value.file)];
  if ('env' in value) {
    const found = environment[value.env];
    if (!found) throw new InvalidEnvironmentError([`${name} names ${variableNamed(value.env)}, which is not set`]);
    return [name, found];
  }
  return [name, value.join(',')];
}

/** What is not written as variables are may be the secret itself. */
function variableNamed(name: string): string {
  return /^[A-Z][A-Z0-9_]*$/.test(name) ? `the variable ${name}` : 'a variable';
}

/** `dingtalk`, `clientId` is `DINGTALK_CLIENT_ID`. */
function variableName(section: string, key: string): string {
  return `${section}_${key.replace(/[A-Z]/g, '_$&')}`.toUpperCase();
}

/** The readers speak of variables; whoever wrote the file knows its keys. */
function inWordsOfTheFile(problem: string): string {
  return problem.replace(/\b(DINGTALK|NOCOBASE)_([A-Z_]+?)(_FILE)?\b/g, (_all, section: string, rest: string) => {
    const key = rest.toLowerCase().replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
    return `${section.toLowerCase()}.${key}`;
  });
}
