import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the repository's .env.example explains: every name, and those that `_FILE` may be appended to. */
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

/** `NAME=value` lines; comments and empty lines dropped. */
export function readEnvFile(path: string): Map<string, string> {
  const lines = readFileSync(path, 'utf8').split('\n');
  const found = lines.map((line) => /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line)).filter((match) => match !== null);
  return new Map(found.map(([, name = '', value = '']) => [name, value]));
}
