import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StoreUnavailableError } from '../../core/sign-in/index.js';
import { DETAIL } from '../../core/texts/index.js';

/** Far more than is ever written. */
const MAX_BYTES = 128 * 1024 * 1024;
/** A write takes milliseconds, so a process that holds the lock longer has died. */
const LOCK_IS_STALE_MS = 10_000;
const LOCK_POLL_MS = 10;
const LOCK_PATIENCE_MS = 15_000;

/** The version of a file: while it is unchanged, no other process has written. */
export type Stamp = string;

/**
 * A file that several processes change in turn, such as a command and the gateway: read and written under a lock, and
 * replaced atomically, so that a process that dies in between leaves the former content. Only its owner can read it.
 */
export class StateFile {
  constructor(private readonly path: string) {}

  /** @returns undefined if the file does not exist yet; @throws StoreUnavailableError */
  async stamp(): Promise<Stamp | undefined> {
    return inWords(async () => stampOf(this.path));
  }

  /** @throws StoreUnavailableError */
  async read(): Promise<{ readonly text: string; readonly stamp: Stamp } | undefined> {
    return inWords(async () => {
      const file = await open(this.path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(unlessMissing);
      if (file === undefined) return undefined;
      try {
        const seen = await file.stat({ bigint: true });
        if (!seen.isFile() || seen.size > BigInt(MAX_BYTES)) throw new StoreUnavailableError(DETAIL.store.full.en);
        return { text: await file.readFile('utf8'), stamp: `${seen.ino}:${seen.size}:${seen.mtimeNs}` };
      } finally {
        await file.close();
      }
    });
  }

  /** Replaces the content; creates the folder, but not its parents. @throws StoreUnavailableError */
  async write(text: string): Promise<Stamp | undefined> {
    return inWords(async () => {
      const draft = `${this.path}.${randomBytes(8).toString('hex')}`;
      try {
        const file = await open(draft, 'wx', 0o600);
        try {
          await giveToOwnerOf(dirname(this.path), file);
          await file.writeFile(text);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(draft, this.path);
      } catch (error) {
        await unlink(draft).catch(() => undefined);
        throw error;
      }
      return stampOf(this.path);
    });
  }

  /** Runs `work` with the lock, exclusively among all processes that use this file. @throws StoreUnavailableError */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const lock = `${this.path}.lock`;
    await inWords(async () => this.take(lock));
    try {
      return await work();
    } finally {
      await unlink(lock).catch(() => undefined);
    }
  }

  private async take(lock: string): Promise<void> {
    await mkdir(dirname(this.path), { mode: 0o700 }).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
    const until = performance.now() + LOCK_PATIENCE_MS;
    for (;;) {
      try {
        await (await open(lock, 'wx', 0o600)).close();
        return;
      } catch (error) {
        if (codeOf(error) !== 'EEXIST' || performance.now() > until) throw error;
      }
      const since = await stat(lock).catch(unlessMissing);
      if (since !== undefined && Date.now() - since.mtimeMs > LOCK_IS_STALE_MS) await unlink(lock).catch(unlessMissing);
      else await delay(LOCK_POLL_MS);
    }
  }
}

/** A command that root runs must not leave a file that the gateway, which runs as another user, cannot read. */
async function giveToOwnerOf(folder: string, file: FileHandle): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(folder);
  await file.chown(uid, gid);
}

async function stampOf(path: string): Promise<Stamp | undefined> {
  const seen = await stat(path, { bigint: true }).catch(unlessMissing);
  return seen && `${seen.ino}:${seen.size}:${seen.mtimeNs}`;
}

function unlessMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
  return undefined;
}

function codeOf(error: unknown): string {
  const code: unknown = Reflect.get(Object(error) as object, 'code');
  return typeof code === 'string' ? code : 'unknown';
}

async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof StoreUnavailableError
      ? error
      : new StoreUnavailableError(DETAIL.store.file(codeOf(error)).en);
  }
}
