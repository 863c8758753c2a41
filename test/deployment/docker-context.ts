import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Any usable .dockerignore excludes these, and they are large. */
const NEVER_LOOKED_INTO = new Set(['.git', 'node_modules']);

/** Whether a path of the repository reaches Docker: the last matching rule of .dockerignore decides. */
export function dockerContext(repository: string): (path: string) => boolean {
  const rules = readFileSync(join(repository, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ keep: line.startsWith('!'), pattern: asExpression(line.replace(/^!/, '')) }));
  return (path) => rules.reduce((kept, { keep, pattern }) => (pattern.test(path) ? keep : kept), true);
}

/** The files of the repository that reach Docker, relative. */
export function filesInContext(repository: string, folder = ''): string[] {
  const inContext = dockerContext(repository);
  return readdirSync(join(repository, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (NEVER_LOOKED_INTO.has(entry.name)) return [];
    if (entry.isDirectory()) return filesInContext(repository, path);
    return inContext(path) ? [path] : [];
  });
}

/** A pattern matches a path and everything below it. */
function asExpression(pattern: string): RegExp {
  const source = pattern
    .split(/(\*\*\/|\*)/)
    .map((part) => (part === '**/' ? '(?:.*/)?' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  return new RegExp(`^${source}(?:/.*)?$`);
}
