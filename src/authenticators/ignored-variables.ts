import { readFileSync } from 'node:fs';
import type { Environment } from '../config/index.js';
import type { ConfiguredSource } from './authenticators-source.js';

const SECTIONS = /^(?:DINGTALK|NOCOBASE)_/;
const OF_COMMANDS = /^NOCOBASE_ROOT_/;

/** Variables that are set but ignored because `AUTHENTICATORS_FILE` replaces them. */
export function besideTheFile(
  environment: Environment,
  { file }: ConfiguredSource,
  known: ReadonlySet<string>,
): readonly string[] {
  if (file === undefined) return [];
  // `{ env: DINGTALK_CLIENT_SECRET }` does use one.
  const text = readFileSync(file, 'utf8');
  const isIgnored = (name: string): boolean =>
    known.has(name) && SECTIONS.test(name) && !OF_COMMANDS.test(name) && !text.includes(name);
  return Object.keys(environment)
    .filter((name) => isIgnored(name) && environment[name]?.trim())
    .toSorted();
}
