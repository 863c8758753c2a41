import { resolve } from 'node:path';
import { type Environment, type SettingsSource } from '../config/index.js';
import { type Found, readSecretFile, type Setting } from '../core/settings/index.js';
import { type AuthenticatorEntry, keyOf } from './authenticators-file.schema.js';
import { FILE } from './texts.js';

export type Sections = Pick<AuthenticatorEntry, 'dingtalk' | 'nocobase'>;

interface Written extends Sections {
  readonly name: string;
}

/** References of an entry: files by path, and variables by name. */
interface References {
  readonly folder: string;
  readonly environment: Environment;
}

/** An entry of `AUTHENTICATORS_FILE`, with unparsed values. */
export function settingsOf(entry: Written, references: References): SettingsSource {
  const written = (section: string, key: string): unknown => {
    if (key === 'gatewayUrl') return references.environment['PUBLIC_URL'];
    if (key === 'authenticator') return entry.name;
    return section === 'dingtalk' ? entry.dingtalk?.[key] : entry.nocobase?.[key];
  };
  return {
    nameOf: ({ name }, key) => keyOf(name, key),
    look: ({ name }, key, setting) => found(written(name, key), setting, references),
    given: ({ name }, key) => (written(name, key) === undefined ? [] : [keyOf(name, key)]),
  };
}

function found(value: unknown, setting: Setting, { folder, environment }: References): Found | undefined {
  const { file, env } = referenceIn(value);
  if (file !== undefined) return readSecretFile(resolve(folder, file), setting);
  if (env === undefined) return typeof value === 'string' && value.trim() === '' ? undefined : given(value);
  const named = environment[env];
  if (named) return named.trim() === '' ? undefined : { value: named };
  // A text that is no variable name may be the secret itself.
  return { problem: /^[A-Z][A-Z0-9_]*$/.test(env) ? FILE.unsetVariable(env) : FILE.unsetUnnamed };
}

function given(value: unknown): Found | undefined {
  return value === undefined ? undefined : { value };
}

/** A reference to a secret: `{ file: path }` or `{ env: NAME }`. */
export function referenceIn(value: unknown): { readonly file?: string; readonly env?: string } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
