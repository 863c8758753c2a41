import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const BARE_PACKAGE = '@nocobase-dingtalk-gateway/bench-bare-sign-in';
export const BARE_TYPE = 'bench-bare';

/**
 * Packs the plugin of `bare-sign-in/` for NocoBase's plugin manager. Its authentication type reads a user by an index and inserts
 * one row, and the rest is NocoBase's own `auth:signIn`: any sign-in that trusts a one-time statement has to do both.
 */
export async function withBarePlugin<T>(root: string, work: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-bare-'));
  try {
    const file = join(folder, 'bench-bare-sign-in.tgz');
    execFileSync('tar', ['-czf', file, '--transform=s,^bare-sign-in,package,', 'bare-sign-in'], {
      cwd: join(root, 'bench/nocobase'),
    });
    return await work(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
