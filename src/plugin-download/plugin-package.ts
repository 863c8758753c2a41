import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** `npm run build` packs it; the same from `src/plugin-download/`, `dist/plugin-download/` and `dist/program/`. */
const FILE = fileURLToPath(new URL('../../dist/plugin.tgz', import.meta.url));

export interface PackedPlugin {
  readonly bytes: Buffer;
  /** In hexadecimal digits, as printed by `sha256sum`. */
  readonly sha256: string;
}

/**
 * NocoBase's companion plugin of the same version, packed with this program. Read on first use, and cached: half a
 * megabyte, once, however many fetch it at the same time, and the checksum shown is always that of the bytes sent.
 */
export class PluginPackage {
  private packed: Promise<PackedPlugin | undefined> | undefined;

  constructor(readonly file = FILE) {}

  /** Without reading it. */
  exists(): boolean {
    return existsSync(this.file);
  }

  /** @returns undefined if the build did not create it */
  async read(): Promise<PackedPlugin | undefined> {
    this.packed ??= this.load();
    const packed = await this.packed;
    // It may still appear: `npm run build` while a gateway runs.
    if (packed === undefined) this.packed = undefined;
    return packed;
  }

  private async load(): Promise<PackedPlugin | undefined> {
    try {
      const bytes = await readFile(this.file);
      return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
    } catch {
      return undefined;
    }
  }
}
