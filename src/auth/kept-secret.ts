import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Text, TextError } from '../core/texts/index.js';
import { KEPT_SECRET } from './texts.js';

/** Far more than a list of secrets needs. */
const MAX_BYTES = 16 * 1024;

/** Why a stored secret cannot be used. */
export class KeptSecretError extends TextError {}

export function newSecret(): string {
  return randomBytes(48).toString('base64url');
}

/** The path of the secret that the gateway generates. */
export function keptSecretPath(stateFolder: string): string {
  return resolve(join(stateFolder, 'cookie-secret'));
}

/**
 * Accepts a secret only if no one but its owner can read it. Links are not followed, and the file must belong to root
 * or to the user who runs the gateway: in a folder such as /tmp another user may have put one there.
 *
 * @returns undefined if none was created yet
 * @throws KeptSecretError
 */
export function readKeptSecret(path: string): string | undefined {
  let file: number;
  try {
    // Non-blocking, because opening a pipe would block.
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new KeptSecretError(code === 'ELOOP' ? KEPT_SECRET.isLink : KEPT_SECRET.unreadable(code));
  }
  try {
    const problem = problemWith(fstatSync(file));
    if (problem !== undefined) throw new KeptSecretError(problem);
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } finally {
    closeSync(file);
  }
}

/**
 * Generates a secret and stores it atomically: the file gets its name once it is complete, and only if none exists, so
 * that processes that start at the same time agree.
 *
 * @returns whether this process created it; false: another one was first
 * @throws KeptSecretError
 */
export function keepNewSecret(path: string): boolean {
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    makeFolder(dirname(path));
    const file = openSync(draft, 'wx', 0o600);
    try {
      writeFileSync(file, `${newSecret()}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    return isNamed(draft, path);
  } catch (error) {
    throw new KeptSecretError(KEPT_SECRET.notWritten((error as NodeJS.ErrnoException).code ?? 'unknown'));
  } finally {
    if (existsSync(draft)) unlinkSync(draft);
  }
}

/** Why none could be created there, without trying; undefined: no obstacle was found. */
export function obstacleTo(path: string): string | undefined {
  const folder = existsSync(dirname(path)) ? dirname(path) : dirname(dirname(path));
  try {
    if (!statSync(folder).isDirectory()) return 'ENOTDIR';
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

/** Creates only this folder, not its parents: a path that leads nowhere is a mistake. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Creates a hard link, because renaming would replace an existing file. */
function isNamed(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function problemWith(stats: Stats): Text | undefined {
  if (!stats.isFile()) return KEPT_SECRET.noFile;
  if (stats.size > MAX_BYTES) return KEPT_SECRET.tooLong;
  // Windows has no comparable owners or modes.
  const user = process.getuid?.();
  if (user === undefined) return undefined;
  if (stats.uid !== user && stats.uid !== 0) return KEPT_SECRET.ofAnother;
  return (stats.mode & 0o077) === 0 ? undefined : KEPT_SECRET.openToOthers;
}
