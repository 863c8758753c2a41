import { existsSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  EISDIR: 'it is a folder',
  ENOTDIR: 'what should be a folder on the way is a file',
  ENAMETOOLONG: 'it is too long for a path',
  ELOOP: 'its link leads in a circle',
};

/** Why a file cannot be read, with its path. */
export function fileProblem(path: string, error: unknown): string {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  const reason = REASONS[code] === undefined ? code : `${REASONS[code]}, ${code}`;
  if (!isOnTheWay(path)) return `names a file that cannot be read: ${reason}`;
  // What is not there may be the secret itself, resolved to a path: its folder says enough.
  const where = code === 'ENOENT' ? `in ${dirname(resolve(path))}` : resolve(path);
  return `names a file that cannot be read: ${where} (${reason})`;
}

/** Somebody may have put the secret itself where its path belongs: shown is only what begins as a path of this machine. */
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

/** A relative path counts where its first folder is there. */
function startsThere(path: string): boolean {
  const first = path.split(/[/\\]/)[0] ?? '';
  return first === '' || existsSync(first);
}
