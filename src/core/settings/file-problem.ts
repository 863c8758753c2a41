import { existsSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { ofVariable, type Text, verbatim } from '../texts/index.js';
import { FILE } from './texts.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user is not allowed to read it',
  EPERM: 'this user is not allowed to read it',
  EISDIR: 'it is a folder',
  ENOTDIR: 'part of the path is a file, not a folder',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'its symbolic links form a loop',
};

/** Why a file cannot be read, with its path. */
export function fileProblem(path: string, error: unknown): Text {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  const known = REASONS[code] === undefined ? undefined : ofVariable(REASONS[code]);
  const reason = known === undefined ? verbatim(code) : FILE.withCode(known, code);
  if (!isOnTheWay(path)) return FILE.unreadable(reason);
  // A path that does not exist may be the secret itself, resolved to a path, so only its folder is shown.
  const folder = dirname(resolve(path));
  const place = code === 'ENOENT' ? FILE.inFolder(folder) : verbatim(resolve(path));
  return FILE.unreadable(FILE.where(place, reason));
}

/**
 * A secret may have been entered instead of its path, so a path is shown only if its beginning exists on this machine.
 */
function isOnTheWay(path: string): boolean {
  const [first, ...others] = resolve(path).slice(sep.length).split(sep);
  const begins = first !== undefined && others.length > 0 && existsSync(`${sep}${first}`);
  return (
    begins &&
    /^(?:\.{0,2}[/\\]|[A-Za-z]:|[\w.-]+[/\\])/.test(path) &&
    /^[^\p{Cc}]{1,300}$/u.test(path) &&
    startsThere(path)
  );
}

/** A relative path is shown only if its first folder exists. */
function startsThere(path: string): boolean {
  const first = path.split(/[/\\]/)[0] ?? '';
  return first === '' || existsSync(first);
}
