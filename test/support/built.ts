import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

/**
 * What `npm run build` made, so that a test run after it need not make it again.
 *
 * @param sources files and folders that it is made from
 * @returns its path; undefined if it is missing, or if a source has changed since
 */
export function built(file: string, sources: readonly string[]): string | undefined {
  const path = resolve(ROOT, file);
  const made = changedAt(path);
  return sources.every((source) => newest(resolve(ROOT, source)) < made) ? path : undefined;
}

/** Of a folder: also when one of its files was deleted. */
function newest(path: string): number {
  if (!statSync(path).isDirectory()) return changedAt(path);
  const inside = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return Math.max(changedAt(path), ...inside.map((name) => changedAt(join(path, name))));
}

/** 0 if it does not exist. */
function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
