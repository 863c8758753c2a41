import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** Paths with slashes, from the root of the repository. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

export interface Sources {
  readonly files: readonly string[];
  /** Between our own files. */
  readonly imports: readonly Import[];
  /** Of packages and of Node.js. */
  readonly packages: readonly Import[];
}

/** Every `import`, `export … from` and `import()` of the TypeScript and JavaScript in these folders, without specs. */
export function readImports(root: string, folders: readonly string[]): Sources {
  const files = folders.flatMap((folder) => sourcesIn(root, folder));
  const all = files.flatMap((from) =>
    // TypeScript's own scanner: it recognizes comments and strings, and knows that `import()` is an import.
    ts
      .preProcessFile(readFileSync(join(root, from), 'utf8'), true, true)
      .importedFiles.map(({ fileName }) => ({ from, to: fileName })),
  );
  return {
    files,
    imports: all
      .filter(({ to }) => to.startsWith('.'))
      .map(({ from, to }) => ({ from, to: target(posix.join(posix.dirname(from), to), new Set(files)) })),
    packages: all.filter(({ to }) => !to.startsWith('.')),
  };
}

function sourcesIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => posix.join(folder, path.replaceAll('\\', '/')))
    .filter((path) => /(?<!\.d)\.(?:ts|tsx|mjs)$/.test(path) && !path.includes('node_modules/'))
    .filter((path) => !/\.(?:e2e-)?spec\.ts$/.test(path))
    .toSorted();
}

/** An import of `.js` refers to a TypeScript file. */
function target(path: string, files: ReadonlySet<string>): string {
  const stem = path.replace(/\.js$/, '');
  return [path, `${stem}.ts`, `${stem}.tsx`].find((candidate) => files.has(candidate)) ?? path;
}

/** Strongly connected components: without cycles, no import is within one. */
export function circles(arrows: readonly Import[]): string[][] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of arrows) if (from !== to) next.set(from, (next.get(from) ?? new Set()).add(to));
  const reached = new Map([...next.keys()].map((start) => [start, reachedFrom(start, next)]));
  const found = new Map<string, string[]>();
  for (const [start, there] of reached) {
    const circle = [...there].filter((other) => reached.get(other)?.has(start)).toSorted();
    if (there.has(start)) found.set(circle.join(' '), circle);
  }
  return [...found.values()];
}

function reachedFrom(start: string, next: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const there = new Set<string>();
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const to of next.get(at) ?? []) {
      if (!there.has(to)) open.push(to);
      there.add(to);
    }
  }
  return there;
}
