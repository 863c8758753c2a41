import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { NocoBaseClientOptions } from '../nocobase-client/index.js';
import type { RedisClient } from '../shared-store/index.js';
import { FileLeaverMemory } from './stock/file.leaver-memory.js';
import { InProcessLeaverMemory } from './stock/in-process.leaver-memory.js';
import type { LeaverMemory } from './stock/leaver-memory.js';
import { RedisLeaverMemory } from './stock/redis.leaver-memory.js';

/** A NocoBase, and one of its authenticators. */
type Scope = Pick<NocoBaseClientOptions, 'url' | 'app' | 'authenticator'>;

/** The stored data about each authenticator of a stock NocoBase: one instance for all users. */
export class LeaverMemories {
  private readonly known = new Map<string, LeaverMemory>();

  constructor(
    private readonly redis: RedisClient | undefined,
    private readonly stateFolder: string,
    private readonly onFull?: (authenticator: string) => void,
  ) {}

  of(scope: Scope): LeaverMemory {
    const name = nameOf(scope);
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const made = this.make(name, () => this.onFull?.(scope.authenticator));
    this.known.set(name, made);
    return made;
  }

  private make(name: string, onFull: () => void): LeaverMemory {
    if (this.redis !== undefined) return new RedisLeaverMemory(this.redis, name);
    return canKeepFiles(this.stateFolder)
      ? new FileLeaverMemory(join(this.stateFolder, `leavers-${name}.json`), onFull)
      : new InProcessLeaverMemory(undefined, onFull);
  }
}

/** Whether the folder is writable, or can be created. */
export function canKeepFiles(folder: string): boolean {
  try {
    accessSync(existsSync(folder) ? folder : dirname(folder), constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A name without any part of an address, for keys and files. */
function nameOf({ url, app, authenticator }: Scope): string {
  return createHash('sha256')
    .update(JSON.stringify([url, app, authenticator]))
    .digest('hex')
    .slice(0, 24);
}
