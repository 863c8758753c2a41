import { chownSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateFile } from './state-file.js';

const GATEWAYS_USER = 65532;

it('A file that a command of root writes belongs to the user of its folder, and only they can read it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'state-file-'));
  try {
    // Only root can give a file away; for others, all of it is their own.
    if (process.getuid?.() === 0) chownSync(folder, GATEWAYS_USER, GATEWAYS_USER);
    const owner = statSync(folder);
    const path = join(folder, 'leavers.json');
    await new StateFile(path).write('{}');
    const { uid, gid, mode } = statSync(path);
    expect([uid, gid, mode & 0o777]).toEqual([owner.uid, owner.gid, 0o600]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
