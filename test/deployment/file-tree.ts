import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';

/** Everything below a folder, relative. Links are not followed. */
export function fileTree(root: string): Map<string, Stats> {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return new Map(paths.map((path) => [path, lstatSync(join(root, path))]));
}
