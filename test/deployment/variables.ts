import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The variables explained in the repository's .env.example: every name, and those that accept `_FILE`. */
export function knownVariables(repository: string): ReadonlySet<string> {
  const names = new Set<string>();
  let comment = '';
  for (const line of readFileSync(join(repository, '.env.example'), 'utf8').split('\n')) {
    const [, name] = /^#? ?([A-Z][A-Z0-9_]+)=/.exec(line) ?? [];
    if (name !== undefined) {
      names.add(name);
      if (comment.includes('[FILE]')) names.add(`${name}_FILE`);
    }
    comment = line.startsWith('#') ? comment + line : '';
  }
  return names;
}

/** `NAME=value` lines, without comments and empty lines. */
export function readEnvFile(path: string): Map<string, string> {
  const lines = readFileSync(path, 'utf8').split('\n');
  const found = lines.map((line) => /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line)).filter((match) => match !== null);
  return new Map(found.map(([, name = '', value = '']) => [name, value]));
}
